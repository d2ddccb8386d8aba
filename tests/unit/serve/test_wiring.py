"""The worker of a live store counts again what its windows can reach, and says how far it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from door_fixtures import NOON

from seawall.core.clock import FixedClock
from seawall.core.event import Event
from seawall.serve.wiring import make_worker
from seawall.store import Store
from seawall.testing import projects

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

PROJECT = projects.project(features=[projects.feature("comments_10m")])
CLOCK = FixedClock(NOON)


def _event(n: int) -> Event:
    fields = {
        "comment_id": f"c{n}",
        "actor_id": "u1",
        "text": "x",
        "link_domain": None,
        "account_age_days": 1,
    }
    return Event(id=f"e{n}", type="comment", ts=NOON + n, fields=fields)


def test_it_tells_how_many_events_it_has_counted_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("seawall.serve.wiring._TOLD_EVERY", 2)
    store = Store.open(tmp_path, clock=CLOCK)
    told: list[int] = []
    first = make_worker(PROJECT, store, clock=CLOCK, warm=False, counted=told.append)
    assert told == []  # there is nothing to count in an empty store
    first.decide([_event(n) for n in range(5)])
    first.close()
    second = make_worker(PROJECT, store, clock=CLOCK, warm=False, counted=told.append)
    assert told == [0, 2, 4, 5]
    assert (
        len(second.features.counters[PROJECT.features["comments_10m"].fingerprint].windows["u1"].times) == 5
    )
    second.close()
    store.close()
