"""What has been recorded but not sealed into the lake yet: searched in memory, newest first."""

from __future__ import annotations

import threading
from bisect import bisect_left, insort
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from seawall.core.decision import Decision
    from seawall.store.search import Filter


class Tail:
    """Decisions by ordinal. Bounded by sealing, which drops what the lake has."""

    def __init__(self) -> None:
        self._rows: list[tuple[int, Decision]] = []
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def oldest(self) -> int | None:
        """When the oldest decision in it was made, microseconds."""
        rows = self._rows
        return rows[0][1].decided_at if rows else None

    def add(self, ordinal: int, decision: Decision) -> None:
        """Take in a decision, in whichever order two threads that record come by."""
        with self._lock:
            if not self._rows or ordinal > self._rows[-1][0]:
                self._rows.append((ordinal, decision))
            else:
                rows = list(self._rows)  # readers go on with the old ones
                insort(rows, (ordinal, decision), key=lambda row: row[0])
                self._rows = rows

    def drop_before(self, ordinal: int) -> None:
        """Forget what the lake has now."""
        with self._lock:
            self._rows = self._rows[bisect_left(self._rows, ordinal, key=lambda row: row[0]) :]

    def matching(self, wanted: Filter, *, before: int | None = None) -> Iterator[int]:
        """Ordinals of the decisions asked for, newest first, those before an ordinal if one is given."""
        rows = self._rows
        end = len(rows) if before is None else bisect_left(rows, before, key=lambda row: row[0])
        for place in range(min(end, len(rows)) - 1, -1, -1):
            ordinal, decision = rows[place]
            if wanted.matches(decision):
                yield ordinal

    def among(self, types: Collection[str], since: int, until: int) -> list[int]:
        """Ordinals of the decisions on events of these types in [since, until), microseconds."""
        return [ordinal for ordinal, one in self._rows if one.type in types and since <= one.ts < until]

    def actors(self, since: int, until: int) -> set[str]:
        """The accounts of the decisions made in [since, until), microseconds."""
        return {
            decision.actor
            for _, decision in self._rows
            if decision.actor is not None and since <= decision.decided_at < until
        }
