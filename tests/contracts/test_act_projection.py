"""From the journal to effects exactly once, wherever the process dies between an effect and the cursor."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from act_ledgers import PLATFORM, SCAM, SPAM, T0, decided, ledger, ledger_url, mute, remove, strike
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select

from seawall.act.effects import Effects
from seawall.act.projection import ProjectEffects
from seawall.act.repo_outbox import SENT, claim, settle
from seawall.act.tables import FALLS, GROUNDS, HOLDING, OUTBOX
from seawall.act.undo import Undo
from seawall.act.undo_strategy import request
from seawall.core.clock import FixedClock
from seawall.store.entry import Entry, Kind, encode
from seawall.store.journal import Journal
from seawall.store.ledger import Ledger
from seawall.store.projector import Projector

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Table

__all__ = ["ledger", "ledger_url"]
EFFECTS = Effects([PLATFORM])


class Killed(BaseException):
    """The process is gone: nothing catches it, and an open transaction never commits."""


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = Journal.open(tmp_path / "journal")
    yield journal
    journal.close()


def write(journal: Journal, *decisions: object) -> None:
    journal.write((Kind.DECISION, encode(Entry(decision))) for decision in decisions)


def projector(ledger: Ledger, journal: Journal, at: int = T0) -> Projector:
    projection = ProjectEffects(EFFECTS, clock=FixedClock(at))
    return Projector(ledger, {"main": journal}, [projection], name="effects")


def rows(ledger: Ledger, table: Table) -> list[tuple]:
    with ledger.read() as connection:
        return sorted(map(tuple, connection.execute(select(table))), key=repr)


def everything(ledger: Ledger) -> list[list[tuple]]:
    return [rows(ledger, table) for table in (GROUNDS, FALLS, HOLDING, OUTBOX)]


DAY = [decided(f"e{n}", remove(SPAM, SCAM), strike(), mute(60 + n), subject=f"c{n % 3}") for n in range(6)]


def test_wherever_it_dies_every_effect_is_there_once(
    ledger: Ledger, journal: Journal, tmp_path: Path
) -> None:
    write(journal, *DAY)
    spare = Ledger.open(f"sqlite:///{tmp_path / 'undisturbed.db'}")
    projector(spare, journal).catch_up()
    wanted = everything(spare)
    spare.close()

    deaths = 0
    while True:
        countdown = deaths

        def die(*_: object) -> None:
            nonlocal countdown
            countdown -= 1
            if countdown < 0:
                raise Killed

        event.listen(ledger.engine, "before_cursor_execute", die)
        event.listen(ledger.engine, "commit", die)
        try:
            projector(ledger, journal).step(limit=3)
        except Killed:
            deaths += 1
        else:
            break
        finally:
            event.remove(ledger.engine, "before_cursor_execute", die)
            event.remove(ledger.engine, "commit", die)
        assert deaths < 200
    assert deaths > 10
    projector(ledger, journal).catch_up()
    projector(ledger, journal).catch_up()
    assert [names(each) for each in everything(ledger)[:2]] == [names(each) for each in wanted[:2]]
    assert holdings(ledger) == {row[0]: (row[6], row[7], row[8]) for row in wanted[2]}
    waiting = [row for row in rows(ledger, OUTBOX) if row[5] == "waiting"]
    assert sorted(row[2] for row in waiting) == sorted(row[0] for row in wanted[2])


def names(found: list[tuple]) -> list[object]:
    return [row[0] for row in found]


def holdings(ledger: Ledger) -> dict[str, tuple]:
    return {row[0]: (row[6], row[7], row[8]) for row in rows(ledger, HOLDING)}


def test_a_journal_read_twice_changes_nothing(ledger: Ledger, journal: Journal) -> None:
    write(journal, *DAY)
    projector(ledger, journal).catch_up()
    before = everything(ledger)
    with ledger.begin() as connection:
        connection.exec_driver_sql("DELETE FROM cursors")
    assert projector(ledger, journal).catch_up() == len(DAY)
    assert everything(ledger) == before


@settings(max_examples=12)
@given(st.permutations(range(len(DAY))), st.lists(st.integers(1, 4), min_size=6, max_size=6))
def test_batches_and_order_do_not_matter(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], batches: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("ledger")
    ledger = Ledger.open(f"sqlite:///{folder / 'ledger.db'}")
    found = []
    for name, sequence, limits in (("a", range(len(DAY)), [100]), ("b", order, batches)):
        journal = Journal.open(folder / name)
        write(journal, *(DAY[n] for n in sequence))
        one = projector(ledger, journal)
        for limit in limits:
            one.step(limit=limit)
        one.catch_up()
        found.append((rows(ledger, GROUNDS), holdings(ledger)))
        with ledger.begin() as connection:
            for table in ("cursors", "grounds", "holding", "outbox"):
                connection.exec_driver_sql(f"DELETE FROM {table}")
        journal.close()
    ledger.close()
    assert found[0] == found[1]


def test_what_a_strategy_asked_before_its_undo_does_not_hold_when_it_arrives_after(
    ledger: Ledger, journal: Journal
) -> None:
    """The projector was behind when the lead pressed the button."""
    write(journal, DAY[0])
    projector(ledger, journal).catch_up()
    undo = Undo(
        strategy=SPAM.strategy, since=T0, until=T0 + 10, reason="bad list", asked_by="lena", asked_at=T0 + 10
    )
    with ledger.begin() as connection:
        assert request(connection, undo, EFFECTS).state == "applied"
    write(
        journal,
        decided("late", remove(SPAM), subject="late", at=T0 + 10),
        decided("after", remove(SPAM), subject="after", at=T0 + 11),
    )
    projector(ledger, journal, at=T0 + 20).catch_up()
    with ledger.read() as connection:
        held = dict(
            connection.execute(
                select(HOLDING.c.target_id, HOLDING.c.action).where(HOLDING.c.axis == "visibility")
            ).all()
        )
    assert held == {"c0": "remove", "after": "remove"}  # c0 is a scam too, which was not undone


def test_two_deliverers_never_hold_one_message(ledger: Ledger, journal: Journal) -> None:
    write(journal, *DAY)
    projector(ledger, journal).catch_up()
    rng = random.Random(1)
    taken: list[str] = []
    while True:
        with ledger.begin() as connection:
            mine = claim(connection, "platform", at=T0, lease_until=T0 + 100, limit=rng.randint(1, 3))
        with ledger.begin() as connection:
            assert claim(connection, "platform", at=T0, lease_until=T0 + 100, limit=0) == []
            for message in mine[::2]:
                settle(connection, message.message_id, state=SENT, at=T0)
        if not mine:
            break
        taken += [message.message_id for message in mine]
    assert len(taken) == len(set(taken)) == len(rows(ledger, OUTBOX))
    with ledger.begin() as connection:
        lapsed = claim(connection, "platform", at=T0 + 100, lease_until=T0 + 200, limit=100)
    assert 0 < len(lapsed) < len(taken)
