"""The inner loop over a batch, over plain arrays: compiled where numba is installed, else run as it stands.

A key has a *slot*, a row of `Table.slots`. Its entries lie in one segment of `Table.cells`, sorted by event
time, ties by arrival:

    start <= head <= low <= tail <= start + 2 ** power

Entries from `head` to `tail` are held. `SUM`, `LEAST` and `DISTINCT` keep an aggregate of `low` to `tail`,
the window of the newest read; a read that is late corrects it by what lies between. `LEAST` is two stacks:
`suffix` of a cell is the least from there to `split`, `back` that of `split` to `tail`.

All of it stands in one file: the compiler notices a change only in the file of the function it has kept.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, TypeVar

from seawall.features.answer import ABSENT, EVICTED, OVERFLOW
from seawall.features.functions import COUNT, DISTINCT, FIRST, LAST, LEAST, SUM

if TYPE_CHECKING:
    from collections.abc import Callable

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

Ints: TypeAlias = Any
"""An array of int64. What lies in it is an `int` to the compiler."""

F = TypeVar("F", bound="Callable[..., Any]")


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


def _compiler() -> Callable[[F], F]:
    try:
        numba: Any = importlib.import_module("numba")
    except ImportError:
        return lambda function: function
    return numba.njit(cache=True)


jit = _compiler()


@jit
def valued(function: int) -> bool:
    """Does it look at a value?"""
    return function in (SUM, LEAST, DISTINCT)


@jit
def nothing(function: int) -> int:
    """Why the value of no entries is NULL; 0 where it is 0."""
    return 0 if function in (COUNT, DISTINCT) else ABSENT


@jit
def lower(cells: Ints, low: int, high: int, time: int) -> int:
    """The first of `low` to `high` that is not before `time`."""
    while low < high:
        middle = (low + high) >> 1
        if cells[middle, TS] < time:
            low = middle + 1
        else:
            high = middle
    return low


@jit
def bucket(pairs: Ints, key: int) -> int:
    """Where a pair stands in the hash table, or where it would."""
    mask = len(pairs) - 1
    mixed = ((key >> 32) * 0x3C6EF371) ^ ((key & 0x7FFFFFFF) * 0x2545F491)
    place = (mixed ^ (mixed >> 29)) & mask
    while pairs[place, 0] != -1 and pairs[place, 0] != key:
        place = (place + 1) & mask
    return place


@jit
def unhash(pairs: Ints, place: int) -> None:
    """Free a place of the hash table, and move up what had to stand behind it."""
    mask = len(pairs) - 1
    pairs[place, 0] = -1
    place = (place + 1) & mask
    while pairs[place, 0] != -1:
        key, count = pairs[place, 0], pairs[place, 1]
        pairs[place, 0] = -1
        home = bucket(pairs, key)
        pairs[home, 0], pairs[home, 1] = key, count
        place = (place + 1) & mask


@jit
def rehash(pairs: Ints, to: Ints) -> None:
    """Put the pairs of one hash table into a larger one."""
    for place in range(len(pairs)):
        if pairs[place, 0] != -1:
            home = bucket(to, pairs[place, 0])
            to[home, 0], to[home, 1] = pairs[place, 0], pairs[place, 1]


@jit
def segment(cells: Ints, scalars: Ints, power: int) -> int:
    """A free segment of this size; -1 if there is none."""
    start = scalars[FREE + power]
    if start != -1:
        scalars[FREE + power] = cells[start, TS]
        return start
    start = scalars[USED]
    if start + (1 << power) > len(cells):
        return -1
    scalars[USED] = start + (1 << power)
    return start


@jit
def release(cells: Ints, scalars: Ints, place: int) -> None:
    """Give a segment back."""
    start, power = place >> 6, place & 63
    cells[start, TS] = scalars[FREE + power]
    scalars[FREE + power] = start


@jit
def move(t: Table, function: int, slot: int, to: int) -> None:
    """Move a slot's entries to the start of a segment."""
    slots, cells = t.slots, t.cells
    shift = to - slots[slot, HEAD]
    for place in range(slots[slot, HEAD], slots[slot, TAIL]):
        for column in range(cells.shape[1]):
            cells[place + shift, column] = cells[place, column]
    for column in (HEAD, TAIL, LOW):
        slots[slot, column] += shift
    if function == LEAST:
        slots[slot, SPLIT] += shift


