"""Cut the power between any two writes: every event reads what it would have read had nothing happened."""

from __future__ import annotations

from pathlib import Path
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from seawall.core.clock import FixedClock
from seawall.core.decision import Decision
from seawall.core.errors import StorageError
from seawall.core.event import Event
from seawall.serve.remembered import Remembered, recall
from seawall.serve.worker import Worker
from seawall.store import Store
from seawall.testing import projects
from seawall.testing.files_dropping import DroppingFiles, PowerCut

DATA = Path("/data")
NOW = 1_760_000_000_000_000
SECOND = 1_000_000
PROJECT = projects.project(
    features=[
        projects.feature("seen", over_s=10),
        projects.feature("domains", over_s=20, function="count_distinct", argument="link_domain"),
        projects.feature("ages", over_s=30, function="sum", argument="account_age_days"),
    ]
)
EVENTS = st.lists(
    st.tuples(
        st.integers(0, 40),
        st.sampled_from(["ann", "bo"]),
        st.sampled_from(["a", "b", None]),
        st.integers(0, 9),
    ),
    min_size=1,
    max_size=20,
)
CUTS = st.lists(st.integers(1, 60), max_size=4)


def _event(n: int, second: int, actor: str, domain: str | None, age: int) -> Event:
    fields = {
        "comment_id": f"c{n}",
        "actor_id": actor,
        "text": "x",
        "link_domain": domain,
        "account_age_days": age,
    }
    return Event(id=f"e{n}", type="comment", ts=NOW + second * SECOND, fields=fields)


class Life:
    """A process over a disk: it decides, keeps its features now and then, and comes up again."""

    def __init__(self, files: DroppingFiles, rng: Random) -> None:
        self.files = files
        self.rng = rng
        self.remembered = Remembered(DATA, files=files)
        self.worker: Worker | None = None

    def up(self) -> Worker:
        if self.worker is None:
            self.store = Store.open(DATA, clock=FixedClock(NOW), files=self.files, effects=False)
            self.worker = Worker(PROJECT, store=self.store, clock=FixedClock(NOW), warm=False)
            events, _ = recall(self.worker.features, PROJECT, self.store, self.remembered)
            self.worker.absorb(events)
        return self.worker

    def insist(self, work: object) -> object:
        """Do it, however often the power fails."""
        while True:
            try:
                return work(self.up())  # type: ignore[operator]
            except PowerCut:
                self.files.cut(self.rng)
                self.worker = None
            except StorageError:
                self.files.cut(self.rng)
                self.worker = None

    def keep(self, worker: Worker) -> None:
        self.remembered.keep(worker.features, offsets=self.store.position)


def _live(stream: list[list[Event]], keep: list[bool], cuts: list[int], seed: int) -> list[object]:
    life = Life(DroppingFiles(), Random(seed))
    read: list[object] = []
    fuses = iter(cuts)
    for part, keeping in zip(stream, keep, strict=True):
        if (fuse := next(fuses, None)) is not None:
            life.files.cut_in(fuse)
        decisions = life.insist(lambda worker, part=part: worker.decide(part))
        read += [decision.features for decision in decisions if isinstance(decision, Decision)]
        if keeping:
            life.insist(life.keep)
    return read


@given(
    EVENTS, st.integers(1, 4), st.lists(st.booleans(), min_size=20, max_size=20), CUTS, st.integers(0, 999)
)
def test_a_killed_process_reads_what_one_never_killed_reads(
    rows: list[tuple[int, str, str | None, int]], size: int, keep: list[bool], cuts: list[int], seed: int
) -> None:
    events = [_event(n, *row) for n, row in enumerate(rows)]
    stream = [events[at : at + size] for at in range(0, len(events), size)]
    keep = keep[: len(stream)]
    assert _live(stream, keep, cuts, seed) == _live(stream, [False] * len(stream), [], seed)
