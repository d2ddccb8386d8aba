"""A signal that remembers reads the same whatever is bought, in whatever batches, and after a restart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.core.clock import FixedClock
from seawall.core.event import Event
from seawall.core.types import Kind
from seawall.policy.model import Then
from seawall.serve.wiring import make_worker
from seawall.serve.worker import Worker
from seawall.store import Store
from seawall.testing import projects

if TYPE_CHECKING:
    from pathlib import Path

    from seawall.policy.model import Project

HOUR = 3_600_000_000
OFFER = "Big sale today only, visit the blue door on market street and ask for Kim"


def _project() -> Project:
    copies = projects.signal("copies", kind="near_text", type_=Kind.INTEGER, options={"gives": "size"})
    strategy = projects.strategy(
        "spam.copies", "account_age_days < 7 AND copies >= 3", Then(action="remove", target="subject")
    )
    return projects.project(strategies=[strategy], signals=[copies])


def _events() -> list[Event]:
    ages = [400, 400, 3, 400, 2]
    return [
        Event(
            id=f"e{n}",
            type="comment",
            ts=n * HOUR,
            fields={
                "comment_id": f"c{n}",
                "actor_id": f"u{n}",
                "text": f"{OFFER} {n}",
                "account_age_days": age,
            },
        )
        for n, age in enumerate(ages)
    ]


def _fired(worker: Worker, *batches: list[Event]) -> list[tuple[str, ...]]:
    return [decision.fired for batch in batches for decision in worker.decide(batch)]


def test_texts_count_though_their_signal_was_never_bought() -> None:
    worker = Worker(_project(), store=None, clock=None, warm=False)
    expected = [(), (), ("spam.copies",), (), ("spam.copies",)]
    assert _fired(worker, _events()) == expected
    again = Worker(_project(), store=None, clock=None, warm=False)
    assert _fired(again, *([event] for event in _events())) == expected


def test_a_release_keeps_what_is_remembered() -> None:
    worker = Worker(_project(), store=None, clock=None, warm=False)
    _fired(worker, _events()[:2])
    worker.release(_project())
    assert _fired(worker, _events()[2:3]) == [("spam.copies",)]


def test_a_start_remembers_what_the_journal_holds(tmp_path: Path) -> None:
    clock = FixedClock(5 * HOUR)
    store = Store.open(tmp_path, clock=clock)
    first = make_worker(_project(), store, clock=clock, warm=False)
    assert _fired(first, _events()[:2]) == [(), ()]
    first.close()
    second = make_worker(_project(), store, clock=clock)
    assert _fired(second, _events()[2:3]) == [("spam.copies",)]
    second.close()
    store.close()


def test_what_the_journal_holds_is_remembered_after_a_start() -> None:
    worker = Worker(_project(), store=None, clock=None)
    worker.remember(_events()[:2], since=-24 * HOUR, complete=True)
    assert _fired(worker, _events()[2:3]) == [("spam.copies",)]
