"""Since when each live strategy has been live as it is: from then on it is held to its budget."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import delete, insert, select, update

from seawall.policy.model import Mode
from seawall.policy.normal import fingerprint
from seawall.store.tables import LIVE_SINCE

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from seawall.policy.model import Project, Strategy

_APART = frozenset({"span", "when_span", "describes", "owner", "title", "mode", "expect"})
"""What does not change whom a strategy touches; a changed promise is held against the same touches."""


def note_live(connection: Connection, project: Project, *, at: int) -> None:
    """Keep since when the live strategies of a release are live as they are, and forget the others.

    Args:
        connection: a transaction that may write.
        project: released now, or found in force.
        at: microseconds.
    """
    known = {row.strategy: row for row in connection.execute(select(LIVE_SINCE))}
    live = {
        name: _fingerprint(strategy)
        for name, strategy in project.strategies.items()
        if strategy.mode is Mode.LIVE
    }
    gone = sorted(known.keys() - live.keys())
    if gone:
        connection.execute(delete(LIVE_SINCE).where(LIVE_SINCE.c.strategy.in_(gone)))
    for name, print_ in live.items():
        if name not in known:
            connection.execute(insert(LIVE_SINCE).values(strategy=name, fingerprint=print_, since=at))
        elif known[name].fingerprint != print_:
            changed = update(LIVE_SINCE).where(LIVE_SINCE.c.strategy == name)
            connection.execute(changed.values(fingerprint=print_, since=at))


def live_since(connection: Connection) -> dict[str, int]:
    """By strategy, microseconds."""
    return {row.strategy: row.since for row in connection.execute(select(LIVE_SINCE))}


def _fingerprint(strategy: Strategy) -> str:
    said = msgspec.structs.asdict(strategy)
    return fingerprint({name: value for name, value in said.items() if name not in _APART})
