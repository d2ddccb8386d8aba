"""The worker of a live store counts again what its windows can reach, and says how far it is."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from door_fixtures import NOON

from seawall.core.clock import FixedClock
from seawall.core.decision import Decision
from seawall.core.errors import NotFound
from seawall.core.event import Event
from seawall.serve.backfill import Backfill
from seawall.serve.cli.features import features
from seawall.serve.remembered import Remembered
from seawall.serve.wiring import make_worker
from seawall.store import Store
from seawall.testing import projects

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

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


def test_it_counts_again_only_what_was_recorded_since_the_snapshot(tmp_path: Path) -> None:
    store = Store.open(tmp_path, clock=CLOCK)
    first = make_worker(PROJECT, store, clock=CLOCK, warm=False)
    first.decide([_event(n) for n in range(5)])
    Remembered(tmp_path).keep(first.features, offsets=store.position)
    first.decide([_event(n) for n in range(5, 7)])
    told: list[int] = []
    said: list[str] = []
    second = make_worker(PROJECT, store, clock=CLOCK, counted=told.append, said=said.append)
    assert (told, said) == ([0, 2], [])
    (again,) = second.decide([_event(7)])
    assert isinstance(again, Decision)
    assert again.features["comments_10m"].value == 8
    store.close()


@pytest.mark.parametrize(
    ("damage", "word"),
    [
        (lambda data: data[:-1], "damaged"),
        (lambda data: data[:40] + b"x" + data[41:], "damaged"),
        (lambda data: b"", "another form"),
    ],
)
def test_a_snapshot_that_cannot_be_used_is_ignored_with_a_word(
    tmp_path: Path, damage: Callable[[bytes], bytes], word: str
) -> None:
    store = Store.open(tmp_path, clock=CLOCK)
    first = make_worker(PROJECT, store, clock=CLOCK, warm=False)
    first.decide([_event(n) for n in range(5)])
    Remembered(tmp_path).keep(first.features, offsets=store.position)
    kept = tmp_path / "features.snapshot"
    kept.write_bytes(damage(kept.read_bytes()))
    said: list[str] = []
    second = make_worker(PROJECT, store, clock=CLOCK, said=said.append)
    assert word in said[0]
    assert second.features.entries == 5
    store.close()


def test_a_snapshot_of_other_features_is_ignored_with_their_names(tmp_path: Path) -> None:
    store = Store.open(tmp_path, clock=CLOCK)
    first = make_worker(PROJECT, store, clock=CLOCK, warm=False)
    first.decide([_event(n) for n in range(5)])
    Remembered(tmp_path).keep(first.features, offsets=store.position)
    more = projects.project(features=[projects.feature("comments_10m"), projects.feature("new", over_s=60)])
    said: list[str] = []
    second = make_worker(more, store, clock=CLOCK, said=said.append)
    assert "lacks new" in said[0]
    assert second.features.entries == 10
    store.close()


def test_a_feature_new_with_a_release_is_complete_once_it_has_been_back_filled(tmp_path: Path) -> None:
    longer = projects.feature("new", over_s=60)
    both = projects.project(features=[projects.feature("comments_10m"), longer])
    store = Store.open(tmp_path, clock=CLOCK)
    worker = make_worker(PROJECT, store, clock=CLOCK)
    worker.decide([_event(n * 1_000_000_000) for n in range(5)])
    worker.decide([_event(4_000_000_000 + n) for n in range(1, 6)])
    worker.release(both)
    (before,) = worker.decide([_event(4_000_000_010)])
    filling = Backfill(worker.features, {longer.fingerprint}, store, clock=CLOCK, failed=_fail)
    filling.start()
    worker.decide([_event(4_000_000_011)])  # the stream goes on meanwhile
    while not filling.ready:
        time.sleep(0.001)
    worker.decide([_event(4_000_000_012)])
    assert filling.finish() == ["new"]
    (after,) = worker.decide([_event(4_000_000_013)])
    assert isinstance(before, Decision)
    assert isinstance(after, Decision)
    assert before.features["new"].null == "warming"
    assert after.features["new"].value == 10
    store.close()


def _fail(error: Exception) -> None:
    raise error


def test_the_command_says_how_features_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project = projects.project(
        features=[projects.feature("comments_10m"), projects.feature("new", over_s=60)]
    )
    store = Store.open(tmp_path, clock=CLOCK)
    worker = make_worker(PROJECT, store, clock=CLOCK, warm=False)
    worker.decide([_event(n) for n in range(5)])
    monkeypatch.setattr("seawall.serve.cli.features.open_project", lambda _: project)
    monkeypatch.setattr("seawall.serve.cli.features.data_folder", lambda *_: tmp_path)
    with pytest.raises(NotFound, match="no state of features"):
        features(tmp_path)
    Remembered(tmp_path).keep(worker.features, offsets=store.position)
    features(tmp_path)
    said = capsys.readouterr().out.splitlines()
    assert said[1].split() == ["comments_10m", "1", "5", "yes"]
    assert said[2].split()[:4] == ["new", "0", "0", "from"]
    assert "0 late" in said[3]
    store.close()
