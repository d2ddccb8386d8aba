"""Undos in the ledger: asked for, answered, and applied to what arrives later too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import func, select, update

from seawall.act.facts import Fall
from seawall.act.repo import insert_new
from seawall.act.tables import GROUNDS, UNDOS
from seawall.act.undo import Undo, falls_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import ColumnElement, Connection, RowMapping

    from seawall.act.facts import Ground

WAITING, APPLIED, REFUSED = "waiting", "applied", "refused"


class UndoRow(msgspec.Struct, frozen=True, kw_only=True):
    """An undo and what became of it."""

    undo: Undo
    grounds: int  # how many it named when it was asked for
    state: str
    answered_by: str | None = None
    answered_at: int | None = None


def named_by(undo: Undo) -> ColumnElement[bool]:
    """The grounds an undo names, as a condition on `GROUNDS`; the same as `Undo.names`."""
    return (GROUNDS.c.strategy == undo.strategy) & GROUNDS.c.starts.between(undo.since, undo.until)


def count_named(connection: Connection, undo: Undo) -> int:
    """How many grounds an undo names by now."""
    return connection.scalar(select(func.count()).select_from(GROUNDS).where(named_by(undo))) or 0


def ask(connection: Connection, undo: Undo, *, grounds: int) -> None:
    """Keep a request; a repeated one changes nothing."""
    row = {**msgspec.structs.asdict(undo), "undo_id": undo.id, "grounds": grounds, "state": WAITING}
    insert_new(connection, UNDOS, [row])


def answer(connection: Connection, undo_id: str, *, state: str, by: str, at: int) -> bool:
    """Allow or refuse a request that waits; False if another was quicker."""
    waiting = update(UNDOS).where(UNDOS.c.undo_id == undo_id, UNDOS.c.state == WAITING)
    return connection.execute(waiting.values(state=state, answered_by=by, answered_at=at)).rowcount == 1


def find_undo(connection: Connection, undo_id: str) -> UndoRow | None:
    """One request."""
    row = connection.execute(select(UNDOS).where(UNDOS.c.undo_id == undo_id)).mappings().first()
    return _row(row) if row else None


def list_undos(connection: Connection, *, state: str | None = None, limit: int = 100) -> list[UndoRow]:
    """Requests, the newest first."""
    wanted = select(UNDOS).order_by(UNDOS.c.asked_at.desc(), UNDOS.c.undo_id).limit(limit)
    if state is not None:
        wanted = wanted.where(UNDOS.c.state == state)
    return [_row(row) for row in connection.execute(wanted).mappings()]


def applied_falls(connection: Connection, grounds: Iterable[Ground]) -> tuple[Fall, ...]:
    """The falls that undos allowed earlier bring for grounds that arrive only now."""
    grounds = tuple(grounds)
    strategies = sorted({ground.strategy for ground in grounds})
    applied = select(UNDOS).where(UNDOS.c.strategy.in_(strategies), UNDOS.c.state == APPLIED)
    if not strategies:
        return ()
    return tuple(
        fall
        for row in map(_row, connection.execute(applied).mappings())
        for fall in falls_of(row.undo, grounds, by=row.answered_by or "", at=row.answered_at or 0)
    )


def falls_now(connection: Connection, undo: Undo, *, by: str, at: int) -> tuple[Fall, ...]:
    """The falls that an undo brings for the grounds that are there."""
    named = connection.scalars(select(GROUNDS.c.ground_id).where(named_by(undo)))
    return tuple(
        Fall(ground_id=ground_id, fact_id=undo.id, reason="undo", at=at, by=by) for ground_id in named
    )


def _row(row: RowMapping) -> UndoRow:
    names = Undo.__struct_fields__
    return UndoRow(
        undo=Undo(**{name: row[name] for name in names}),
        grounds=row["grounds"],
        state=row["state"],
        answered_by=row["answered_by"],
        answered_at=row["answered_at"],
    )
