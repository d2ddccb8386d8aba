"""Control records that a command asks for: the process that owns the journal writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from seawall.act.facts import digest
from seawall.serve.controls import BANK
from seawall.store import Control
from seawall.store.audit import append
from seawall.store.tables import ASKED_CONTROLS, CONTROLS

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from seawall.store import Store
    from seawall.store.ledger import Ledger

_INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def ask(connection: Connection, control: Control) -> None:
    """Ask for a record; the same one twice is asked for once.

    Args:
        connection: a transaction that may write.
        control: the record.
    """
    put = _INSERT[connection.dialect.name](ASKED_CONTROLS).on_conflict_do_nothing()
    name = digest("control", control.kind, control.target, control.by, control.reason, str(control.at))
    connection.execute(
        put,
        {
            "ask_id": name,
            "kind": control.kind,
            "target": control.target,
            "at": control.at,
            "by": control.by,
            "reason": control.reason,
        },
    )


def take_asked(store: Store, *, now: int) -> list[tuple[int, Control]]:
    """Write what was asked for into the journal; gives it with its sequence numbers, in the order asked.

    Changes of banks are left: see `seawall.serve.banks`. A crash between writing and marking writes a record
    twice, which says the same twice.
    """
    written: list[tuple[int, Control]] = []
    for asked, control in waiting(store.ledger):
        if control.kind != BANK:
            written.append((store.control(control), control))
            seal(store.ledger, control, sequence=written[-1][0], asked=asked, now=now)
    return written


def waiting(ledger: Ledger, *, kind: str | None = None) -> list[tuple[str, Control]]:
    """What was asked for and nobody has taken, of one kind or of all, in the order asked, with its name."""
    wanted = select(ASKED_CONTROLS).where(ASKED_CONTROLS.c.taken.is_(None))
    if kind is not None:
        wanted = wanted.where(ASKED_CONTROLS.c.kind == kind)
    with ledger.read() as connection:
        rows = connection.execute(wanted.order_by(ASKED_CONTROLS.c.at, ASKED_CONTROLS.c.ask_id)).all()
    return [(row.ask_id, _control(row)) for row in rows]


def refuse(ledger: Ledger, control: Control, why: str, *, asked: str, now: int) -> None:
    """Mark what was asked for as done without doing it, and say why in the audit chain."""
    with ledger.begin() as connection:
        update_ = update(ASKED_CONTROLS).where(ASKED_CONTROLS.c.ask_id == asked)
        connection.execute(update_.values(taken=now))
        detail = {"reason": control.reason, "why": why}
        act = f"{control.kind}.refused"
        append(connection, at=now, by=control.by, act=act, target=control.target, detail=detail)


def seal(ledger: Ledger, control: Control, *, sequence: int, asked: str | None = None, now: int) -> None:
    """Put a control record into the audit chain, and mark what asked for it."""
    detail = {"reason": control.reason, "sequence": sequence}
    with ledger.begin() as connection:
        if asked is not None:
            same = ASKED_CONTROLS.c.ask_id == asked
            connection.execute(update(ASKED_CONTROLS).where(same).values(taken=now))
        act = "bank.change" if control.kind == BANK else f"strategy.{control.kind}"
        append(connection, at=control.at, by=control.by, act=act, target=control.target, detail=detail)


def controls_of(connection: Connection, writer: str) -> list[tuple[int, Control]]:
    """The control records of one writer's journal, as far as the ledger shows them."""
    own = select(CONTROLS).where(CONTROLS.c.writer == writer).order_by(CONTROLS.c.sequence)
    return [(row.sequence, _control(row)) for row in connection.execute(own)]


def controls_in(connection: Connection) -> list[Control]:
    """Every control record that the ledger shows, for a command beside the process that writes them."""
    rows = connection.execute(
        select(CONTROLS).order_by(CONTROLS.c.at, CONTROLS.c.writer, CONTROLS.c.sequence)
    )
    return [_control(row) for row in rows]


def _control(row: Row[Any]) -> Control:
    return Control(kind=row.kind, target=row.target, by=row.by, reason=row.reason, at=row.at)
