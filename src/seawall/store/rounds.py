"""Decisions that were not final, and when their next round is due: durable, whatever restarts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select, update

from seawall.core.clock import MICROS_PER_SECOND
from seawall.store.entry import Entry
from seawall.store.tables import ROUNDS
from seawall.store.upsert import upsert

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from seawall.core.decision import Decision
    from seawall.store.ledger import Ledger
    from seawall.store.projector import Item

PAUSE_US = 30 * MICROS_PER_SECOND
"""How long a signal that gave no answer is left in peace; four times as long after each further round."""

_KEPT_US = 86_400 * MICROS_PER_SECOND  # closed rows, so that a record seen late does not open one again


def due_at(decision: Decision) -> int:
    """When the next round may begin: at once if a signal was not waited for, after a pause if it failed."""
    pause = PAUSE_US * 4 ** (decision.round - 1) if decision.missing else 0
    return decision.decided_at + pause


def project_rounds(connection: Connection, items: Sequence[Item]) -> None:
    """What is not final is due; what a later round superseded is closed, in whichever order they come."""
    for item in items:
        if not isinstance(item.body, Entry):
            continue
        one = item.body.decision
        if one.supersedes is not None:
            row = {"decision_id": one.supersedes, "due_at": None, "closed": True}
            put = upsert(connection, ROUNDS).values(row)
            connection.execute(
                put.on_conflict_do_update(index_elements=["decision_id"], set_={"closed": True})
            )
        if not one.final:
            due: dict[str, Any] = {"decision_id": one.decision_id, "due_at": due_at(one), "closed": False}
            put = upsert(connection, ROUNDS).values(due)
            set_ = {"due_at": due["due_at"]}
            connection.execute(put.on_conflict_do_update(index_elements=["decision_id"], set_=set_))


def due_rounds(ledger: Ledger, *, at: int, limit: int) -> list[str]:
    """Ids of decisions whose next round may begin, the longest due first."""
    query = (
        select(ROUNDS.c.decision_id)
        .where(~ROUNDS.c.closed, ROUNDS.c.due_at <= at)
        .order_by(ROUNDS.c.due_at, ROUNDS.c.decision_id)
        .limit(limit)
    )
    with ledger.read() as connection:
        return list(connection.scalars(query))


def open_rounds(ledger: Ledger) -> int:
    """How many decisions wait for another round."""
    with ledger.read() as connection:
        query = select(func.count()).select_from(ROUNDS).where(~ROUNDS.c.closed)
        return int(connection.scalar(query) or 0)


def close_rounds(ledger: Ledger, decision_ids: Sequence[str], *, at: int) -> None:
    """These have no further round; long closed ones are forgotten."""
    with ledger.begin() as connection:
        if decision_ids:
            connection.execute(
                update(ROUNDS).where(ROUNDS.c.decision_id.in_(decision_ids)).values(closed=True, due_at=at)
            )
        connection.execute(delete(ROUNDS).where(ROUNDS.c.closed, ROUNDS.c.due_at < at - _KEPT_US))
