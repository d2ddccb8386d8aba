"""Which hashes of a segment lie within a radius of others: exact, whatever the hashes are.

Both forms give the same hits; the compiled one is used where numba is installed.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from seawall.core.hamming import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from seawall.core.hamming.layout import Layout, Probes
    from seawall.core.hamming.segment import Segment

_LOOKS = 1 << 20  # looks at tables that are taken at once
_CANDIDATES = 1 << 20  # rows that are read at once
_SCANNED = 1 << 22  # comparisons of a scan that are made at once
_SHARE = 4  # where more than one row in so many is a candidate, reading all is as quick
_FEW = 4_096  # candidates that are read whatever the share


class Hits(NamedTuple):
    """What was found, sorted by query, then by what it is.

    Attributes:
        query: number of the hash that was searched; int64, shape (hits,).
        row: what is near it: a row of a segment, or the number of a hash; int64, shape (hits,).
        distance: bits they differ in; int64, shape (hits,).
    """

    query: NDArray[np.int64]
    row: NDArray[np.int64]
    distance: NDArray[np.int64]


NOTHING = Hits(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64))


def search(segment: Segment, queries: NDArray[np.uint64], radius: int) -> Hits:
    """Every row of a segment within `radius` bits of each query.

    Args:
        segment: what is searched.
        queries: shape (queries, words), as the segment has them.
        radius: bits, from 0 on.
    """
    if not len(queries) or not len(segment):
        return NOTHING
    probes = segment.layout.probes(radius) if segment.layout is not None else None
    if segment.layout is None or probes is None:
        return scan(segment.words, queries, radius)
    if kernel.COMPILED:
        return _sorted(*_compiled(segment, segment.layout, probes, queries, radius))
    return _looked_up(segment, segment.layout, probes, queries, radius)


def scan(words: NDArray[np.uint64], queries: NDArray[np.uint64], radius: int) -> Hits:
    """The same of any rows, by comparing with each."""
    if kernel.COMPILED:
        room = 1_024
        while True:
            found = np.empty((room, 3), np.int64)
            count = kernel.scan(words, queries, radius, found)
            if count <= room:
                return Hits(*np.ascontiguousarray(found[:count].T))
            room = count
    parts: list[Hits] = []
    step = max(1, _SCANNED // max(len(queries), 1))
    for first in range(0, len(words), step):
        part = words[first : first + step]
        apart = np.zeros((len(queries), len(part)), np.int64)
        for word in range(words.shape[1]):
            apart += np.bitwise_count(queries[:, word, None] ^ part[None, :, word])
        query, row = np.nonzero(apart <= radius)
        parts.append(Hits(query, row + first, apart[query, row]))
    return _joined(parts)


def _compiled(
    segment: Segment, layout: Layout, probes: Probes, queries: NDArray[np.uint64], radius: int
) -> Hits:
    room = 1_024
    places = layout.tables[probes.chunk]
    ends = np.searchsorted(probes.chunk, np.arange(layout.chunks + 1))
    most = max(len(segment) // _SHARE, _FEW)
    while True:
        found = np.empty((room, 3), np.int64)
        count = kernel.search(
            segment.words, segment.starts, segment.order, queries, layout.begins, ends, places, probes.flips,
            probes.bound, radius, most, found,
        )  # fmt: skip
        if count <= room:
            return Hits(*np.ascontiguousarray(found[:count].T))
        room = count


def _looked_up(
    segment: Segment, layout: Layout, probes: Probes, queries: NDArray[np.uint64], radius: int
) -> Hits:
    keys = np.stack([layout.keys(queries, chunk) for chunk in range(layout.chunks)], axis=1).astype(np.int64)
    tables = layout.tables[probes.chunk]
    most = max(len(segment) // _SHARE, _FEW)
    step = max(1, _LOOKS // len(probes.chunk))
    parts: list[Hits] = []
    for first in range(0, len(queries), step):
        part = keys[first : first + step]
        looks = tables + (part[:, probes.chunk] ^ probes.flips)
        low = segment.starts[looks]
        counts = segment.starts[looks + 1] - low
        totals = counts.sum(axis=1, dtype=np.int64)
        for query in np.flatnonzero(totals > most):
            hits = scan(segment.words, queries[first + query : first + query + 1], radius)
            parts.append(Hits(hits.query + first + query, hits.row, hits.distance))
        counts[totals > most] = 0
        where, at = np.nonzero(counts)
        low, counts = low[where, at], counts[where, at]
        where += first
        parts.extend(
            _read(segment, queries, radius, where[some], low[some], counts[some])
            for some in _portions(counts)
        )
    return _distinct(_joined(parts))


def _portions(counts: NDArray[np.int32]) -> list[slice]:
    """Neighbouring places that together name not too many rows."""
    if not len(counts):
        return []
    upto = np.cumsum(counts, dtype=np.int64)
    edges = np.searchsorted(upto, np.arange(_CANDIDATES, int(upto[-1]) + _CANDIDATES, _CANDIDATES))
    edges = np.unique(np.concatenate([[0], np.minimum(edges + 1, len(counts))]))
    return [slice(low, high) for low, high in pairwise(edges.tolist())]


def _read(
    segment: Segment,
    queries: NDArray[np.uint64],
    radius: int,
    query: NDArray[np.int64],
    low: NDArray[np.int32],
    counts: NDArray[np.int32],
) -> Hits:
    asked = np.repeat(query, counts)
    ends = np.cumsum(counts, dtype=np.int64)
    places = np.arange(int(ends[-1])) + np.repeat(low - (ends - counts), counts)
    rows = segment.order[places]
    apart = np.bitwise_count(segment.words[rows] ^ queries[asked]).sum(axis=1, dtype=np.int64)
    near = np.flatnonzero(apart <= radius)
    return Hits(asked[near], rows[near].astype(np.int64), apart[near])


def _joined(parts: list[Hits]) -> Hits:
    if not parts:
        return NOTHING
    return _sorted(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _sorted(query: NDArray[np.int64], row: NDArray[np.int64], distance: NDArray[np.int64]) -> Hits:
    order = np.lexsort((row, query))
    return Hits(query[order], row[order], distance[order])


def _distinct(hits: Hits) -> Hits:
    """Without the same row found twice by one query; they stand side by side."""
    if len(hits.query) < 2:
        return hits
    new = np.ones(len(hits.query), np.bool_)
    new[1:] = (hits.query[1:] != hits.query[:-1]) | (hits.row[1:] != hits.row[:-1])
    return Hits(hits.query[new], hits.row[new], hits.distance[new])
