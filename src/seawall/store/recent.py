"""The ids of recent events, so that a repeated one is recognised: exact, bounded in time and in memory.

23 to 46 bytes per id: an open-addressed table from a 64-bit fingerprint to the offset of the decision,
which the caller reads to be certain. The window slides by an eighth at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Words = NDArray[np.uint64]

EIGHTHS = 8
_SMALLEST = 1 << 10
_FULL = 0.7
_FEW = 32  # so many keys are looked up one by one, which is faster then


class _Arrays(NamedTuple):
    """Keys and values (offset + 1; 0 is an empty place), and the same memory for reading one at a time."""

    keys: Words
    values: Words
    key_at: memoryview
    value_at: memoryview

    @classmethod
    def empty(cls, size: int) -> _Arrays:
        keys, values = np.zeros(size, np.uint64), np.zeros(size, np.uint64)
        return cls(keys, values, keys.data, values.data)


class Table:
    """From a key to the offsets under it. Grows, never shrinks."""

    def __init__(self) -> None:
        self.rows = 0
        self._arrays = _Arrays.empty(_SMALLEST)

    @property
    def bytes(self) -> int:
        """Memory of both arrays."""
        return len(self._arrays.keys) * 16

    def put(self, key: int, offset: int) -> None:
        """Add an offset under a key."""
        self._make_room(1)
        arrays = self._arrays
        mask = len(arrays.keys) - 1
        place = key & mask
        while arrays.value_at[place]:
            place = (place + 1) & mask
        arrays.key_at[place], arrays.value_at[place] = key, offset + 1
        self.rows += 1

    def put_all(self, keys: Words, offsets: Words) -> None:
        """Add many; both of shape (rows,)."""
        self._make_room(len(keys))
        _place_all(self._arrays, keys, offsets + np.uint64(1))
        self.rows += len(keys)

    def get(self, key: int) -> Iterator[int]:
        """The offsets under a key."""
        arrays = self._arrays
        mask = len(arrays.keys) - 1
        place = key & mask
        while arrays.value_at[place]:
            if arrays.key_at[place] == key:
                yield arrays.value_at[place] - 1
            place = (place + 1) & mask

    def holds(self, keys: Words) -> NDArray[np.bool_]:
        """Whether there is anything under each key, shape (keys,)."""
        arrays = self._arrays
        mask = np.uint64(len(arrays.keys) - 1)
        found = np.zeros(len(keys), np.bool_)
        places, left = keys & mask, np.arange(len(keys))
        while len(left):
            full = arrays.values[places] != 0
            same = full & (arrays.keys[places] == keys[left])
            found[left[same]] = True
            on = full & ~same
            places, left = (places[on] + np.uint64(1)) & mask, left[on]
        return found

    def _make_room(self, more: int) -> None:
        size = len(self._arrays.keys)
        while self.rows + more > size * _FULL:
            size *= 2
        if size > len(self._arrays.keys):
            old, grown = self._arrays, _Arrays.empty(size)
            taken = np.flatnonzero(old.values)
            order = taken[np.argsort(old.values[taken])]
            _place_all(grown, old.keys[order], old.values[order])
            self._arrays = grown  # at once: a reader in another thread sees the old arrays or the new


def _place_all(arrays: _Arrays, keys: Words, values: Words) -> None:
    mask = np.uint64(len(arrays.keys) - 1)
    places, left = keys & mask, np.arange(len(keys))
    while len(left):
        free = np.flatnonzero(arrays.values[places] == 0)
        won = free[np.unique(places[free], return_index=True)[1]]  # one of those that want the same place
        arrays.keys[places[won]] = keys[left[won]]
        arrays.values[places[won]] = values[left[won]]
        on = np.ones(len(left), np.bool_)
        on[won] = False
        places, left = (places[on] + np.uint64(1)) & mask, left[on]


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
            table = self._next(at)
        table.put(key, offset)

    def add_all(self, keys: Words, offsets: Words, at: NDArray[np.int64]) -> None:
        """`add` of many, one after the other; all of shape (ids,)."""
        start = 0
        while start < len(keys):
            table, since = self._tables[-1]
            if table.rows == 0:
                since = int(at[start])
                self._tables[-1] = (table, since)
            room = self._ids // EIGHTHS - table.rows
            begins = at[start : start + max(room, 0)] - since >= self._span_us // EIGHTHS
            begins[: table.rows == 0] = False  # the first of a table is in it, whatever the time
            count = int(np.argmax(begins)) if begins.any() else len(begins)
            end = start + count
            if count:
                self._newest = max(self._newest, int(at[start:end].max()))
                table.put_all(keys[start:end], offsets[start:end])
            if end < len(keys):
                self._newest = max(self._newest, int(at[end]))
                self._next(int(at[end])).put(int(keys[end]), int(offsets[end]))
                end += 1
            start = end

    def offsets(self, key: int) -> list[int]:
        """Where decisions on events with this key may lie, newest first."""
        return sorted({offset for table, _ in self._tables for offset in table.get(key)}, reverse=True)

    def hold(self, keys: Words) -> NDArray[np.bool_]:
        """Whether `offsets` would give any, for each key; shape (keys,)."""
        if len(keys) < _FEW:
            return np.array([bool(self.offsets(key)) for key in keys.tolist()], np.bool_)
        found = np.zeros(len(keys), np.bool_)
        for table, _ in self._tables:
            found |= table.holds(keys)
        return found

    def _next(self, at: int) -> Table:
        table = Table()
        self._tables.append((table, at))
        self._slide()
        return table

    def _slide(self) -> None:
        while len(self._tables) > 1:
            oldest, _ = self._tables[0]
            _, ended = self._tables[1]
            too_old = ended < self._newest - self._span_us
            if not too_old and len(self) - oldest.rows < self._ids:
                return
            del self._tables[0]
