"""A feature kept in arrays, for the kernel to work on: some tens of bytes per key and 8 or 16 per entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from seawall.core.decision import Reading
from seawall.features.aggregate import keep_one
from seawall.features.answer import NO_KEY, NULL_READINGS
from seawall.features.counter import Counter, Kept, Moments, column_of
from seawall.features.functions import DISTINCT, LEAST, NUMERIC, SUM
from seawall.features.kernel import behead, expire, put, rehash, release, run
from seawall.features.kernel_model import (
    AT,
    ENTRIES,
    FREE,
    HEAD,
    LOST,
    LOW,
    NONE,
    PAIRS,
    PLACE,
    SATURATED,
    SCALARS,
    TAIL,
    TS,
    VALUE,
    WIDTH,
    Table,
)
from seawall.features.request import Request

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from seawall.core.event import Event
    from seawall.core.types import Value
    from seawall.features.counter import Moment
    from seawall.features.model import Definition, Key, Limits, Tally

    Ints = NDArray[np.int64]

_COLUMNS = {SUM: 2, DISTINCT: 2, LEAST: 3}
"""Of a cell; of the other functions: one."""

_EMPTY = np.zeros(0, np.int64)


class CompiledCounter(Counter):
    """The entries of one feature in a `Table`; which slot a key has is looked up by its number."""

    def __init__(self, definition: Definition, *, limits: Limits, tally: Tally, started: bool) -> None:
        super().__init__(definition, limits=limits, tally=tally, started=started)
        self._value = column_of(self.spec.argument) if self.spec.argument is not None else None
        self._columns = _COLUMNS.get(self.function, 1)
        self._clear()

    def _clear(self) -> None:
        self._slots = np.full(1_024, -1, np.int32)  # by the number of a key
        self._keys = np.full(16, -1, np.int64)  # numbers of keys, by slot
        self._turns = np.zeros(16, np.int64)  # which was held first, by slot
        self._count = self._turn = 0  # slots ever used at once, and keys ever held
        self._free: list[int] = []
        scalars = np.zeros(SCALARS, np.int64)
        scalars[FREE:] = -1
        self._table = Table(
            np.zeros((0, WIDTH), np.int64),
            np.zeros((0, self._columns), np.int64),
            np.zeros((0, 2), np.int64),
            np.zeros(0, np.int32),
            scalars,
        )
        self._grow_slots(16)
        self._grow_cells(64)
        if self.function == DISTINCT:
            self._grow_pairs(64)

    @property
    def entries(self) -> int:
        """How many are held."""
        return int(self._table.scalars[ENTRIES])

    @property
    def keys(self) -> int:
        """How many keys are held."""
        return self._count - len(self._free)

    @property
    def bytes(self) -> int:
        """What the arrays take."""
        return sum(array.nbytes for array in self._table)

    def observe(self, event: Event, moment: Moment) -> Reading:
        """Count the event if it counts, and read the value over the window that ends at it."""
        key = self._key(event)
        if key is None:
            return NULL_READINGS[NO_KEY]
        answer = self.answer(self._request(event, key, moment), _moments(event, moment))
        null = answer.nulls.item()
        return NULL_READINGS[null] if null else Reading(answer.values.item())

    def absorb(self, event: Event, moment: Moment) -> None:
        """Count the event if it counts."""
        key = self._key(event)
        if key is not None and not moment.too_late:
            self.answer(self._request(event, key, moment), _moments(event, moment))

    def _request(self, event: Event, key: Key, moment: Moment) -> Request:
        counted = not moment.too_late and (self.definition.passes is None or self.definition.passes(event))
        values, vocabulary = None, None
        if self._value is not None:
            value = self._value(event)
            if self.spec.function in NUMERIC:
                kept = keep_one(self.spec, value)
                counted = counted and kept is not None
                values = np.array([kept or 0], np.int64)
            else:
                counted = counted and value is not None
                if self.function == DISTINCT:
                    values, vocabulary = np.zeros(1, np.int64), [value]
        return Request(
            np.zeros(1, np.intp), np.zeros(1, np.int32), [key], np.array([counted]), values, vocabulary
        )

    def _answer(
        self,
        request: Request,
        at: Ints,
        newest: Ints,
        counts: NDArray[np.bool_],
        nulls: NDArray[np.uint8],
    ) -> Ints:
        slots = self._slots_of(request, counts)
        values = _EMPTY if request.values is None else request.values
        if request.vocabulary is not None:
            values = self._numbers_of(values, request.vocabulary)
        kept = np.zeros(len(at), np.int64)
        limits, place = self.limits, 0
        lost = NONE if self.lost_until is None else self.lost_until
        while True:
            place = run(
                self._table, self.function, self.spec.over_us, limits.lateness_us, limits.per_key, lost,
                place, at, newest, slots, counts, nulls, values, kept,
            )  # fmt: skip
            if place == len(at):
                break
            self._grow(int(slots[place]))
        scalars = self._table.scalars
        self.tally.saturated += int(scalars[SATURATED])
        scalars[SATURATED] = 0
        return kept

    @property
    def numbers(self) -> Iterable[Ints]:
        """Of the keys and values that are held."""
        yield self._keys[self._held()]
        if self.function == DISTINCT:
            yield np.flatnonzero(self._table.uses)

    def _slots_of(self, request: Request, counts: NDArray[np.bool_]) -> Ints:
        """The slot of each request's key; a new one where something is counted."""
        numbers = self.known.of(request.distinct)
        if self.known.size > len(self._slots):
            self._slots = _longer(self._slots, self.known.size * 5 // 4, -1)
        slots = self._slots[numbers].astype(np.int64)
        missing = slots == -1
        if missing.any():
            wanted = np.zeros(len(numbers), np.bool_)
            wanted[request.codes[counts]] = True
            new = np.flatnonzero(wanted & missing)
            slots[new] = self._hold(numbers[new])
        return slots[request.codes]

    def _hold(self, numbers: Ints) -> Ints:
        """New slots for keys that are not held, each once."""
        again = min(len(self._free), len(numbers))
        reused = self._free[len(self._free) - again :]
        del self._free[len(self._free) - again :]
        fresh = len(numbers) - again
        places = np.array([*reused, *range(self._count, self._count + fresh)], np.int64)
        self._count += fresh
        if self._count > len(self._table.slots):
            self._grow_slots(2 * self._count)
        if self._count > len(self._keys):
            self._keys = _longer(self._keys, 2 * self._count, -1)
            self._turns = _longer(self._turns, 2 * self._count)
        self._slots[numbers], self._keys[places] = places, numbers
        self._turns[places] = np.arange(self._turn, self._turn + len(numbers))
        self._turn += len(numbers)
        rows = self._table.slots
        rows[places] = 0
        rows[places, PLACE] = -1
        rows[places, AT] = NONE
        rows[places, LOST] = NONE if self.lost_until is None else self.lost_until
        return places

    def _held(self) -> Ints:
        """Slots that are held, in the order in which they began to be."""
        held = np.flatnonzero(self._keys[: self._count] >= 0)
        return held[np.argsort(self._turns[held])]

    def _numbers_of(self, values: Ints, vocabulary: Sequence[Value]) -> Ints:
        """The number of each value that is counted apart."""
        numbers = self.known.of(vocabulary)
        if self.known.size > len(self._table.uses):
            self._table = self._table._replace(uses=_longer(self._table.uses, self.known.size * 5 // 4))
        return numbers[values] if len(numbers) else np.zeros(len(values), np.int64)

    def _grow(self, slot: int) -> None:
        """Make room for what the kernel stopped at."""
        table = self._table
        if self.function == DISTINCT:
            wanted = 1 + int(table.slots[slot, LOW] - table.slots[slot, HEAD])
            if wanted > len(table.pairs) // 2 - table.scalars[PAIRS]:
                self._grow_pairs(2 * len(table.pairs))
                return
        self._grow_cells(2 * len(table.cells))

    def _grow_slots(self, size: int) -> None:
        self._table = self._table._replace(slots=_longer(self._table.slots, size))

    def _grow_cells(self, size: int) -> None:
        self._table = self._table._replace(cells=_longer(self._table.cells, size))

    def _grow_pairs(self, size: int) -> None:
        pairs = np.full((size, 2), -1, np.int64)
        rehash(self._table.pairs, pairs)
        self._table = self._table._replace(pairs=pairs)

    def expire(self, before: int) -> None:
        """Drop entries that no window can reach any more."""
        idle = np.empty(self._count, np.int64)
        found = expire(self._table, self.function, self._count, before, idle)
        self._let_go(idle[:found])

    def _let_go(self, slots: Ints) -> None:
        self._slots[self._keys[slots]] = -1
        self._keys[slots] = -1
        self._free += slots.tolist()

    def idle(self) -> Iterable[tuple[int, Key]]:
        """The time of the newest entry of each key."""
        slots = self._held()
        newest: list[int] = (
            self._table.cells[self._table.slots[slots, TAIL] - 1, TS].tolist() if len(slots) else []
        )
        names = map(self.known.name, self._keys[slots].tolist())
        return list(zip(newest, names, strict=True))

    def forget(self, key: Key) -> int:
        """Evict a key that still mattered; how many entries that freed."""
        slot, table = int(self._slots[self.known.find(key)]), self._table
        tail = int(table.slots[slot, TAIL])
        self._lose(int(table.cells[tail - 1, TS]))
        freed = tail - int(table.slots[slot, HEAD])
        behead(table, self.function, slot, tail)
        release(table.cells, table.scalars, int(table.slots[slot, PLACE]))
        table.slots[slot, PLACE] = -1
        self._let_go(np.array([slot]))
        return freed

    def dump(self) -> Kept:
        """All that is held."""
        table, held = self._table, self._held()
        rows = table.slots[held]
        lengths = rows[:, TAIL] - rows[:, HEAD]
        begins = np.cumsum(lengths) - lengths
        cells = table.cells[np.repeat(rows[:, HEAD] - begins, lengths) + np.arange(lengths.sum())]
        values = cells[:, VALUE] if self._columns > 1 else _EMPTY
        vocabulary: list[Value] = []
        if self.function == DISTINCT:
            used, values = np.unique(values, return_inverse=True)
            names: list[Any] = list(map(self.known.name, used.tolist()))
            vocabulary = names
        keys = list(map(self.known.name, self._keys[held].tolist()))
        return Kept(keys, lengths, rows[:, LOST], cells[:, TS], values, vocabulary)

    def load(self, kept: Kept) -> None:
        """Hold this instead of what is held."""
        self._clear()
        values = kept.values
        if self.function == DISTINCT:
            values = self._numbers_of(values, kept.vocabulary)
        numbers = self.known.of(kept.keys)
        if self.known.size > len(self._slots):
            self._slots = _longer(self._slots, self.known.size * 5 // 4, -1)
        held = self._hold(numbers)
        self._table.slots[held, LOST] = kept.lost
        slots = np.repeat(np.arange(len(kept.keys)), kept.lengths)
        place = 0
        while True:
            place = put(self._table, self.function, place, slots, kept.times, values)
            if place == len(slots):
                return
            self._grow(int(slots[place]))


def _moments(event: Event, moment: Moment) -> Moments:
    late = np.array([True]) if moment.too_late else None
    return Moments(np.array([event.ts], np.int64), np.array([moment.newest], np.int64), late)


def _longer(array: NDArray[Any], size: int, fill: int = 0) -> NDArray[Any]:
    longer = np.full((max(size, len(array)), *array.shape[1:]), fill, array.dtype)
    longer[: len(array)] = array
    return longer
