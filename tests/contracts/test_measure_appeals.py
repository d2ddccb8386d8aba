"""Appeals and reinstatements read from the ledger on both backends; every list of rows can be asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from act_ledgers import SCAM, decided, remove
from review_ledgers import ledger, postgres_server

from seawall.act import repo as facts
from seawall.act.effects import Effects
from seawall.act.facts import Facts
from seawall.act.grounds import grounds_of
from seawall.act.verdict import Cause, clear
from seawall.appeal.model import Cited, Done, Notice, NoticeKind
from seawall.appeal.repo import add, add_notice
from seawall.appeal.tables import APPEALS
from seawall.core.action import Ladders
from seawall.measure import Rows, Window
from seawall.measure.appealed import what_people_got
from seawall.measure.query import rows_of
from seawall.serve.web.pages.measure import _QUERIES

if TYPE_CHECKING:
    from seawall.act.facts import Ground
    from seawall.store.ledger import Ledger

__all__ = ["ledger", "postgres_server"]
T0 = 1_700_000_000_000_000
DAY = Window(T0, T0 + 86_400_000_000)


def notice(ground: Ground) -> Notice:
    return Notice(
        notice_id=ground.id,
        kind=NoticeKind.ACTION,
        decision_id=ground.decision_id,
        event_id=ground.event_id,
        account=ground.actor or "",
        own=True,
        subject=ground.subject,
        market=None,
        language=None,
        locale="en",
        done=(Done(ground.key, ground.action),),
        clauses=(Cited(ground.clause, "t", "t", "low", "terms"),),
        machine=True,
        title="t",
        text="t",
        words=None,
        decided_at=T0,
        created=ground.starts,
        appeal_until=DAY.until,
        token_digest=None,
    )


def test_rates_are_of_what_people_were_told(ledger: Ledger) -> None:
    grounds = []
    for number in range(10):
        one = decided(f"e{number}", remove(SCAM), subject=f"c{number}", actor=f"u{number}", at=T0 + number)
        grounds += grounds_of(one, ladders=Ladders.extended(), surface="comment")
    with ledger.begin() as connection:
        facts.add(connection, Facts(tuple(grounds)))
        for number, ground in enumerate(grounds):
            add_notice(connection, notice(ground))
            if number < 4:
                row = {
                    "appeal_id": f"a{number}",
                    "notice_id": ground.id,
                    "text": "x",
                    "evidence": "[]",
                    "task_id": f"t{number}",
                    "created": T0,
                    "state": "decided" if number else "open",
                    "outcome": {1: "overturned", 2: "reduced", 3: "upheld"}.get(number),
                }
                add(connection, APPEALS, row)
        undone = clear([grounds[1], grounds[9]], Cause(fact_id="v", reason="verdict", by="ada", at=T0 + 50))
        Effects(()).enact(connection, undone, at=T0 + 50)
    with ledger.read() as connection:
        rates = {rate.name: rate for rate in what_people_got(connection, DAY)}
        later = what_people_got(connection, Window(DAY.until, DAY.until + 1))
        rows = rates["appeal.rate"].rows
        assert rows
        listed = rows_of(connection, rows)
    assert (rates["appeal.rate"].value, rates["appeal.rate"].n) == (0.4, 10)
    assert rates["appeal.overturned"].value == pytest.approx(1 / 3)
    assert rates["appeal.overturn_rate"].value == pytest.approx(2 / 3)
    assert rates["reinstatement.rate"].value == 0.2
    assert sum(bool(row["reinstated"]) for row in listed) == 2
    assert not any(rate.known for rate in later)


def test_every_list_of_rows_can_be_asked_of_either_backend(ledger: Ledger) -> None:
    with ledger.read() as connection:
        for name, (_, wanted) in _QUERIES.items():
            values = {each: 0 if kind is int else "x" for each, kind in wanted.items()}
            assert rows_of(connection, Rows(name, values)) == []
