"""From the journal to the lake: what has been decided, sealed when it is old enough or big enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.core.clock import MICROS_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seawall.store.decisions import Decisions
    from seawall.store.entry import Recorded
    from seawall.store.lake import Lake
    from seawall.store.limits import Limits
    from seawall.store.tail import Tail

ROWS = 20_000
"""Decisions per Parquet file at most: what is held in memory while it is written."""


class Sealer:
    """Moves the tail into the lake. One thread at a time."""

    def __init__(self, decisions: Decisions, lake: Lake, tail: Tail, limits: Limits) -> None:
        self._decisions = decisions
        self._lake = lake
        self._tail = tail
        self._limits = limits

    def due(self, now: int) -> bool:
        """Whether the tail is old enough or big enough."""
        oldest = self._tail.oldest
        if oldest is None:
            return False
        waiting = self._decisions.journal.durable - self._lake.sealed(self._decisions.writer)
        return (
            waiting >= self._limits.seal_bytes
            or now - oldest >= self._limits.seal_seconds * MICROS_PER_SECOND
        )

    def seal(self) -> int:
        """Seal everything recorded so far; gives how many decisions that were.

        Raises:
            StorageError: the disk refuses; what was sealed before it did is sealed.
        """
        stop = self._decisions.journal.durable
        sealed = 0
        for records, upto in self._stretches(stop):
            self._lake.seal(records, writer=self._decisions.writer, upto=upto)
            self._tail.drop_before(upto)  # only now: a search that missed the file has seen the tail
            sealed += len(records)
        return sealed

    def _stretches(self, stop: int) -> Iterator[tuple[list[Recorded], int]]:
        start = self._lake.sealed(self._decisions.writer)
        records: list[Recorded] = []
        for ordinal, entry in self._decisions.entries(start, stop):
            if len(records) == ROWS:
                yield records, ordinal
                records = []
            records.append(self._decisions.recorded(ordinal, entry))
        if records:
            yield records, stop
