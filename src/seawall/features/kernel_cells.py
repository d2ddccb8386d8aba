"""Entries and their aggregates: making room, adding, forgetting. See `kernel_model`."""

from __future__ import annotations

from seawall.core.compiled import inner
from seawall.features.functions import DISTINCT, LEAST, SUM
from seawall.features.kernel_model import (
    BACK,
    ENTRIES,
    FREE,
    HEAD,
    HIGH,
    LIVE,
    LOW,
    PAIRS,
    PLACE,
    REST,
    SPLIT,
    SUFFIX,
    TAIL,
    TS,
    USED,
    VALUE,
    Ints,
    Table,
)


@inner
def valued(function: int) -> bool:
    """Does it look at a value?"""
    return function in (SUM, LEAST, DISTINCT)


@inner
def lower(cells: Ints, low: int, high: int, time: int) -> int:
    """The first of `low` to `high` that is not before `time`."""
    while low < high:
        middle = (low + high) >> 1
        if cells[middle, TS] < time:
            low = middle + 1
        else:
            high = middle
    return low


@inner
def bucket(pairs: Ints, key: int) -> int:
    """Where a pair stands in the hash table, or where it would."""
    mask = len(pairs) - 1
    mixed = ((key >> 32) * 0x3C6EF371) ^ ((key & 0x7FFFFFFF) * 0x2545F491)
    place = (mixed ^ (mixed >> 29)) & mask
    while pairs[place, 0] != -1 and pairs[place, 0] != key:
        place = (place + 1) & mask
    return place


@inner
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


@inner
def rehash(pairs: Ints, to: Ints) -> None:
    """Put the pairs of one hash table into a larger one."""
    for place in range(len(pairs)):
        if pairs[place, 0] != -1:
            home = bucket(to, pairs[place, 0])
            to[home, 0], to[home, 1] = pairs[place, 0], pairs[place, 1]


@inner
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


@inner
def release(cells: Ints, scalars: Ints, place: int) -> None:
    """Give a segment back."""
    start, power = place >> 6, place & 63
    cells[start, TS] = scalars[FREE + power]
    scalars[FREE + power] = start


@inner
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


@inner
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


@inner
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


@inner
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


@inner
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


@inner
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


@inner
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
