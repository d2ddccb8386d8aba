"""Later rounds, deadlines, and shadow strategies after release: beside the worker, durable, and bounded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from sqlalchemy import select

from seawall.core.clock import FixedClock
from seawall.core.decision import Decision, Reading
from seawall.core.event import Event
from seawall.core.types import Kind
from seawall.decide.conclude import ROUNDS as MOST
from seawall.policy.model import Mode, OnFailure, Project, ShadowPlan, Then
from seawall.serve.asides import Asides
from seawall.serve.replay import RecordedInputs
from seawall.serve.rounds import Rounds
from seawall.serve.worker import Worker
from seawall.signals.ports import SignalKind
from seawall.store import Limits, Store
from seawall.store.asides import shadows
from seawall.store.rounds import PAUSE_US, due_rounds
from seawall.store.tables import ROUNDS
from seawall.testing import projects
from seawall.testing.signals import TEST_KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from seawall.signals.ports import Input

REMOVE = Then(action="remove", target="subject")
DAY_US = 86_400_000_000
SIGNALS = [projects.signal("usual", cost_us=2_000.0), projects.signal("slow", cost_us=800_000.0)]
BOTH = "usual > 0.5 AND slow > 0.5"


class Service:
    """A detector that works when it is told to."""

    up = True

    def __init__(self, *_: Any) -> None: ...

    def read(self, inputs: Sequence[Input]) -> list[Reading]:
        if not Service.up:
            raise RuntimeError("down")
        return [Reading(0.9)] * len(inputs)


KINDS = {**TEST_KINDS, "service": SignalKind("service", frozenset({Kind.STRING}), Kind.NUMBER, {}, Service)}


def _event(n: int, text: str = "usual=0.9 slow=0.9") -> Event:
    fields = {
        "comment_id": f"c{n}", "actor_id": "u1", "text": text, "link_domain": None, "account_age_days": 1,
    }  # fmt: skip
    return Event(id=f"e{n}", type="comment", ts=10**15 + n, fields=fields, digest=f"d{n}")


class House:
    """A store, a worker and what runs beside it, opened as often as wanted."""

    def __init__(self, path: Path, project: Project, **more: Any) -> None:
        self.clock = FixedClock(10**15)
        self._open = lambda: Store.open(path, clock=self.clock, limits=Limits(min_free_bytes=0))
        self._made = lambda store: Worker(
            project, store=store, clock=self.clock, warm=False, kinds=KINDS, **more
        )
        self.project = project
        self.start()

    def start(self) -> None:
        self.store = self._open()
        self.worker = self._made(self.store)
        self.asides = Asides(self.store, self.worker, self.clock)
        self.worker.released = self.asides.offer

    def stop(self) -> None:
        self.worker.close()
        self.store.close()

    def rounds(self, *, after_us: int = 0) -> int:
        self.store.project()
        self.clock.advance(seconds=after_us / 1e6)
        done = Rounds(self.store, self.worker, self.clock).turn()
        self.store.project()
        return done

    def newest(self, n: int) -> Decision:
        found = self.store.find_event(f"e{n}")
        assert found is not None
        return found.decision

    def replays(self) -> bool:
        inputs = RecordedInputs(lambda _: self.project, self.store.controls(), find=self.store.find)
        replayed = [inputs.replay(each) for each in self.store.between()]
        return all(each.skipped is None and each.difference is None for each in replayed)


def _failing(on_failure: OnFailure) -> Project:
    return projects.project(
        strategies=[projects.strategy("ring", "svc > 0.5", REMOVE, on_failure=on_failure)],
        signals=[projects.signal("svc", kind="service")],
    )


def test_a_failed_signal_is_asked_again_even_after_a_restart(tmp_path: Path) -> None:
    Service.up = False
    house = House(tmp_path, _failing(OnFailure(retry=True, review="spam")))
    (first,) = house.worker.decide([_event(1)])
    assert isinstance(first, Decision)
    assert (first.action, first.missing, first.final, first.review) == ("allow", ("ring",), False, ())
    assert house.rounds() == 0  # it is left in peace for a while
    house.stop()
    Service.up = True
    house.start()
    assert house.rounds(after_us=PAUSE_US) == 1
    second = house.newest(1)
    assert (second.round, second.supersedes, second.final) == (2, first.decision_id, True)
    assert (second.action, second.fired, second.missing) == ("remove", ("ring",), ())
    assert house.rounds(after_us=DAY_US) == 0
    assert house.worker.decide([_event(1)]) == [second]  # the same event gives the newest decision
    assert house.replays()
    house.stop()


def test_asking_again_is_bounded_and_then_people_look(tmp_path: Path) -> None:
    Service.up = False
    house = House(tmp_path, _failing(OnFailure(retry=True, review="spam")))
    house.worker.decide([_event(1)])
    for n in range(2, MOST + 1):
        assert house.rounds(after_us=PAUSE_US * 4 ** (n - 2)) == 1
        assert house.newest(1).round == n
    last = house.newest(1)
    assert (last.final, last.missing, [each.queue for each in last.review]) == (True, ("ring",), ["spam"])
    assert house.rounds(after_us=DAY_US) == 0
    assert house.replays()
    house.stop()


@pytest.mark.parametrize(
    ("on_failure", "missing", "queues"),
    [(OnFailure(), (), []), (OnFailure(review="spam"), ("ring",), ["spam"])],
)
def test_without_retry_the_first_round_is_final(
    tmp_path: Path, on_failure: OnFailure, missing: tuple[str, ...], queues: list[str]
) -> None:
    Service.up = False
    house = House(tmp_path, _failing(on_failure))
    (decision,) = house.worker.decide([_event(1)])
    assert isinstance(decision, Decision)
    assert (decision.final, decision.missing) == (True, missing)
    assert [each.queue for each in decision.review] == queues
    house.store.project()
    assert due_rounds(house.store.ledger, at=10**18, limit=10) == []
    house.stop()


def test_nothing_is_decided_again_once_what_fired_was_paused(tmp_path: Path) -> None:
    Service.up = False
    project = projects.project(
        strategies=[
            projects.strategy("ring", "svc > 0.5", REMOVE, on_failure=OnFailure(retry=True)),
            projects.strategy("sure", "text = 'x'", Then(action="label", target="subject")),
        ],
        signals=[projects.signal("svc", kind="service")],
    )
    house = House(tmp_path, project)
    house.worker.decide([_event(1, text="x")])
    resumable = house.newest(1)
    paused = msgspec.structs.replace(project, strategies={"ring": project.strategies["ring"]})
    house.worker.release(paused)
    Service.up = True
    assert house.rounds(after_us=PAUSE_US) == 0
    assert house.newest(1) == resumable
    with house.store.ledger.read() as connection:
        assert connection.execute(select(ROUNDS.c.closed)).scalars().all() == [True]
    house.stop()


def test_at_the_deadline_what_is_there_decides_and_the_rest_comes_later(tmp_path: Path) -> None:
    project = projects.project(
        strategies=[
            projects.strategy("quick", "usual > 0.5", Then(action="label", target="subject")),
            projects.strategy("ring", BOTH, REMOVE),
        ],
        signals=[*SIGNALS[:1], msgspec.structs.replace(SIGNALS[1], latency_us=800_000.0)],
        latency_us={"comment": 200_000},
    )
    house = House(tmp_path, project, hurried=True)
    (first,) = house.worker.decide([_event(1)])
    assert isinstance(first, Decision)
    assert (first.action, first.undetermined, first.final) == ("label", ("ring",), False)
    assert list(first.signals) == ["usual"]
    assert house.rounds() == 1  # at once
    second = house.newest(1)
    assert (second.action, second.fired, second.final) == ("remove", ("quick", "ring"), True)
    assert house.replays()
    # who waits for no answer has no deadline
    patient = Worker(project, store=None, clock=None, warm=False, kinds=KINDS)
    (whole,) = patient.decide([_event(2)])
    assert isinstance(whole, Decision)
    assert (whole.action, whole.final) == ("remove", True)
    house.stop()


def _shadowed(**plan: float) -> Project:
    return projects.project(
        strategies=[
            projects.strategy("live", "usual > 0.5", Then(action="label", target="subject")),
            projects.strategy("dark", BOTH, REMOVE, mode=Mode.SHADOW),
            projects.strategy("dim", "slow > 0.95", REMOVE, mode=Mode.SHADOW),
        ],
        signals=SIGNALS,
        shadow=ShadowPlan(**plan),
    )


def test_shadow_strategies_buy_after_release_and_share_values(tmp_path: Path) -> None:
    house = House(tmp_path, _shadowed(probability=1.0))
    (decision,) = house.worker.decide([_event(1)])
    assert isinstance(decision, Decision)
    assert (list(decision.signals), decision.undetermined) == (["usual"], ("dark", "dim"))
    assert house.asides.turn() == 1
    house.store.project()
    found = shadows(house.store.ledger, 0, 2 * 10**15)
    assert (found["dark"].fired, found["dark"].would_fire, found["dim"].not_fired) == (1, 1.0, 1)
    assert found["dark"].cost_us + found["dim"].cost_us == 800_000.0  # bought once, shared by both
    assert house.worker.detectors.meter.usage["usual"].calls == 1  # the live decision's value
    assert house.newest(1) == decision
    house.worker.decide([_event(1)])  # a repeat is not looked into again
    assert house.asides.turn() == 0
    house.stop()


def test_shadow_strategies_keep_to_their_sample_and_budget(tmp_path: Path) -> None:
    house = House(tmp_path, _shadowed(probability=0.25, budget_us=30 * 800_000.0))
    house.worker.decide([_event(n) for n in range(400)])
    looked = house.asides.turn()
    assert looked == 30
    assert looked + house.asides.left_out > 60
    house.store.project()
    dark = shadows(house.store.ledger, 0, 2 * 10**15)["dark"]
    assert (dark.fired, dark.would_fire) == (looked, looked * 4.0)
    house.stop()
    house.start()  # what was spent today is remembered
    house.worker.decide([_event(n) for n in range(400, 600)])
    assert house.asides.turn() == 0
    house.clock.advance(seconds=86_400)
    house.worker.decide([_event(n) for n in range(600, 800)])
    assert house.asides.turn() > 0
    house.stop()
