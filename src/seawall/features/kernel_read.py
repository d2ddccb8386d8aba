"""Reading a slot over a window, and what adding to it takes. See `kernel_model`."""

from __future__ import annotations

from seawall.core.compiled import inner
from seawall.features.answer import ABSENT, OVERFLOW
from seawall.features.functions import COUNT, DISTINCT, FIRST, LAST, LEAST, SUM
from seawall.features.kernel_cells import behead, enter, insert, leave, lower
from seawall.features.kernel_model import (
    AT,
    BACK,
    HEAD,
    HIGH,
    LIVE,
    LOST,
    LOW,
    PAIRS,
    PLACE,
    REST,
    SATURATED,
    SPLIT,
    SUFFIX,
    TAIL,
    TS,
    VALUE,
    Table,
)


@inner
def nothing(function: int) -> int:
    """Why the value of no entries is NULL; 0 where it is 0."""
    return 0 if function in (COUNT, DISTINCT) else ABSENT


@inner
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


@inner
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


@inner
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


@inner
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


@inner
def fits(t: Table, function: int, slot: int, time: int) -> bool:
    """Are there pairs to spare for one more entry and a late read? False if the table must grow first."""
    if function != DISTINCT:
        return True
    wanted = 1
    if t.slots[slot, PLACE] != -1 and time < t.slots[slot, AT]:
        wanted += t.slots[slot, LOW] - t.slots[slot, HEAD]
    return wanted <= len(t.pairs) // 2 - t.scalars[PAIRS]


@inner
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
