"""What people concluded reaches the journal once each, wherever the process dies or the power fails."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from test_projector_crashes import Crash, crashing, ledger

from seawall.core.errors import SeawallError
from seawall.store.copies import Copier, enqueue
from seawall.store.decisions import Decisions
from seawall.store.entry import Finding
from seawall.store.journal import Journal
from seawall.store.ledger import Ledger
from seawall.store.limits import Limits
from seawall.store.locate import Locator
from seawall.store.payloads import Payloads
from seawall.store.tables import COPIES
from seawall.testing.files_dropping import DroppingFiles, PowerCut

sys.path.append(str(Path(__file__).parents[1] / "contracts"))

__all__ = ["ledger"]
LIMITS = Limits(min_free_bytes=0, segment_bytes=1500)
WRITERS = ("a", "b")


def finding(number: int) -> Finding:
    return Finding(
        finding_id=f"v{number}", kind="verdict", at=number, by="ada", outcome="violates",
        clause="spam/links#c1", purpose="machine", surface="comment", subject=f"c{number}",
    )  # fmt: skip


class Machine:
    """One writer's disk; the ledger is elsewhere and stays."""

    def __init__(self, writer: str) -> None:
        self.writer = writer
        self.files = DroppingFiles()

    def boot(self, stack: ExitStack) -> Decisions:
        folder = Path("/j") / self.writer
        journal = Journal.open(folder, files=self.files, segment_bytes=LIMITS.segment_bytes)
        stack.callback(journal.close)
        payloads = Payloads(Path("/p") / self.writer, files=self.files, segment_bytes=LIMITS.segment_bytes)
        return Decisions(self.writer, journal, payloads, Locator(folder, self.files, read_only=False), LIMITS)


class World:
    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.machines = {writer: Machine(writer) for writer in WRITERS}
        self.concluded = 0
        with ledger.begin() as connection:
            connection.execute(delete(COPIES))

    def conclude(self, many: int) -> None:
        with self.ledger.begin() as connection:
            enqueue(
                connection, [finding(self.concluded + number) for number in range(many)], at=self.concluded
            )
        self.concluded += many

    def copy(self, writer: str, *, crash: int | None = None, cut: int | None = None, seed: int = 0) -> None:
        """One life of a writer's process: it copies, and may die before a statement or with its power."""
        machine = self.machines[writer]
        with ExitStack() as stack:
            try:
                decisions = machine.boot(stack)
                if cut is not None:
                    machine.files.cut_in(cut)
                if crash is not None:
                    stack.enter_context(crashing(self.ledger, crash))
                Copier(self.ledger, decisions).copy()
            except (Crash, PowerCut, SeawallError):
                pass
        machine.files.cut(Random(seed))

    def journals(self) -> list[tuple[str, str, int]]:
        found = []
        for writer, machine in self.machines.items():
            with ExitStack() as stack:
                decisions = machine.boot(stack)
                found += [(one.finding_id, writer, offset) for offset, one in decisions.findings()]
        return found


LIVES = st.lists(
    st.tuples(
        st.sampled_from(WRITERS),
        st.integers(0, 4),  # concluded before it
        st.none() | st.integers(1, 12),  # dies before this statement
        st.none() | st.integers(1, 6),  # loses power at this change of its disk
        st.integers(0, 2**16),
    ),
    max_size=8,
)


@settings(max_examples=max(20, settings().max_examples // 2))
@given(lives=LIVES)
def test_each_is_in_one_journal_once(ledger: Ledger, lives) -> None:
    world = World(ledger)
    for writer, many, crash, cut, seed in lives:
        world.conclude(many)
        world.copy(writer, crash=crash, cut=cut, seed=seed)
    world.conclude(1)
    for writer in WRITERS:
        world.copy(writer)
    found = world.journals()
    assert sorted(name for name, _, _ in found) == sorted(f"v{n}" for n in range(world.concluded))
    with ledger.read() as connection:
        rows = connection.execute(select(COPIES.c.finding_id, COPIES.c.writer, COPIES.c.copied)).all()
    assert sorted(map(tuple, rows)) == sorted(found)  # and the ledger knows where


def test_a_copier_that_failed_goes_on(ledger: Ledger) -> None:
    """The statement that marks is lost, the process lives: the next turn marks, and writes nothing again."""
    world = World(ledger)
    world.conclude(3)
    with ExitStack() as stack:
        decisions = world.machines["a"].boot(stack)
        copier = Copier(ledger, decisions)
        deaths = 0
        for after in range(1, 40):
            try:
                with crashing(ledger, after):
                    copier.copy()
            except Crash:
                deaths += 1
            else:
                break
        assert deaths > 3
        assert [one.finding_id for _, one in decisions.findings()] == ["v0", "v1", "v2"]
        assert copier.copy() == []


def test_what_was_enqueued_is_not_enqueued_again(ledger: Ledger) -> None:
    world = World(ledger)
    world.conclude(2)
    world.copy("a")
    world.concluded = 0
    world.conclude(2)
    world.copy("a")
    world.copy("b")
    assert len(world.journals()) == 2


@pytest.mark.parametrize("many", [0, 1, 3])
def test_copying_says_what_it_wrote(ledger: Ledger, many: int) -> None:
    world = World(ledger)
    world.conclude(many)
    with ExitStack() as stack:
        copied = Copier(ledger, world.machines["a"].boot(stack)).copy()
    assert copied == [finding(number) for number in range(many)]
