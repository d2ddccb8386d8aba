"""A feature that is back-filled reads as if it had always been there, however often that is killed."""

from __future__ import annotations

from pathlib import Path
from random import Random

from hypothesis import given
from hypothesis import strategies as st
from test_feature_crashes import DATA, EVENTS, NOW, PROJECT, _step

from seawall.core.clock import FixedClock
from seawall.core.decision import Decision, Reading
from seawall.core.event import Event
from seawall.serve.backfill import NAME, Backfill
from seawall.serve.remembered import Remembered
from seawall.serve.wiring import make_worker
from seawall.serve.worker import Worker
from seawall.store import Finding, Store
from seawall.testing import projects
from seawall.testing.files_dropping import DroppingFiles

WARMING = Reading(null="warming")
OLD = projects.project(features=[PROJECT.features["seen"]])


class Killed(Exception):
    """The process is no more."""


class Ticking(FixedClock):
    """Six seconds pass at each look, so that the back-fill keeps how far it is after every record."""

    def now(self) -> int:
        self.micros += 6_000_000
        return self.micros


def _live(worker: Worker, store: Store, steps: list[Event | Finding]) -> list[dict[str, Reading]]:
    read: list[dict[str, Reading]] = []
    for step in steps:
        if isinstance(step, Finding):
            store.note([step])
            worker.learn([step])
            continue
        (decision,) = worker.decide([step])
        assert isinstance(decision, Decision)
        read.append(decision.features)
    return read


def _fill(worker: Worker, store: Store, files: DroppingFiles, kills: list[int]) -> tuple[Backfill, int]:
    """Count, killed after so many records each time; how many were counted in all."""
    absorbed = 0
    for limit in [*kills, 10_000]:
        filling = Backfill(
            worker.features, worker.unfilled, store, clock=Ticking(NOW), failed=_raise, files=files
        )
        left = limit
        absorb = filling._absorb

        def counted(stream: list[object], absorb: object = absorb) -> None:
            nonlocal left, absorbed
            if left == 0:
                raise Killed
            left, absorbed = left - 1, absorbed + 1
            absorb(stream)  # type: ignore[operator]

        filling._absorb = counted  # type: ignore[method-assign,assignment]
        try:
            filling.run()
        except Killed:
            continue
        return filling, absorbed
    raise AssertionError


def _raise(error: Exception) -> None:
    raise error


@given(EVENTS, st.integers(0, 20), st.integers(0, 20), st.lists(st.integers(0, 5), max_size=3))
def test_back_filled_is_as_if_it_had_always_been_there(
    rows: list[tuple[int, str, str | None, int, bool]], cut: int, meanwhile: int, kills: list[int]
) -> None:
    steps = [_step(n, *row) for n, row in enumerate(rows)]
    before, during, after = steps[:cut], steps[cut : cut + meanwhile], steps[cut + meanwhile :]

    other = Store.open(DATA, clock=FixedClock(NOW), files=DroppingFiles(), effects=False)
    always = Worker(PROJECT, store=other, clock=FixedClock(NOW))
    always.features.all_told()
    _live(always, other, before)
    known = _live(always, other, during)
    expected = _live(always, other, after)

    files = DroppingFiles()
    store = Store.open(DATA, clock=FixedClock(NOW), files=files, effects=False)
    worker = Worker(OLD, store=store, clock=FixedClock(NOW))
    _live(worker, store, before)
    old = set(worker.features.counters)
    worker.release(PROJECT)
    worker.unfilled = frozenset(worker.features.counters.keys() - old)
    filling, absorbed = _fill(worker, store, files, kills)
    for read, wanted in zip(_live(worker, store, during), known, strict=True):
        assert all(read[name] in (wanted[name], WARMING) for name in wanted)
    assert filling.finish() == sorted(PROJECT.features.keys() - {"seen"})
    assert _live(worker, store, after) == expected
    happened = sum(isinstance(step, Event) for step in before)
    assert absorbed <= happened + len(kills)  # each goes on from where the one before was killed
    assert NAME not in files.names(DATA)


def test_a_server_that_was_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    store = Store.open(tmp_path, clock=FixedClock(NOW))
    worker = make_worker(OLD, store, clock=FixedClock(NOW), warm=False)
    rng = Random(3)
    steps = [_step(n, n, "ann", rng.choice(["a", None]), 4, n % 5 == 4) for n in range(40)]
    _live(worker, store, steps)
    Remembered(tmp_path).keep(worker.features, offsets=store.position)
    again = make_worker(PROJECT, store, clock=FixedClock(NOW), beside=True)
    assert again.unfilled == {spec.fingerprint for name, spec in PROJECT.features.items() if name != "seen"}
    filling = Backfill(again.features, again.unfilled, store, clock=FixedClock(NOW), failed=_raise)
    filling.run()
    filling.finish()
    (decision,) = again.decide([_step(99, 40, "ann", None, 4, judged=False)])
    assert isinstance(decision, Decision)
    assert {name: reading.value for name, reading in decision.features.items()} == {
        "seen": 9, "domains": 1, "ages": 100, "young": 4.0, "lately": decision.features["lately"].value,
        "found": 6, "company": None,
    }  # fmt: skip
    store.close()
