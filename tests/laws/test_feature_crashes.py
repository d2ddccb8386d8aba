"""Cut the power between any two writes: every event reads what it would have read had nothing happened."""

from __future__ import annotations

from itertools import groupby, zip_longest
from pathlib import Path
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from seawall.core.clock import FixedClock
from seawall.core.decision import Decision, Reading
from seawall.core.errors import StorageError
from seawall.core.event import Event
from seawall.core.types import Kind
from seawall.decide.filters import definitions
from seawall.features import Answer, FeatureState
from seawall.measure.backtest import chunks_of
from seawall.serve.remembered import Remembered, recall
from seawall.serve.replay import recomputed
from seawall.serve.worker import Worker
from seawall.store import Finding, Store
from seawall.testing import projects
from seawall.testing.files_dropping import DroppingFiles, PowerCut

DATA = Path("/data")
NOW = 1_760_000_000_000_000
SECOND = 1_000_000
NUMBER = {"argument_kind": Kind.INTEGER, "kind": Kind.NUMBER}
PROJECT = projects.project(
    features=[
        projects.feature("seen", over_s=10),
        projects.feature("domains", over_s=20, function="count_distinct", argument="link_domain"),
        projects.feature("ages", over_s=30, function="sum", argument="account_age_days"),
        projects.feature("young", over_s=20, function="mean", argument="account_age_days", **NUMBER),
        projects.feature("lately", over_s=30, half_life_us=5_000_000, kind=Kind.NUMBER),
        projects.feature("found", over_s=30, source="verdicts", of=("actor",)),
        projects.feature(
            "company", ("link_domain",), over_s=30, function="company", argument="actor_id", among="labels"
        ),
    ]
)
EVENTS = st.lists(
    st.tuples(
        st.integers(0, 40),
        st.sampled_from(["ann", "bo"]),
        st.sampled_from(["a", "b", None]),
        st.integers(0, 9),
        st.booleans(),
    ),
    min_size=1,
    max_size=20,
)
CUTS = st.lists(st.integers(1, 60), max_size=4)


def _step(n: int, second: int, actor: str, domain: str | None, age: int, judged: bool) -> Event | Finding:
    if judged:
        return Finding(
            finding_id=f"v{n}", kind="verdict", at=NOW + second * SECOND, by="ann", purpose="machine",
            outcome="violates" if age > 3 else "no_violation", clause="spam#c1", surface="comment",
            subject=f"c{domain}", actor=actor,
        )  # fmt: skip
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


def _work(life: Life, part: list[Event | Finding]) -> list[object]:
    """Decide the events of a part and note its findings, in their order; the readings."""
    read: list[object] = []
    for judged, some in groupby(part, key=lambda step: isinstance(step, Finding)):
        steps = list(some)
        if judged:
            life.insist(lambda worker, steps=steps: (life.store.note(steps), worker.learn(steps)))
            continue
        decisions = life.insist(lambda worker, steps=steps: worker.decide(steps))
        read += [decision.features for decision in decisions if isinstance(decision, Decision)]
    return read


def _live(stream: list[list[Event | Finding]], keep: list[bool], cuts: list[int], seed: int) -> list[object]:
    life = Life(DroppingFiles(), Random(seed))
    read: list[object] = []
    fuses = iter(cuts)
    for part, keeping in zip(stream, keep, strict=True):
        if (fuse := next(fuses, None)) is not None:
            life.files.cut_in(fuse)
        read += _work(life, part)
        if keeping:
            life.insist(life.keep)
    return read


@given(
    EVENTS, st.integers(1, 4), st.lists(st.booleans(), min_size=20, max_size=20), CUTS, st.integers(0, 999)
)
def test_a_killed_process_reads_what_one_never_killed_reads(
    rows: list[tuple[int, str, str | None, int, bool]],
    size: int,
    keep: list[bool],
    cuts: list[int],
    seed: int,
) -> None:
    events = [_step(n, *row) for n, row in enumerate(rows)]
    stream = [events[at : at + size] for at in range(0, len(events), size)]
    keep = keep[: len(stream)]
    assert _live(stream, keep, cuts, seed) == _live(stream, [False] * len(stream), [], seed)


@given(EVENTS, st.integers(1, 4), CUTS, st.integers(0, 999))
def test_what_was_read_is_read_again_in_a_replay_and_in_a_backtest(
    rows: list[tuple[int, str, str | None, int, bool]], size: int, cuts: list[int], seed: int
) -> None:
    events = [_step(n, *row) for n, row in enumerate(rows)]
    life = Life(DroppingFiles(), Random(seed))
    for at, fuse in zip_longest(range(0, len(events), size), cuts[: len(events)]):
        if fuse is not None:
            life.files.cut_in(fuse)
        if at is not None:
            _work(life, events[at : at + size])
    life.insist(lambda _: None)
    replayed = recomputed(life.store.story(), PROJECT, since=0, until=2**62, warm=False)
    assert [each.difference for each in replayed if each.difference is not None] == []
    told = [each.decision.features for each in life.store.between()]
    assert _backtested(life.store) == told


def _backtested(store: Store) -> list[object]:
    """What the features of a backtest over the same store read."""
    state = FeatureState(definitions(PROJECT), warm=False)
    stream = (one if isinstance(one, Finding) else (one.event, one.decision) for one in store.story())
    read: list[object] = []
    for chunk in chunks_of(PROJECT, stream, size=3):  # type: ignore[arg-type] -- every event is there
        answers = state.observe_columns(chunk.batch, chunk.facts).get("comment", {})
        rows = [
            dict(zip(answers, each, strict=True))
            for each in zip(*map(_readings, answers.values()), strict=True)
        ]
        read += rows
    return read


def _readings(answer: Answer) -> list[Reading]:
    return answer.readings()
