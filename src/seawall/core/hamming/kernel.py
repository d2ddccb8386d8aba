"""The two inner loops of a search, compiled where numba is installed; `search` has their plain form.

A row is reported by the first chunk that leads to it, so that nothing need be remembered. All of it stands
in one file: the compiler notices a change only in the file of the function it has kept.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

Ints: TypeAlias = Any
"""An array of whole numbers. What lies in it is an `int` to the compiler."""

F = TypeVar("F", bound="Callable[..., Any]")


def _numba() -> Any:
    try:
        return importlib.import_module("numba")
    except ImportError:
        return None


def _compiler(numba: Any) -> Callable[[F], F]:
    if numba is None:
        return lambda function: function
    return numba.njit(cache=True, nogil=True, boundscheck=False)


_FOUND = _numba()
COMPILED: bool = _FOUND is not None
"""Whether numba is there."""

jit = _compiler(_FOUND)

_AT_ONCE = 256  # rows that are read together


@jit
def ones(word: Any) -> Any:
    """How many bits of a 64-bit word are set; compiled, it is the machine's own instruction for that."""
    word = word - ((word >> np.uint64(1)) & np.uint64(0x5555555555555555))
    word = (word & np.uint64(0x3333333333333333)) + ((word >> np.uint64(2)) & np.uint64(0x3333333333333333))
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return (word * np.uint64(0x0101010101010101)) >> np.uint64(56)


@jit
def apart(words: Ints, row: int, queries: Ints, query: int) -> Any:
    """Bits in which a row and a query differ."""
    distance = np.uint64(0)
    for word in range(words.shape[1]):
        distance += ones(words[row, word] ^ queries[query, word])
    return distance


@jit
def scan_one(words: Ints, queries: Ints, query: int, radius: int, found: Ints, count: int) -> int:
    """Write every row near one query into `found`, behind `count` others; gives how many there are now."""
    for row in range(words.shape[0]):
        distance = apart(words, row, queries, query)
        if distance <= np.uint64(radius):
            if count < found.shape[0]:
                found[count, 0], found[count, 1], found[count, 2] = query, row, np.int64(distance)
            count += 1
    return count


@jit
def scan(words: Ints, queries: Ints, radius: int, found: Ints) -> int:
    """Write (query, row, distance) of what is near; gives how many there are, more than fit if need be."""
    count = 0
    for query in range(queries.shape[0]):
        count = scan_one(words, queries, query, radius, found, count)
    return count


@jit
def chunk_of(queries: Ints, query: int, begin: int, width: int) -> Any:
    """The value of one chunk of a hash."""
    place, shift = begin >> 6, np.uint64(begin & 63)
    value = queries[query, place] >> shift
    if (begin & 63) + width > 64:
        value |= queries[query, place + 1] << (np.uint64(64) - shift)
    return value & ((np.uint64(1) << np.uint64(width)) - np.uint64(1))


@jit
def seen_before(
    words: Ints, row: int, queries: Ints, query: int, begins: Ints, bound: Ints, chunk: int
) -> bool:
    """Does a chunk before this one lead to the row too?"""
    for other in range(chunk):
        width = begins[other + 1] - begins[other]
        one = chunk_of(words, row, begins[other], width)
        if np.int64(ones(one ^ chunk_of(queries, query, begins[other], width))) <= bound[other]:
            return True
    return False


@jit
def look_up(starts: Ints, places: Ints, flips: Ints, first: int, last: int, key: Any, lows: Ints) -> int:
    """Where the rows of each value lie that one chunk is looked up with; gives how many rows there are.

    Apart from reading them, so that the machine waits for many places of memory at once.
    """
    total = 0
    for look in range(first, last):
        at = places[look] + (key ^ flips[look])
        low, high = starts[at], starts[at + 1]
        lows[look - first, 0] = low
        lows[look - first, 1] = high
        total += high - low
    return total


@jit
def read(
    words: Ints, rows: Ints, held: int, queries: Ints, query: int, begins: Ints, bound: Ints, chunk: int,
    radius: int, found: Ints, count: int,
) -> int:  # fmt: skip
    """Compare candidates of one chunk; gives how many were found by now."""
    for place in range(held):
        row = rows[place]
        distance = apart(words, row, queries, query)
        if distance <= np.uint64(radius) and not seen_before(
            words, row, queries, query, begins, bound, chunk
        ):
            if count < found.shape[0]:
                found[count, 0], found[count, 1], found[count, 2] = query, row, np.int64(distance)
            count += 1
    return count


@jit
def search(
    words: Ints, starts: Ints, order: Ints, queries: Ints, begins: Ints, ends: Ints, places: Ints,
    flips: Ints, bound: Ints, radius: int, most: int, found: Ints,
) -> int:  # fmt: skip
    """As `scan`, by looks at tables; a query with more than `most` candidates reads every row instead.

    Args:
        words: of the segment.
        starts: likewise.
        order: likewise.
        queries: what is searched.
        begins: where chunks begin.
        ends: where the looks of each chunk begin, and where the last end.
        places: of each look: where the table of its chunk begins.
        flips: of each look.
        bound: of each chunk, see `Probes`.
        radius: bits.
        most: candidates.
        found: shape (room, 3).
    """
    count = 0
    widest = 0
    for chunk in range(len(ends) - 1):
        widest = max(widest, ends[chunk + 1] - ends[chunk])
    lows = np.empty((widest, 2), np.int32)
    rows = np.empty(_AT_ONCE, np.int32)
    for query in range(queries.shape[0]):
        before, total = count, 0
        for chunk in range(len(ends) - 1):
            first, last = ends[chunk], ends[chunk + 1]
            if first == last:
                continue
            key = np.int64(chunk_of(queries, query, begins[chunk], begins[chunk + 1] - begins[chunk]))
            total += look_up(starts, places, flips, first, last, key, lows)
            if total > most:
                break
            held = 0
            for look in range(last - first):
                for place in range(lows[look, 0], lows[look, 1]):
                    rows[held] = order[place]
                    held += 1
                    if held == _AT_ONCE:
                        count = read(
                            words, rows, held, queries, query, begins, bound, chunk, radius, found, count
                        )
                        held = 0
            count = read(words, rows, held, queries, query, begins, bound, chunk, radius, found, count)
        if total > most:
            count = scan_one(words, queries, query, radius, found, before)
    return count
