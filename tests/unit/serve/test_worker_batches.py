"""The worker: exactly once, in order, whatever fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from seawall.core.clock import FixedClock
from seawall.core.decision import Decision
from seawall.core.errors import Conflict, StorageError
from seawall.core.event import Event
from seawall.policy.model import Then
from seawall.serve.worker import Worker
from seawall.store import Control
from seawall.testing import projects
from seawall.testing.signals import TEST_KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence

BURST = projects.project(
    strategies=[
        projects.strategy("burst", "seen >= 3 AND risk > 0.5", Then(action="remove", target="subject"))
    ],
    features=[projects.feature("seen")],
    signals=[projects.signal("risk")],
)


class Memory:
    """A store that keeps decisions in memory and fails when told to."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str | None, str], Decision] = {}
        self.broken = False

    def lookup(self, source: str | None, event_id: str) -> Decision | None:
        return self.kept.get((source, event_id))

    def record(self, pairs: Sequence[tuple[Event, Decision]]) -> None:
        if self.broken:
            raise StorageError("the disk refuses")
        self.kept.update(((event.source, event.id), decision) for event, decision in pairs)


def _event(n: int, *, digest: str = "", text: str = "risk=0.9") -> Event:
    fields = {
        "comment_id": f"c{n}",
        "actor_id": "u1",
        "text": text,
        "link_domain": None,
        "account_age_days": 1,
    }
    return Event(id=f"e{n}", type="comment", ts=n * 1_000_000, fields=fields, digest=digest or f"d{n}")


def _worker(store: Any = None, **more: Any) -> Worker:
    return Worker(BURST, store=store, clock=FixedClock(10**15), warm=False, kinds=TEST_KINDS, **more)


def _actions(answers: list[Any]) -> list[str]:
    return [answer.action if isinstance(answer, Decision) else answer.code for answer in answers]


def test_the_third_comment_of_a_burst_is_removed() -> None:
    answers = _worker().decide([_event(1), _event(2), _event(3), _event(4, text="risk=0.1")])
    assert _actions(answers) == ["allow", "allow", "remove", "allow"]
    third = answers[2]
    assert isinstance(third, Decision)
    assert (third.subject, third.actor, third.decided_at) == ("c3", "u1", 10**15)
    assert third.features["seen"].value == 3
    assert third.signals["risk"].value == 0.9


def test_the_signal_is_not_bought_before_the_burst() -> None:
    answers = _worker().decide([_event(1), _event(2)])
    assert all(isinstance(answer, Decision) and not answer.signals for answer in answers if not answer.audit)


def test_a_repeated_event_gets_its_decision_again_and_is_counted_once() -> None:
    store = Memory()
    worker = _worker(store)
    first = worker.decide([_event(1), _event(1)])
    assert first[0] == first[1]
    assert worker.decide([_event(1)]) == first[:1]
    assert _actions(worker.decide([_event(2), _event(3)])) == ["allow", "remove"]


def test_the_same_id_with_another_content_is_a_conflict_and_the_others_are_decided() -> None:
    worker = _worker(Memory())
    worker.decide([_event(1)])
    answers = worker.decide([_event(1, digest="other"), _event(2), _event(2, digest="other")])
    assert _actions(answers) == ["conflict", "allow", "conflict"]
    assert isinstance(answers[0], Conflict)


def test_a_batch_that_could_not_be_recorded_can_be_given_again_without_counting_twice() -> None:
    store = Memory()
    worker = _worker(store)
    store.broken = True
    for _ in range(3):
        with pytest.raises(StorageError):
            worker.decide([_event(1), _event(2)])
    store.broken = False
    assert _actions(worker.decide([_event(1), _event(2), _event(3)])) == ["allow", "allow", "remove"]


def test_a_pause_holds_from_the_next_batch_on_and_changes_the_effective_version() -> None:
    worker = _worker()
    pause = Control(kind="pause", target="burst", by="ann", reason="too many", at=0)
    worker.decide([_event(1), _event(2)])
    worker.control([(7, pause)])
    [paused] = worker.decide([_event(3)])
    assert isinstance(paused, Decision)
    assert paused.action == "allow"
    assert paused.effective_version != paused.project_version == BURST.version
    worker.control([(9, Control(kind="resume", target="burst", by="ann", reason="mended", at=1))])
    assert _actions(worker.decide([_event(4)])) == ["remove"]


def test_a_release_keeps_the_counts_of_features_that_did_not_change() -> None:
    worker = _worker()
    worker.decide([_event(1), _event(2)])
    stricter = projects.project(
        strategies=[projects.strategy("burst", "seen >= 3", Then(action="hold", target="subject"))],
        features=[projects.feature("seen")],
        version="v2",
    )
    worker.release(stricter)
    [decision] = worker.decide([_event(3)])
    assert isinstance(decision, Decision)
    assert (decision.action, decision.project_version) == ("hold", "v2")


def test_history_that_is_absorbed_is_counted_but_not_decided() -> None:
    worker = _worker()
    worker.absorb([_event(1), _event(2)])
    assert _actions(worker.decide([_event(3)])) == ["remove"]
