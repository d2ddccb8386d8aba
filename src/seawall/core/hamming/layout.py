"""How hashes are cut into chunks, and which values of each chunk a search must look at.

Two hashes of `m` chunks that differ in at most `r` bits have, for any `t_1 ... t_m` from -1 on with
`sum(t_i + 1) > r`, a chunk `i` that differs in at most `t_i` bits: otherwise they would differ in
`sum(t_i + 1)` bits or more (Norouzi, Punjani and Fleet, Fast search in Hamming space with multi-index
hashing, 2012, with the bounds of each chunk chosen apart). A chunk with -1 is not looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations
from math import comb
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_FLIPS = 2
"""Bits of one chunk that are flipped at most; a search that would need more reads every hash instead."""

_LEAST_BITS, _MOST_BITS = 8, 24  # of a chunk: a table of starts has 2 to the power of that entries
_READ = 1.5  # what reading a candidate costs, in looks at a table
_SCANNED = 0.15  # what each hash costs where all of them are read in order


@dataclass(frozen=True)
class Probes:
    """What a search within some radius looks at.

    Attributes:
        chunk: number of the chunk of each look; int64, shape (looks,), ascending.
        flips: bits to flip in the chunk of the hash that is searched; int64, shape (looks,).
        bound: of each chunk, the bits it may differ in and be found, or -1; int64, shape (chunks,).
    """

    chunk: NDArray[np.int64]
    flips: NDArray[np.int64]
    bound: NDArray[np.int64]


@dataclass(frozen=True)
class Layout:
    """Where the chunks of a hash begin. The first ones are a bit wider where they cannot be equal.

    Attributes:
        bits: of a hash.
        chunks: how many.
    """

    bits: int
    chunks: int

    @cached_property
    def begins(self) -> NDArray[np.int64]:
        """The first bit of each chunk and, behind the last, `bits`; shape (chunks + 1,)."""
        narrow, wider = divmod(self.bits, self.chunks)
        widths = np.full(self.chunks, narrow, np.int64)
        widths[:wider] += 1
        return np.concatenate([[0], np.cumsum(widths)])

    @cached_property
    def widths(self) -> NDArray[np.int64]:
        """Bits of each chunk; shape (chunks,)."""
        return np.diff(self.begins)

    @cached_property
    def tables(self) -> NDArray[np.int64]:
        """Where the table of each chunk begins if they lie end to end, and where the last ends."""
        return np.concatenate([[0], np.cumsum((1 << self.widths) + 1)])

    def keys(self, words: NDArray[np.uint64], chunk: int) -> NDArray[np.uint64]:
        """The value of one chunk of each hash; words of shape (n, words)."""
        begin, width = int(self.begins[chunk]), int(self.widths[chunk])
        place, shift = divmod(begin, 64)
        value = words[:, place] >> np.uint64(shift)
        if shift + width > 64:
            value = value | words[:, place + 1] << np.uint64(64 - shift)
        return value & np.uint64((1 << width) - 1)

    def probes(self, radius: int) -> Probes | None:
        """What to look at to find everything within a radius; None where every hash is read instead."""
        return _probes(self, radius)


@lru_cache(maxsize=256)
def _probes(layout: Layout, radius: int) -> Probes | None:
    each, more = divmod(radius + 1, layout.chunks)
    bound = np.full(layout.chunks, each - 1, np.int64)
    bound[layout.chunks - more :] += 1  # the narrow ones, which have fewer values
    if bound.max() > MOST_FLIPS:
        return None
    chunks: list[int] = []
    flips: list[int] = []
    for chunk, (most, width) in enumerate(zip(bound.tolist(), layout.widths.tolist(), strict=True)):
        for count in range(most + 1):
            for places in combinations(range(width), count):
                chunks.append(chunk)
                flips.append(sum(1 << place for place in places))
    return Probes(np.array(chunks, np.int64), np.array(flips, np.int64), bound)


def choose_layout(count: int, bits: int, radius: int) -> Layout | None:
    """The chunks with which the fewest entries and candidates are looked at; None: reading all is as good.

    It weighs looks at tables, and candidates as if hashes were evenly spread. The tables take no more room
    than the hashes and their order, or 32 MiB.

    >>> choose_layout(10_000_000, 256, 31)
    Layout(bits=256, chunks=11)
    >>> choose_layout(100, 256, 31) is None
    True
    """
    best: Layout | None = None
    least = count * _SCANNED
    for chunks in range(max(1, -(-bits // _MOST_BITS)), bits // _LEAST_BITS + 1):
        layout = Layout(bits, chunks)
        room = 4 * int(layout.tables[-1])
        if room > max(32 << 20, count * (bits // 8 + 4 * chunks)):
            continue
        cost = _cost(layout, count, radius)
        if cost is not None and cost < least:
            best, least = layout, cost
    return best


def _cost(layout: Layout, count: int, radius: int) -> float | None:
    each, more = divmod(radius + 1, layout.chunks)
    cost = 0.0
    for chunk, width in enumerate(layout.widths.tolist()):
        most = each - 1 + (chunk >= layout.chunks - more)
        if most > MOST_FLIPS:
            return None
        looks = sum(comb(width, flipped) for flipped in range(most + 1))
        cost += looks * (1 + _READ * count / (1 << width))
    return cost
