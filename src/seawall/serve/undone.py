"""Seals what people did about an undo into the audit chain, whichever door they came by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.core.clock import format_time
from seawall.store.audit import append

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from seawall.act.repo_undo import UndoRow


def seal(connection: Connection, row: UndoRow, *, by: str, act: str, at: int) -> None:
    """Add it, in the transaction that does it.

    Args:
        connection: a transaction that may write.
        row: the undo as it is now.
        by: who did it.
        act: undo.ask, undo.apply, undo.approve or undo.refuse.
        at: microseconds.
    """
    undo = row.undo
    detail = {
        "undo": undo.id,
        "since": format_time(undo.since),
        "until": format_time(undo.until),
        "grounds": row.grounds,
        "reason": undo.reason,
    }
    append(connection, at=at, by=by, act=act, target=undo.strategy, detail=detail)
