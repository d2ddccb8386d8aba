"""A run over a file keeps its decisions on disk and in constant memory; opened again, it is searched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.core.clock import FixedClock
from seawall.core.decision import Decision
from seawall.core.event import Event
from seawall.store import Store

if TYPE_CHECKING:
    from pathlib import Path


def _pairs(first: int, count: int) -> list[tuple[Event, Decision]]:
    return [
        (
            Event(id=f"e{n}", type="comment", ts=n, fields={}),
            Decision(decision_id=f"d{n}", event_id=f"e{n}", type="comment", ts=n, decided_at=n),
        )
        for n in range(first, first + count)
    ]


def test_what_a_run_recorded_is_not_held_in_memory(tmp_path: Path) -> None:
    store = Store.open(tmp_path, clock=FixedClock(0), effects=False)
    for first in range(0, 40, 10):
        store.record(_pairs(first, 10))
    assert len(store._tail) == 0
    store.close()


def test_opened_again_it_is_searched(tmp_path: Path) -> None:
    store = Store.open(tmp_path, clock=FixedClock(0), effects=False)
    store.record(_pairs(0, 10))
    store.close()
    reader = Store.open(tmp_path, clock=FixedClock(0), effects=False, read_only=True)
    assert [one.decision.event_id for one in reader.search(limit=2).decisions] == ["e9", "e8"]
    reader.close()
