"""What people concluded, from the ledger into the journal: each once, wherever the process dies.

A finding is enqueued in the transaction that settles it. The copier then claims it for one writer's journal
(with the offset at which that journal ends), writes it there, and marks it with the offset it got. After a
crash between writing and marking it looks in that journal, from the claimed offset on, for what is there
already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from seawall.store.entry import Finding
from seawall.store.tables import COPIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sqlalchemy import Connection

    from seawall.store.decisions import Decisions
    from seawall.store.ledger import Ledger

BATCH = 500
_INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def enqueue(connection: Connection, findings: Iterable[Finding], *, at: int) -> None:
    """Let findings be copied, in the transaction that made them; one that was enqueued before stays as it is.

    Args:
        connection: a transaction that may write.
        findings: what was concluded.
        at: microseconds.
    """
    rows = [{"finding_id": one.finding_id, "body": _body(one, at), "created": at} for one in findings]
    if rows:
        connection.execute(_INSERT[connection.dialect.name](COPIES).on_conflict_do_nothing(), rows)


def _body(finding: Finding, at: int) -> str:
    return msgspec.json.encode(msgspec.structs.replace(finding, known=at)).decode()


class Copier:
    """Copies into the journal of one writer. One thread drives it."""

    def __init__(self, ledger: Ledger, decisions: Decisions) -> None:
        self._ledger = ledger
        self._decisions = decisions
        self._sure = False  # whether every claim of ours is known to be in the journal, or known not to be

    def copy(self, write: Callable[[Sequence[Finding]], Sequence[int]] | None = None) -> list[Finding]:
        """Copy everything that waits; gives what was written now, durable, in the order of the journal.

        Args:
            write: makes findings durable in the journal of this writer, and gives their offsets.

        Raises:
            StorageError: the disk refuses; what was claimed is written by a later call.
        """
        if not self._sure:
            self._recall()
        written: list[Finding] = []
        while claimed := self._claim():
            self._sure = False
            offsets = (write or self._decisions.note)(claimed)
            self._mark(zip((one.finding_id for one in claimed), offsets, strict=True))
            self._sure = True
            written += claimed
        return written

    def _recall(self) -> None:
        """Mark what an earlier attempt wrote and did not come to mark."""
        own = (COPIES.c.writer == self._decisions.writer, COPIES.c.copied.is_(None))
        with self._ledger.read() as connection:
            first = connection.scalar(select(func.min(COPIES.c.after)).where(*own))
            open_ = set(connection.scalars(select(COPIES.c.finding_id).where(*own)))
        if first is not None:
            found = self._decisions.findings(first)
            self._mark((one.finding_id, offset) for offset, one in found if one.finding_id in open_)
        self._sure = True

    def _claim(self) -> Sequence[Finding]:
        """Ours that were not written, else the oldest that nobody has begun."""
        me, end = self._decisions.writer, self._decisions.journal.durable
        mine = (COPIES.c.writer == me, COPIES.c.copied.is_(None))
        bodies = select(COPIES.c.body).where(*mine).order_by(COPIES.c.created, COPIES.c.finding_id)
        free = (
            select(COPIES.c.finding_id)
            .where(COPIES.c.writer.is_(None), COPIES.c.copied.is_(None))
            .order_by(COPIES.c.created, COPIES.c.finding_id)
            .limit(BATCH)
        )
        with self._ledger.read() as connection:
            if connection.execute(free.limit(1)).first() is None:
                return _read(connection.scalars(bodies.limit(BATCH)))
        with self._ledger.begin() as connection:
            taken = COPIES.c.finding_id.in_(free.with_for_update(skip_locked=True))
            connection.execute(update(COPIES).where(taken).values(writer=me, after=end))
            return _read(connection.scalars(bodies))

    def _mark(self, places: Iterable[tuple[str, int]]) -> None:
        with self._ledger.begin() as connection:
            for finding_id, offset in places:
                connection.execute(
                    update(COPIES).where(COPIES.c.finding_id == finding_id).values(copied=offset)
                )


def _read(bodies: Iterable[str]) -> list[Finding]:
    return [msgspec.json.decode(body, type=Finding) for body in bodies]
