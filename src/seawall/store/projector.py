"""From the journals to the ledger, exactly once: what is applied and how far are committed together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec
from sqlalchemy import Connection, insert, select, text, update

from seawall.core.errors import Corrupt
from seawall.store.brief import Entries
from seawall.store.entry import (
    Aside,
    Control,
    Entry,
    Finding,
    Kind,
    decode_aside,
    decode_control,
    decode_finding,
)
from seawall.store.tables import CURSORS, LOCKS

if TYPE_CHECKING:
    from seawall.store.frame import Frame
    from seawall.store.journal_reader import Records
    from seawall.store.ledger import Ledger

BATCH = 2000
_PROJECTING = 0x5EA1_9801  # advisory lock of PostgreSQL


class Item(msgspec.Struct, frozen=True):
    """One durable record on its way into the ledger."""

    writer: str
    offset: int
    body: Entry | Control | Finding | Aside


_READERS: Mapping[int, Callable[[bytes], Entry | Control | Finding | Aside]] = {
    Kind.CONTROL: decode_control,
    Kind.FINDING: decode_finding,
    Kind.ASIDE: decode_aside,
}

Projection: TypeAlias = Callable[[Connection, Sequence[Item]], None]
"""Applies records in the caller's transaction. The order in which records come must not matter to it."""


class Projector:
    """Applies every durable record of every journal to the ledger once.

    Args:
        ledger: where to.
        journals: by writer; only what each calls durable is read.
        projections: what to apply, all in one transaction with the new cursors.
        name: of this set of projections; its cursors are kept under it.
    """

    def __init__(
        self,
        ledger: Ledger,
        journals: Mapping[str, Records],
        projections: Sequence[Projection],
        *,
        name: str = "ledger",
    ) -> None:
        self._ledger = ledger
        self._journals = journals
        self._projections = tuple(projections)
        self._name = name
        self._known: dict[str, int] = {}
        with ledger.read() as connection:
            self._known = self._cursors(connection)
        self._check()

    @property
    def lag(self) -> int:
        """Bytes of journal that are durable and not yet applied."""
        return sum(
            max(0, journal.durable - self._known.get(writer, 0)) for writer, journal in self._journals.items()
        )

    def catch_up(self) -> int:
        """Apply everything that is durable now; gives how many records that were."""
        applied = 0
        while done := self.step():
            applied += done
        return applied

    def step(self, *, limit: int = BATCH) -> int:
        """Apply the next records of every journal in one transaction; gives how many, 0 when there are none.

        Raises:
            Corrupt: the ledger knows more than the journal holds.
        """
        if not self.lag:
            return 0
        with self._ledger.begin() as connection:
            _alone(connection)
            before = self._cursors(connection)  # another process may have been here
            after: dict[str, int] = {}
            items: list[Item] = []
            for writer, journal in self._journals.items():
                after[writer] = self._take(items, writer, journal, before.get(writer, 0), limit)
            for projection in self._projections:
                projection(connection, items)
            self._move(connection, before, after)
        self._known = {**before, **after}
        return len(items)

    def _take(self, items: list[Item], writer: str, journal: Records, start: int, limit: int) -> int:
        end, entries = start, Entries(journal.at)
        for count, frame in enumerate(journal.read(start)):
            if count == limit:
                break
            if (body := _body(frame, entries)) is not None:
                items.append(Item(writer, frame.offset, body))
            end = frame.end
        return end

    def _cursors(self, connection: Connection) -> dict[str, int]:
        query = select(CURSORS.c.writer, CURSORS.c.upto).where(CURSORS.c.projection == self._name)
        return {row.writer: row.upto for row in connection.execute(query)}

    def _move(self, connection: Connection, before: dict[str, int], after: dict[str, int]) -> None:
        for writer, upto in after.items():
            if writer not in before:
                row = {"projection": self._name, "writer": writer, "upto": upto}
                connection.execute(insert(CURSORS).values(row))
            elif upto != before[writer]:
                at = (CURSORS.c.projection == self._name) & (CURSORS.c.writer == writer)
                connection.execute(update(CURSORS).where(at).values(upto=upto))

    def _check(self) -> None:
        for writer, journal in self._journals.items():
            if (known := self._known.get(writer, 0)) > journal.durable:
                raise Corrupt(
                    f"the ledger has applied the journal of {writer!r} up to offset {known}, "
                    f"but the journal ends at {journal.durable}",
                    hint="records were lost, or this is another ledger: restore both from one backup",
                )


def _body(frame: Frame, entries: Entries) -> Entry | Control | Finding | Aside | None:
    read = _READERS.get(frame.kind)
    return entries.read(frame) if read is None else read(frame.body)


def _alone(connection: Connection) -> None:
    """One projector at a time; the lock ends with the transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _PROJECTING})
        return
    taken: Any = connection.execute(update(LOCKS).where(LOCKS.c.name == "projector").values(held=1))
    if not taken.rowcount:
        connection.execute(insert(LOCKS).values(name="projector", held=1))
