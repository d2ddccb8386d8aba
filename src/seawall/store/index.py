"""Where a decision lies, by its id or its event's id: a sorted file beside each complete segment.

Keys are 64-bit fingerprints, so a hit must be checked against the record itself. The file can always be
rebuilt from its segment; a damaged one is.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from array import array
from bisect import bisect_left
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from seawall.store.replace import replace

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from seawall.store.ports import Files, Handle

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


class Row(NamedTuple):
    """The two keys of a decision and where it lies."""

    event: int
    decision: int
    offset: int
    at: int  # when it was decided


def write_index(files: Files, path: Path, rows: Iterable[Row]) -> None:
    """Write the index of a segment.

    Raises:
        OSError: the disk refuses.
    """
    kept = list(rows)
    arrays: list[array[int]] = []
    for key in (0, 1):
        ordered = sorted(kept, key=lambda row, key=key: (row[key], row.offset))
        arrays += [array("Q", (row[key] for row in ordered)), array("Q", (row.offset for row in ordered))]
    body = b"".join(one.tobytes() for one in arrays)
    newest = max((row.at for row in kept), default=0)
    replace(files, path, _HEADER.pack(MAGIC, len(kept), newest, zlib.crc32(body), 0) + body)


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

    def events(self) -> zip[tuple[int, int]]:
        """Every (event key, offset)."""
        return zip(self._array(EVENTS), self._array(EVENTS + 1), strict=True)

    def close(self) -> None:
        """Close the file."""
        self._handle.close()

    def _word(self, which: int, row: int) -> int:
        at = _HEADER.size + (which * self.rows + row) * _WORD.size
        return int(_WORD.unpack(self._handle.read_at(_WORD.size, at))[0])

    def _array(self, which: int) -> array[int]:
        words: array[int] = array("Q")
        words.frombytes(
            self._handle.read_at(self.rows * _WORD.size, _HEADER.size + which * self.rows * _WORD.size)
        )
        return words
