"""The ids of recent events, so that a repeated one is recognised: exact, bounded in time and in memory.

23 to 46 bytes per id: an open-addressed table from a 64-bit fingerprint to the offset of the decision,
which the caller reads to be certain. The window slides by an eighth at a time.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

EIGHTHS = 8
_SMALLEST = 1 << 10


class Table:
    """From a key to the offsets under it. Grows, never shrinks."""

    def __init__(self) -> None:
        self.rows = 0
        self._arrays = _empty(_SMALLEST)  # keys, and values: offset + 1; 0 is an empty place

    @property
    def bytes(self) -> int:
        """Memory of both arrays."""
        return len(self._arrays[0]) * 16

    def put(self, key: int, offset: int) -> None:
        """Add an offset under a key."""
        if self.rows * 10 >= len(self._arrays[0]) * 7:
            self._grow()
        _place(self._arrays, key, offset + 1)
        self.rows += 1

    def get(self, key: int) -> Iterator[int]:
        """The offsets under a key."""
        keys, values = self._arrays
        mask = len(keys) - 1
        place = key & mask
        while values[place]:
            if keys[place] == key:
                yield values[place] - 1
            place = (place + 1) & mask

    def _grow(self) -> None:
        old = sorted((value, key) for key, value in zip(*self._arrays, strict=True) if value)
        grown = _empty(len(self._arrays[0]) * 2)
        for value, key in old:
            _place(grown, key, value)
        self._arrays = grown  # at once: a reader in another thread sees the old arrays or the new


def _empty(size: int) -> tuple[array[int], array[int]]:
    return array("Q", bytes(8 * size)), array("Q", bytes(8 * size))


def _place(arrays: tuple[array[int], array[int]], key: int, value: int) -> None:
    keys, values = arrays
    mask = len(keys) - 1
    place = key & mask
    while values[place]:
        place = (place + 1) & mask
    keys[place], values[place] = key, value


class Recent:
    """A sliding window of tables, the oldest dropped whole.

    Args:
        ids: most ids remembered, within an eighth.
        seconds: how long they are remembered, within an eighth.
    """

    def __init__(self, *, ids: int, seconds: float) -> None:
        self._ids = max(EIGHTHS, ids)
        self._span_us = max(1, int(seconds * 1_000_000))
        self._tables: list[tuple[Table, int]] = [(Table(), 0)]  # with the time of the first id
        self._newest = 0

    def __len__(self) -> int:
        return sum(table.rows for table, _ in self._tables)

    @property
    def bytes(self) -> int:
        """Memory of the tables."""
        return sum(table.bytes for table, _ in self._tables)

    def add(self, key: int, offset: int, at: int) -> None:
        """Remember that the event with this key was decided at `at` (microseconds)."""
        self._newest = max(self._newest, at)
        table, since = self._tables[-1]
        if table.rows == 0:
            self._tables[-1] = (table, at)
        elif table.rows >= self._ids // EIGHTHS or at - since >= self._span_us // EIGHTHS:
            table = Table()
            self._tables.append((table, at))
            self._slide()
        table.put(key, offset)

    def offsets(self, key: int) -> list[int]:
        """Where decisions on events with this key may lie, newest first."""
        return sorted({offset for table, _ in self._tables for offset in table.get(key)}, reverse=True)

    def _slide(self) -> None:
        while len(self._tables) > 1:
            oldest, _ = self._tables[0]
            _, ended = self._tables[1]
            too_old = ended < self._newest - self._span_us
            if not too_old and len(self) - oldest.rows < self._ids:
                return
            del self._tables[0]
