"""What is learned on the way is written down before it is used, and a replay buys what was bought."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.core.clock import FixedClock
from seawall.core.event import Event
from seawall.policy.model import Then
from seawall.serve.replay import RecordedInputs
from seawall.serve.worker import Worker
from seawall.store import Limits, Store
from seawall.testing import projects
from seawall.testing.signals import TEST_KINDS

if TYPE_CHECKING:
    from pathlib import Path

PROJECT = projects.project(
    strategies=[
        projects.strategy("ring", "usual > 0.5 AND rare > 0.5", Then(action="remove", target="subject"))
    ],
    signals=[projects.signal("usual", cost_us=2_000.0), projects.signal("rare", cost_us=6_000.0)],
)


def _event(n: int) -> Event:
    rare = 0.9 if n % 40 == 0 else 0.1
    fields = {
        "comment_id": f"c{n}", "actor_id": "u1", "text": f"usual=0.9 rare={rare}",
        "link_domain": None, "account_age_days": 1,
    }  # fmt: skip
    return Event(id=f"e{n}", type="comment", ts=n * 1_000_000, fields=fields, digest=f"d{n}")


def test_the_order_follows_what_was_seen_and_is_replayed(tmp_path: Path) -> None:
    clock = FixedClock(10**15)
    store = Store.open(tmp_path, clock=clock, limits=Limits(min_free_bytes=0), effects=False)
    worker = Worker(PROJECT, store=store, clock=clock, warm=False, kinds=TEST_KINDS)
    for start in range(0, 1_500, 100):
        worker.decide([_event(n) for n in range(start, start + 100)])
        worker.relearn(at=clock.now())
    recorded = list(store.between())
    controls = list(store.controls())
    store.close()
    worker.close()
    first, last = recorded[1].decision, recorded[-1].decision
    assert list(first.signals) == ["usual", "rare"]  # the cheaper first, while nothing is known
    assert list(last.signals) == ["rare"]  # it alone ends most of them
    assert [control.kind for _, control in controls] == ["shares"]
    assert last.effective_version != first.effective_version
    inputs = RecordedInputs(lambda _: PROJECT, controls)
    assert [inputs.replay(each).difference for each in recorded] == [None] * len(recorded)
    # without the record the replay would ask for what was not bought
    unlearned = RecordedInputs(lambda _: PROJECT, [])
    assert unlearned.replay(recorded[-1]).skipped


def test_nothing_is_learned_of_signals_that_cost_nothing_to_speak_of(tmp_path: Path) -> None:
    quick = projects.project(
        strategies=list(PROJECT.strategies.values()),
        signals=[projects.signal("usual", cost_us=2.0), projects.signal("rare", cost_us=6.0)],
    )
    clock = FixedClock(10**15)
    store = Store.open(tmp_path, clock=clock, limits=Limits(min_free_bytes=0), effects=False)
    worker = Worker(quick, store=store, clock=clock, warm=False, kinds=TEST_KINDS)
    for start in range(0, 1_200, 400):
        worker.decide([_event(n) for n in range(start, start + 400)])
        worker.relearn(at=clock.now())
    assert list(store.controls()) == []
    store.close()
    worker.close()