@jit
def make_room(t: Table, function: int, slot: int) -> bool:
    """Room for one more entry of a slot; False if there are too few cells and nothing was changed."""
    slots = t.slots
    place = slots[slot, PLACE]
    if place == -1:
        start = segment(t.cells, t.scalars, 1)
        if start == -1:
            return False
        slots[slot, PLACE] = (start << 6) | 1
        for column in (HEAD, TAIL, LOW):
            slots[slot, column] = start
        if function == LEAST:
            slots[slot, SPLIT] = start
        return True
    start, room = place >> 6, 1 << (place & 63)
    if slots[slot, TAIL] < start + room:
        return True
    if (slots[slot, HEAD] - start) * 4 >= room:
        move(t, function, slot, start)
        return True
    larger = segment(t.cells, t.scalars, (place & 63) + 1)
    if larger == -1:
        return False
    move(t, function, slot, larger)
    release(t.cells, t.scalars, place)
    slots[slot, PLACE] = (larger << 6) | ((place & 63) + 1)
    return True


@jit
def enter(t: Table, function: int, slot: int, value: int) -> None:
    """Take a value into the aggregate of a slot; `LEAST` is kept elsewhere."""
    if function == SUM:
        t.slots[slot, HIGH] += value >> 32
        t.slots[slot, REST] += value & 0xFFFFFFFF
    elif function == DISTINCT:
        key = (slot << 32) | value
        place = bucket(t.pairs, key)
        if t.pairs[place, 0] == -1:
            t.pairs[place, 0] = key
            t.pairs[place, 1] = 1
            t.slots[slot, LIVE] += 1
            t.scalars[PAIRS] += 1
        else:
            t.pairs[place, 1] += 1


@jit
def leave(t: Table, function: int, slot: int, value: int) -> None:
    """Take a value out of the aggregate of a slot."""
    if function == SUM:
        t.slots[slot, HIGH] -= value >> 32
        t.slots[slot, REST] -= value & 0xFFFFFFFF
    elif function == DISTINCT:
        place = bucket(t.pairs, (slot << 32) | value)
        t.pairs[place, 1] -= 1
        if t.pairs[place, 1] == 0:
            unhash(t.pairs, place)
            t.slots[slot, LIVE] -= 1
            t.scalars[PAIRS] -= 1


@jit
def behead(t: Table, function: int, slot: int, head: int) -> None:
    """Forget the entries of a slot before `head`."""
    if valued(function):
        low = t.slots[slot, LOW]
        while low < head:
            leave(t, function, slot, t.cells[low, VALUE])
            low += 1
        t.slots[slot, LOW] = low
    if function == DISTINCT:
        for place in range(t.slots[slot, HEAD], head):
            t.uses[t.cells[place, VALUE]] -= 1
    t.scalars[ENTRIES] -= head - t.slots[slot, HEAD]
    t.slots[slot, HEAD] = head


@jit
def insert(t: Table, function: int, slot: int, time: int, value: int) -> None:
    """Add an entry where it belongs; there is room."""
    tail = t.slots[slot, TAIL]
    place = tail
    if tail > t.slots[slot, HEAD] and t.cells[tail - 1, TS] > time:
        place = lower(t.cells, t.slots[slot, HEAD], tail, time + 1)
    has_value = valued(function)
    for other in range(tail, place, -1):
        t.cells[other, TS] = t.cells[other - 1, TS]
        if has_value:
            t.cells[other, VALUE] = t.cells[other - 1, VALUE]
        if function == LEAST:
            t.cells[other, SUFFIX] = t.cells[other - 1, SUFFIX]
    t.cells[place, TS] = time
    t.slots[slot, TAIL] = tail + 1
    t.scalars[ENTRIES] += 1
    if not has_value:
        return
    t.cells[place, VALUE] = value
    if function == DISTINCT:
        t.uses[value] += 1
    if place < t.slots[slot, LOW]:
        t.slots[slot, LOW] += 1
        if function == LEAST:
            t.slots[slot, SPLIT] += 1
    elif function == LEAST:
        stack(t, slot, place, value, tail)
    else:
        enter(t, function, slot, value)


