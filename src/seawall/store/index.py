"""Where a decision lies, by its id or its event's id: a sorted file beside each complete segment.

Keys are 64-bit fingerprints, so a hit must be checked against the record itself. The file can always be
rebuilt from its segment; a damaged one is.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from bisect import bisect_left
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from seawall.store.replace import replace

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

    from seawall.store.ports import Files, Handle

    Words = NDArray[np.uint64]

MAGIC = b"swindex1"
_HEADER = struct.Struct("<8sQqII")  # magic, rows, time of the newest decision, checksum, nothing
_WORD = struct.Struct("<Q")
EVENTS, DECISIONS = 0, 2  # which of the four arrays a search starts from


@lru_cache(maxsize=4_096)  # each new event is looked up twice before it gets its row
def fingerprint(text: str) -> int:
    """64 bits of a text.

    >>> fingerprint("e1") == fingerprint("e1"), fingerprint("e1") == fingerprint("e2")
    (True, False)
    """
    raw = text.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(raw, digest_size=8).digest(), "little")


def fingerprints(texts: Iterable[str]) -> Words:
    """`fingerprint` of each, shape (texts,)."""
    blake2b = hashlib.blake2b
    raw = [blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest() for text in texts]
    return np.frombuffer(b"".join(raw), "<u8").astype(np.uint64, copy=False)


class Rows(NamedTuple):
    """The two keys of some decisions, where they lie, and when they were made; each of shape (decisions,)."""

    event: Words
    decision: Words
    offset: Words
    at: NDArray[np.int64]

    @classmethod
    def none(cls) -> Rows:
        """No rows."""
        word = np.zeros(0, np.uint64)
        return cls(word, word, word, np.zeros(0, np.int64))

    @classmethod
    def joined(cls, parts: Iterable[Rows]) -> Rows:
        """The rows of several, one after the other."""
        listed = [cls.none(), *parts]
        return cls(
            np.concatenate([part.event for part in listed]),
            np.concatenate([part.decision for part in listed]),
            np.concatenate([part.offset for part in listed]),
            np.concatenate([part.at for part in listed]),
        )

    def between(self, start: int, end: int | None) -> Rows:
        """Those that lie from `start` up to `end`."""
        inside = self.offset >= np.uint64(start)
        if end is not None:
            inside &= self.offset < np.uint64(end)
        return Rows(self.event[inside], self.decision[inside], self.offset[inside], self.at[inside])


def write_index(files: Files, path: Path, rows: Rows) -> None:
    """Write the index of a segment.

    Raises:
        OSError: the disk refuses.
    """
    columns: list[Words] = []
    for keys in (rows.event, rows.decision):
        order = np.lexsort((rows.offset, keys))
        columns += [keys[order], rows.offset[order]]
    body = b"".join(column.astype("<u8", copy=False).tobytes() for column in columns)
    newest = int(rows.at.max()) if len(rows.at) else 0
    replace(files, path, _HEADER.pack(MAGIC, len(rows.at), newest, zlib.crc32(body), 0) + body)


class Index:
    """One index file, searched where it lies."""

    def __init__(self, handle: Handle, rows: int, newest: int) -> None:
        self._handle = handle
        self.rows = rows
        self.newest = newest

    @classmethod
    def open(cls, files: Files, path: Path) -> Index | None:
        """The index, or None if there is none or it is not whole."""
        try:
            handle = files.open(path)
        except FileNotFoundError:
            return None
        head = handle.read_at(_HEADER.size, 0)
        if len(head) == _HEADER.size:
            magic, rows, newest, seal, _ = _HEADER.unpack(head)
            size = rows * 4 * _WORD.size
            whole = magic == MAGIC and handle.size() == _HEADER.size + size
            if whole and zlib.crc32(handle.read_at(size, _HEADER.size)) == seal:
                return cls(handle, rows, newest)
        handle.close()
        return None

    def offsets(self, which: int, key: int) -> list[int]:
        """The offsets under a key, in order; `which` is EVENTS or DECISIONS."""
        row = bisect_left(range(self.rows), key, key=lambda row: self._word(which, row))
        found: list[int] = []
        while row < self.rows and self._word(which, row) == key:
            found.append(self._word(which + 1, row))
            row += 1
        return found

    def events(self) -> tuple[Words, Words]:
        """Every event key, and its offset."""
        return self._array(EVENTS), self._array(EVENTS + 1)

    def close(self) -> None:
        """Close the file."""
        self._handle.close()

    def _word(self, which: int, row: int) -> int:
        at = _HEADER.size + (which * self.rows + row) * _WORD.size
        return int(_WORD.unpack(self._handle.read_at(_WORD.size, at))[0])

    def _array(self, which: int) -> Words:
        size = self.rows * _WORD.size
        return np.frombuffer(self._handle.read_at(size, _HEADER.size + which * size), "<u8")
