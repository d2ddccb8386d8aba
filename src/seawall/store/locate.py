"""Finding offsets by key over all segments: index files for the complete ones, memory for the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seawall.store.index import Index, Rows, write_index

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from seawall.store.ports import Files

_PARTS = 64  # parts of rows are joined when there are so many


class Locator:
    """The indexes of one journal, and the rows of segments that have none yet.

    Args:
        folder: where the segments lie; index files lie beside them.
        files: the file system.
        read_only: never write an index file.
    """

    def __init__(self, folder: Path, files: Files, *, read_only: bool = False) -> None:
        self._folder = folder
        self._files = files
        self._read_only = read_only
        self._indexes: dict[int, Index] = {}
        self._parts: list[Rows] = []  # in order of offset
        self._open = -1  # where the segment being written starts

    def load(self, segments: Sequence[int], rows: Callable[[int, int | None], Rows]) -> None:
        """Take up the segments there are; an index that is missing is built from its segment.

        Args:
            segments: the offsets at which they start.
            rows: reads the rows between two offsets from the journal.
        """
        self._parts = []
        ends = [*segments[1:], None]
        for base, end in zip(segments, ends, strict=True):
            if end is not None and base not in self._indexes:
                index = Index.open(self._files, self._path(base))
                if index is not None:
                    self._indexes[base] = index
            if base not in self._indexes:
                self.add(rows(base, end))
        self._open = -1
        self.settle(segments)

    def add(self, rows: Rows) -> None:
        """Note decisions just recorded."""
        self._parts.append(rows)
        if len(self._parts) >= _PARTS and 2 * len(self._parts[0].at) <= sum(
            len(part.at) for part in self._parts
        ):
            self._parts = [Rows.joined(self._parts)]
        elif len(self._parts) >= _PARTS:
            self._parts = [self._parts[0], Rows.joined(self._parts[1:])]

    def settle(self, segments: Sequence[int]) -> None:
        """Write the index of each segment completed since; what cannot be written stays in memory."""
        if self._read_only or not segments or segments[-1] == self._open:
            return
        self._open = segments[-1]
        held, left = Rows.joined(self._parts), list[Rows]()
        ends = [*segments[1:], None]
        for base, end in zip(segments, ends, strict=True):
            if base in self._indexes:
                continue
            rows = held.between(base, end)
            if end is None or not self._write(base, rows):
                left.append(rows)
        self._parts = left

    def offsets(self, which: int, key: int) -> Iterator[int]:
        """Offsets under a key, newest first; `which` is EVENTS or DECISIONS."""
        for rows in reversed(self._parts):
            keys = rows[which // 2]
            yield from reversed(rows.offset[np.flatnonzero(keys == np.uint64(key))].tolist())
        for base in sorted(self._indexes, reverse=True):
            yield from reversed(self._indexes[base].offsets(which, key))

    def events(self, *, ids: int, span_us: int) -> Iterator[Rows]:
        """The rows of the newest segments that reach back far enough, the oldest first.

        Args:
            ids: stop going back after so many.
            span_us: stop going back so long before the newest.

        The time of a row in an indexed segment is that of the segment's newest, and it has no decision's key.
        """
        newest = max((int(rows.at.max()) for rows in self._parts if len(rows.at)), default=0)
        newest = max([newest, *(index.newest for index in self._indexes.values())])
        wanted: list[Index] = []
        count = sum(len(rows.at) for rows in self._parts)
        for base in sorted(self._indexes, reverse=True):
            index = self._indexes[base]
            if count >= ids or index.newest < newest - span_us:
                break
            wanted.append(index)
            count += index.rows
        for index in reversed(wanted):
            keys, offsets = index.events()
            yield Rows(keys, np.zeros_like(keys), offsets, np.full(index.rows, index.newest, np.int64))
        yield from self._parts

    def close(self) -> None:
        """Close the index files."""
        for index in self._indexes.values():
            index.close()
        self._indexes.clear()

    def _write(self, base: int, rows: Rows) -> bool:
        try:
            write_index(self._files, self._path(base), rows)
            index = Index.open(self._files, self._path(base))
        except OSError:
            return False
        if index is not None:
            self._indexes[base] = index
        return index is not None

    def _path(self, base: int) -> Path:
        return self._folder / f"{base:020d}.idx"
