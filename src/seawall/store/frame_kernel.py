"""Many records as `frame.encode` writes them, over plain arrays: compiled where numba is installed.

The checksum is CRC-32 by eight bytes at a time: M. Kounavis, F. Berry, Novel Table Lookup-Based Algorithms
for High-Performance CRC Generation, IEEE Transactions on Computers 57 (2008).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from seawall.core.compiled import Ints, copy, inner, jit, signed, stamp

if TYPE_CHECKING:
    from collections.abc import Callable

HEAD = 16
SEALED = 20


@cache
def tables() -> Ints:
    """What the checksum looks up, shape (8, 256)."""
    made = np.zeros((8, 256), np.int64)
    made[0] = np.arange(256)
    for _ in range(8):
        made[0] = np.where(made[0] & 1, 0xEDB88320 ^ (made[0] >> 1), made[0] >> 1)
    for nth in range(1, 8):
        made[nth] = made[0][made[nth - 1] & 255] ^ (made[nth - 1] >> 8)
    return made.astype(np.uint32)


@inner
def crc(table: Ints, sums: int, data: Ints, start: int, size: int) -> int:
    """The checksum of what came before, and of some bytes behind it, not turned round."""
    at, end = start, start + size
    while at + 8 <= end:
        word = (
            signed(data[np.uint64(at)])
            | signed(data[np.uint64(at + 1)]) << 8
            | signed(data[np.uint64(at + 2)]) << 16
            | signed(data[np.uint64(at + 3)]) << 24
        ) ^ sums
        sums = (
            signed(table[7, word & 255])
            ^ signed(table[6, word >> 8 & 255])
            ^ signed(table[5, word >> 16 & 255])
            ^ signed(table[4, word >> 24])
            ^ signed(table[3, data[np.uint64(at + 4)]])
            ^ signed(table[2, data[np.uint64(at + 5)]])
            ^ signed(table[1, data[np.uint64(at + 6)]])
            ^ signed(table[0, data[np.uint64(at + 7)]])
        )
        at += 8
    while at < end:
        sums = signed(table[0, (sums ^ signed(data[np.uint64(at)])) & 255]) ^ (sums >> 8)
        at += 1
    return sums


@inner
def little(out: Ints, at: int, number: int, size: int) -> None:
    """Write a number, its last byte first."""
    for each in range(size):
        out[at + each] = (number >> (8 * each)) & 255


def _made(sources: int) -> Callable[..., Any]:
    @jit
    def frames(
        table: Ints,
        mark: int,
        version: int,
        kinds: Ints,
        prefixes: Ints,
        data: Ints,
        starts: Ints,
        sizes: Ints,
        offset: int,
        synced: int,
        sealed: Ints,
        out: Ints,
        offsets: Ints,
    ) -> int:
        """Write records end to end; gives how many bytes they are.

        Args:
            table: of `tables`.
            mark: what each begins with.
            version: of the form.
            kinds: of each.
            prefixes: of each, the first bytes of its body, shape (records, bytes).
            data: where the rest of the bodies lies.
            starts: where that of each starts.
            sizes: how long it is.
            offset: of the first.
            synced: the last known durable offset.
            sealed: room for `SEALED` bytes.
            out: is filled with them.
            offsets: is filled with the offset of each.
        """
        at, ahead = sources & 0, prefixes.shape[1]
        for row in range(len(starts)):
            begins, length = offset + at, sizes[row] + ahead
            offsets[row] = begins
            little(sealed, 0, begins, 8)
            little(sealed, 8, mark, 2)
            sealed[10], sealed[11] = kinds[row], version
            little(sealed, 12, length, 4)
            little(sealed, 16, begins - synced, 4)
            for each in range(12):
                out[at + each] = sealed[8 + each]
            body = at + HEAD
            for each in range(ahead):
                out[body + each] = prefixes[row, each]
            start = starts[row]
            copy(data, start, sizes[row], out, body + ahead)
            sums = crc(table, crc(table, 0xFFFFFFFF, sealed, 0, SEALED), out, body, length)
            little(out, at + 12, sums ^ 0xFFFFFFFF, 4)
            at = body + length
        return at

    return frames


frames = _made(stamp(__file__))
