"""Hashes that do not change any more, with the index that finds those near a hash."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from seawall.core.hamming.layout import Layout, choose_layout

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_HASHES = 150_000_000
"""Of one segment: places in the index are 32-bit numbers."""


@dataclass(frozen=True, eq=False)
class Segment:
    """Hashes as words of 64 bits, and for each chunk of them the order that sorts it.

    Attributes:
        words: shape (n, words); a hash shorter than its words ends in zeros.
        ids: number of each hash, ascending; int64, shape (n,).
        layout: how the hashes are cut; None where a search reads all of them.
        starts: for each chunk, one after the other, where each of its values begins in `order`; int32.
        order: rows sorted by the first chunk, then all by the second ...; int32, shape (n * chunks,).
    """

    words: NDArray[np.uint64]
    ids: NDArray[np.int64]
    layout: Layout | None
    starts: NDArray[np.int32]
    order: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.words)

    @property
    def nbytes(self) -> int:
        """Bytes of memory, or of a mapped file, that it takes."""
        return sum(each.nbytes for each in (self.words, self.ids, self.starts, self.order))


def build_segment(words: NDArray[np.uint64], ids: NDArray[np.int64], *, bits: int, radius: int) -> Segment:
    """The index of some hashes.

    Args:
        words: shape (n, words).
        ids: ascending; shape (n,).
        bits: of a hash.
        radius: the index is made for searches within so many bits; within more it may have to read all.
    """
    if len(words) > MOST_HASHES:
        raise ValueError(f"a segment holds at most {MOST_HASHES:,} hashes")
    layout = choose_layout(len(words), bits, radius)
    nothing = np.zeros(0, np.int32)
    if layout is None:
        return Segment(np.ascontiguousarray(words), ids, None, nothing, nothing)
    count, chunks = len(words), layout.chunks
    starts = np.empty(int(layout.tables[-1]), np.int32)
    order = np.empty(count * chunks, np.int32)
    for chunk in range(chunks):
        keys = layout.keys(words, chunk).astype(np.uint32)
        values = 1 << int(layout.widths[chunk])
        order[chunk * count : (chunk + 1) * count] = np.argsort(keys, kind="stable")
        table = starts[int(layout.tables[chunk]) : int(layout.tables[chunk + 1])]
        table[0] = chunk * count
        np.cumsum(np.bincount(keys, minlength=values), out=table[1:])
        table[1:] += chunk * count
    return Segment(np.ascontiguousarray(words), ids, layout, starts, order)


def as_words(raw: bytes, size: int) -> NDArray[np.uint64]:
    """Hashes of `size` bytes, end to end, as rows of 64-bit words.

    >>> as_words(bytes(range(20)), 10).shape
    (2, 2)
    """
    width = -(-size // 8) * 8
    if width == size:
        return np.frombuffer(raw, np.uint64).reshape(-1, width // 8)
    padded = np.zeros((len(raw) // size, width), np.uint8)
    padded[:, :size] = np.frombuffer(raw, np.uint8).reshape(-1, size)
    return padded.view(np.uint64)
