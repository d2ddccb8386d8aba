"""The state of one feature as plain arrays, for the kernel to work on.

A key has a *slot*, a row of `Table.slots`. Its entries lie in one segment of `Table.cells`, sorted by event
time, ties by arrival:

    start <= head <= low <= tail <= start + 2 ** power

Entries from `head` to `tail` are held. `SUM`, `LEAST` and `DISTINCT` keep an aggregate of `low` to `tail`,
the window of the newest read; a read that is late corrects it by what lies between. `LEAST` is two stacks:
`suffix` of a cell is the least from there to `split`, `back` that of `split` to `tail`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

NONE = -(2**63)
"""A time before all times."""

PLACE, HEAD, TAIL, LOST, LOW, AT, HIGH, REST = range(8)
WIDTH = 8
LIVE, SPLIT, BACK = HIGH, HIGH, REST
"""Columns of a slot, one cache line: its segment (64 times the start, and the power; -1 where it is free),
its oldest entry, behind its newest, up to when entries may have been evicted, where the aggregate begins, the
newest read it belongs to, and the aggregate: a sum in units of 2**32 and the rest of it; how many distinct
values; where the two stacks meet and the least of the second."""

TS, VALUE, SUFFIX = range(3)
"""Columns of a cell, as many as the function needs: when it happened, what is counted, see above."""

USED, PAIRS, ENTRIES, SATURATED = range(4)
FREE = 8
SCALARS = FREE + 48
"""Places in `Table.scalars`: cells used, pairs held, entries held, times a key reached its limit; then, by
power, where the first free segment lies."""

Ints = Any
"""An array of int64. What lies in it is an `int` to the compiler."""


class Table(NamedTuple):
    """The state of one feature.

    Attributes:
        slots: shape (slots, WIDTH).
        cells: shape (cells, 1 to 3).
        pairs: a hash table: slot and value, -1 where free, and how often that lies in the window of the slot.
        uses: by number for a value: entries that hold it.
        scalars: see above.
    """

    slots: Ints
    cells: Ints
    pairs: Ints
    uses: Ints
    scalars: Ints
