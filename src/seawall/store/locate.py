"""Finding offsets by key over all segments: index files for the complete ones, memory for the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.store.index import Index, Row, write_index

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from seawall.store.ports import Files


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
        self._rows: list[Row] = []  # in order of offset
        self._by_key: tuple[dict[int, list[int]], dict[int, list[int]]] = ({}, {})
        self._open = -1  # where the segment being written starts

    def load(self, segments: Sequence[int], rows: Callable[[int, int | None], Iterator[Row]]) -> None:
        """Take up the segments there are; an index that is missing is built from its segment.

        Args:
            segments: the offsets at which they start.
            rows: reads the rows between two offsets from the journal.
        """
        self._forget_rows()
        ends = [*segments[1:], None]
        for base, end in zip(segments, ends, strict=True):
            if end is not None and base not in self._indexes:
                index = Index.open(self._files, self._path(base))
                if index is not None:
                    self._indexes[base] = index
            if base not in self._indexes:
                for row in rows(base, end):
                    self.add(row)
        self.settle(segments)

    def add(self, row: Row) -> None:
        """Note a decision just recorded."""
        self._rows.append(row)
        self._by_key[0].setdefault(row.event, []).append(row.offset)
        self._by_key[1].setdefault(row.decision, []).append(row.offset)

    def settle(self, segments: Sequence[int]) -> None:
        """Write the index of each segment completed since; what cannot be written stays in memory."""
        if self._read_only or not segments or segments[-1] == self._open:
            return
        self._open = segments[-1]
        left: list[Row] = []
        ends = [*segments[1:], None]
        for base, end in zip(segments, ends, strict=True):
            if base in self._indexes:
                continue
            rows = [row for row in self._rows if row.offset >= base and (end is None or row.offset < end)]
            if end is None or not self._write(base, rows):
                left += rows
        self._forget_rows()
        for row in left:
            self.add(row)

    def offsets(self, which: int, key: int) -> Iterator[int]:
        """Offsets under a key, newest first; `which` is EVENTS or DECISIONS."""
        yield from reversed(self._by_key[which // 2].get(key, []))
        for base in sorted(self._indexes, reverse=True):
            yield from reversed(self._indexes[base].offsets(which, key))

    def events(self, *, ids: int, span_us: int) -> Iterator[tuple[int, int, int]]:
        """(event key, offset, time) of the newest segments that reach back far enough, the oldest first.

        Args:
            ids: stop going back after so many.
            span_us: stop going back so long before the newest.

        The time of a row in an indexed segment is that of the segment's newest.
        """
        newest = max((row.at for row in self._rows), default=0)
        newest = max([newest, *(index.newest for index in self._indexes.values())])
        wanted: list[Index] = []
        count = len(self._rows)
        for base in sorted(self._indexes, reverse=True):
            index = self._indexes[base]
            if count >= ids or index.newest < newest - span_us:
                break
            wanted.append(index)
            count += index.rows
        for index in reversed(wanted):
            for key, offset in index.events():
                yield key, offset, index.newest
        for row in self._rows:
            yield row.event, row.offset, row.at

    def close(self) -> None:
        """Close the index files."""
        for index in self._indexes.values():
            index.close()
        self._indexes.clear()

    def _forget_rows(self) -> None:
        self._rows, self._by_key = [], ({}, {})

    def _write(self, base: int, rows: list[Row]) -> bool:
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