@jit
def stack(t: Table, slot: int, place: int, value: int, tail: int) -> None:
    """Take a value into the two stacks of a least."""
    split = t.slots[slot, SPLIT]
    if place >= split:
        if split == tail or value < t.slots[slot, BACK]:
            t.slots[slot, BACK] = value
        return
    t.slots[slot, SPLIT] = split + 1
    t.cells[place, SUFFIX] = min(value, t.cells[place + 1, SUFFIX])
    place -= 1
    while place >= t.slots[slot, LOW] and t.cells[place, SUFFIX] > value:
        t.cells[place, SUFFIX] = value
        place -= 1


@jit
def advance(t: Table, function: int, slot: int, bound: int) -> None:
    """Begin the aggregate at the first entry that is not before `bound`."""
    low, tail = t.slots[slot, LOW], t.slots[slot, TAIL]
    while low < tail and t.cells[low, TS] < bound:
        leave(t, function, slot, t.cells[low, VALUE])
        low += 1
    t.slots[slot, LOW] = low
    if function == LEAST and low > t.slots[slot, SPLIT]:
        t.slots[slot, SPLIT] = tail
        for place in range(tail - 1, low - 1, -1):
            value = t.cells[place, VALUE]
            t.cells[place, SUFFIX] = value if place == tail - 1 else min(value, t.cells[place + 1, SUFFIX])


@jit
def read_aggregate(t: Table, function: int, slot: int, time: int, over: int) -> tuple[int, int]:
    """The value over the window that ends at `time`, and why it is NULL."""
    bound = time - over
    tail = t.slots[slot, TAIL]
    if time >= t.slots[slot, AT]:
        t.slots[slot, AT] = time
        advance(t, function, slot, bound)
        low = first = t.slots[slot, LOW]
    else:
        low = t.slots[slot, LOW]
        first = lower(t.cells, t.slots[slot, HEAD], tail, bound)
    last = tail
    if tail > first and t.cells[tail - 1, TS] > time:
        last = lower(t.cells, first, tail, time + 1)
    if function == LEAST:
        return least(t, slot, first, last, exact=first == low and last == tail)
    if first == last and function == SUM:
        return 0, ABSENT
    for place in range(low, first):
        leave(t, function, slot, t.cells[place, VALUE])
    for place in range(max(last, low), tail):
        leave(t, function, slot, t.cells[place, VALUE])
    for place in range(first, min(low, last)):
        enter(t, function, slot, t.cells[place, VALUE])
    null = 0
    if function == DISTINCT:
        value = t.slots[slot, LIVE]
    else:
        high = t.slots[slot, HIGH] + (t.slots[slot, REST] >> 32)
        if high < -(2**31) or high >= 2**31:
            value, null = 0, OVERFLOW
        else:
            value = (high << 32) | (t.slots[slot, REST] & 0xFFFFFFFF)
    for place in range(first, min(low, last)):
        leave(t, function, slot, t.cells[place, VALUE])
    for place in range(max(last, low), tail):
        enter(t, function, slot, t.cells[place, VALUE])
    for place in range(low, first):
        enter(t, function, slot, t.cells[place, VALUE])
    return value, null


@jit
def least(t: Table, slot: int, first: int, last: int, exact: bool) -> tuple[int, int]:  # noqa: FBT001
    """The least value of `first` to `last`; `exact` if that is the aggregate's own range."""
    if first >= last:
        return 0, ABSENT
    split = t.slots[slot, SPLIT]
    if not exact:
        found = t.cells[first, VALUE]
        for place in range(first + 1, last):
            found = min(found, t.cells[place, VALUE])
        return found, 0
    if first >= split:
        return t.slots[slot, BACK], 0
    if split == last:
        return t.cells[first, SUFFIX], 0
    return min(t.cells[first, SUFFIX], t.slots[slot, BACK]), 0


@jit
def read(t: Table, function: int, slot: int, time: int, over: int) -> tuple[int, int]:
    """The value over the window that ends at `time`, and why it is NULL."""
    head, tail = t.slots[slot, HEAD], t.slots[slot, TAIL]
    if head == tail:
        return 0, nothing(function)
    if function == COUNT:
        last = tail if t.cells[tail - 1, TS] <= time else lower(t.cells, head, tail, time + 1)
        return last - lower(t.cells, head, last, time - over), 0
    if function == FIRST:
        place = lower(t.cells, head, tail, time - over)
        if place < tail and t.cells[place, TS] <= time:
            return t.cells[place, TS], 0
        return 0, ABSENT
    if function == LAST:
        place = lower(t.cells, head, tail, time + 1) - 1
        if place >= head and t.cells[place, TS] >= time - over:
            return t.cells[place, TS], 0
        return 0, ABSENT
    return read_aggregate(t, function, slot, time, over)


