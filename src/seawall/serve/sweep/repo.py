"""Sweeps in the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import insert, select, update

from seawall.core.errors import NotFound
from seawall.serve.sweep.model import RUNNING, WAITING, Counts, Selection, Sweep
from seawall.store.tables import SWEEPS

if TYPE_CHECKING:
    from sqlalchemy import Connection, RowMapping

_DOCUMENTS = ("selection", "counts")


def ask(connection: Connection, sweep: Sweep) -> None:
    """Keep a request."""
    connection.execute(insert(SWEEPS).values(**_row(sweep)))


def save(connection: Connection, sweep: Sweep, *, before: Sweep) -> bool:
    """Keep how far it is; False if another process went on from the same place."""
    same = update(SWEEPS).where(
        SWEEPS.c.sweep_id == sweep.sweep_id, SWEEPS.c.cursor == before.cursor, SWEEPS.c.state == before.state
    )
    return connection.execute(same.values(**_row(sweep))).rowcount == 1


def sweeps(connection: Connection, *, limit: int = 50) -> list[Sweep]:
    """All, the newest first."""
    found = select(SWEEPS).order_by(SWEEPS.c.asked_at.desc(), SWEEPS.c.sweep_id).limit(limit)
    return [_sweep(row) for row in connection.execute(found).mappings()]


def open_sweeps(connection: Connection) -> list[Sweep]:
    """Those that are not at their end, the oldest first."""
    found = select(SWEEPS).where(SWEEPS.c.state.in_((WAITING, RUNNING))).order_by(SWEEPS.c.asked_at)
    return [_sweep(row) for row in connection.execute(found).mappings()]


def find_sweep(connection: Connection, sweep_id: str) -> Sweep:
    """One of them.

    Raises:
        NotFound: there is none with this id.
    """
    row = connection.execute(select(SWEEPS).where(SWEEPS.c.sweep_id == sweep_id)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no sweep {sweep_id!r}", hint="`seawall sweep --list` shows them")
    return _sweep(row)


def _row(sweep: Sweep) -> dict[str, Any]:
    row = {name: getattr(sweep, name) for name in Sweep.__struct_fields__}
    return row | {name: msgspec.json.encode(row[name]).decode() for name in _DOCUMENTS}


def _sweep(row: RowMapping) -> Sweep:
    plain = {name: row[name] for name in Sweep.__struct_fields__ if name not in _DOCUMENTS}
    return Sweep(
        selection=msgspec.json.decode(row["selection"], type=Selection),
        counts=msgspec.json.decode(row["counts"], type=Counts),
        **plain,
    )