@jit
def fits(t: Table, function: int, slot: int, time: int) -> bool:
    """Are there pairs to spare for one more entry and a late read? False if the table must grow first."""
    if function != DISTINCT:
        return True
    wanted = 1
    if t.slots[slot, PLACE] != -1 and time < t.slots[slot, AT]:
        wanted += t.slots[slot, LOW] - t.slots[slot, HEAD]
    return wanted <= len(t.pairs) // 2 - t.scalars[PAIRS]


@jit
def add(t: Table, function: int, slot: int, time: int, value: int, bound: int, per_key: int) -> None:
    """Add an entry to a slot that has room; forget those before `bound`, and the oldest beyond the limit."""
    head, tail = t.slots[slot, HEAD], t.slots[slot, TAIL]
    if head < tail and t.cells[head, TS] < bound:
        behead(t, function, slot, lower(t.cells, head, tail, bound))
    insert(t, function, slot, time, value)
    tail = t.slots[slot, TAIL]
    if tail - t.slots[slot, HEAD] > per_key:
        behead(t, function, slot, tail - max(per_key * 9 // 10, 1))
        t.scalars[SATURATED] += 1
        if nothing(function) != 0:
            t.slots[slot, LOST] = max(t.slots[slot, LOST], t.cells[t.slots[slot, HEAD] - 1, TS])


@jit
def run(
    t: Table, function: int, over: int, lateness: int, per_key: int, lost: int, begin: int,
    ts: Ints, newest: Ints, slots: Ints, counts: Any, nulls: Any, values: Ints, out: Ints,
) -> int:  # fmt: skip
    """Count and read the requests from `begin` on; how far it came before an array must grow.

    Of a request are known its time, the newest time once it has arrived, the slot of its key (-1: none),
    whether it counts, why it is not to be read (0: it is), and what is counted. The value goes to `out`.
    `lost` is the newest entry of any evicted key.
    """
    for place in range(begin, len(ts)):
        slot, time = slots[place], ts[place]
        if slot == -1:
            if nulls[place] == 0:
                nulls[place] = EVICTED if lost >= time - over else nothing(function)
            continue
        if not fits(t, function, slot, time) or (counts[place] and not make_room(t, function, slot)):
            return place
        value, null = 0, nothing(function)
        lost_until = t.slots[slot, LOST]
        if function == LAST and t.slots[slot, PLACE] != -1:
            value, null = read(t, function, slot, time, over)  # the event itself is not seen
        if counts[place]:
            bound = newest[place] - lateness - over
            add(t, function, slot, time, values[place] if len(values) else 0, bound, per_key)
        if nulls[place] != 0:
            continue
        if function != LAST and t.slots[slot, PLACE] != -1:
            value, null = read(t, function, slot, time, over)
        if function != LAST:
            lost_until = t.slots[slot, LOST]
        if lost_until >= time - over:
            null = EVICTED
        out[place] = value
        nulls[place] = null
    return len(ts)


@jit
def expire(t: Table, function: int, slots: int, bound: int, idle: Ints) -> int:
    """Forget what no window can reach any more; how many slots are free now, their numbers in `idle`."""
    found = 0
    for slot in range(slots):
        if t.slots[slot, PLACE] == -1:
            continue
        head, tail = t.slots[slot, HEAD], t.slots[slot, TAIL]
        if t.cells[head, TS] < bound:
            behead(t, function, slot, lower(t.cells, head, tail, bound))
            if t.slots[slot, HEAD] == tail:
                release(t.cells, t.scalars, t.slots[slot, PLACE])
                t.slots[slot, PLACE] = -1
                idle[found] = slot
                found += 1
    return found


@jit
def put(t: Table, function: int, begin: int, slots: Ints, times: Ints, values: Ints) -> int:
    """Add entries from `begin` on to their slots; how far it came before an array must grow."""
    for place in range(begin, len(slots)):
        slot = slots[place]
        if not fits(t, function, slot, times[place]) or not make_room(t, function, slot):
            return place
        insert(t, function, slot, times[place], values[place] if len(values) else 0)
    return len(slots)
