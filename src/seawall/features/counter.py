"""One feature over all its keys: what it counts, under which key, and when it must not say a number."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from seawall.core.decision import Reading
from seawall.core.event import ENVELOPE, Event
from seawall.features import answer as codes
from seawall.features.answer import Answer
from seawall.features.window import WINDOWS, Window

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from seawall.core.types import Value
    from seawall.features.model import Definition, Key
    from seawall.features.request import Request

NO_KEY = Reading(null="no_key")
WARMING = Reading(null="warming")
LATE = Reading(null="late")
EVICTED = Reading(null="evicted")


class Counted(NamedTuple):
    """What a batch did to one feature."""

    answer: Answer
    added: int  # entries more than before, less when keys reached their limit
    saturated: int  # times a key reached its limit


class Counter:
    """The windows of one feature by key.

    Attributes:
        since: event time from which every event was seen; None: from the beginning of time.
        started: whether `since` is settled; a new definition starts with the next event of the stream.
        lost_until: newest entry of any evicted key; a key not held may have had entries up to then.
    """

    def __init__(self, definition: Definition, *, since: int | None = None, started: bool = False) -> None:
        spec = definition.spec
        self.definition = definition
        self.spec = spec
        self.since = since
        self.started = started
        self.lost_until: int | None = None
        self.windows: dict[Key, Window] = {}
        self._over = spec.over_us
        self._passes = definition.passes
        self._key = _key_of(spec.by)
        self._value = _column(spec.argument) if spec.argument is not None else None
        self._window = WINDOWS[spec.function]

    def add(self, event: Event) -> Window | None:
        """Count the event if its filter passes; the window it went into, None if it was not counted."""
        key = self._key(event)
        if key is None or (self._passes is not None and not self._passes(event)):
            return None
        value = None
        if self._value is not None:
            value = self._value(event)
            if value is None:
                return None
        window = self.windows.get(key)
        if window is None:
            window = self.windows[key] = self._window()
            window.lost_until = self.lost_until
        window.add(event.ts, value)
        return window

    def read(self, event: Event, *, too_late: bool = False) -> Reading:
        """The count over the window that ends at the event."""
        key = self._key(event)
        if key is None:
            return NO_KEY
        if too_late:
            return LATE
        ts = event.ts
        start = ts - self._over
        if self.since is not None and start < self.since:
            return WARMING
        window = self.windows.get(key)
        lost_until = self.lost_until if window is None else window.lost_until
        if lost_until is not None and start <= lost_until:
            return EVICTED
        return Reading(0 if window is None else window.read(ts, over=self._over))

    def answer(
        self, request: Request, ts: NDArray[np.int64], too_late: NDArray[np.bool_] | None, *, per_key: int
    ) -> Counted:
        """Count and read a whole batch: each of its events sees those before it, and itself.

        Args:
            request: what the batch asks of this feature.
            ts: of every event of the batch.
            too_late: which of them are neither counted nor read; None: none.
            per_key: entries that a key may have.
        """
        rows = request.rows
        at = ts[rows]
        count = len(rows)
        counts = np.ones(count, np.bool_) if request.counted is None else request.counted
        nulls = np.zeros(count, np.uint8)
        if too_late is not None:
            late = too_late[rows]
            nulls[late] = codes.LATE
            counts = counts & ~late
        if self.since is not None:
            nulls[(nulls == 0) & (at - self._over < self.since)] = codes.WARMING
        held = self._hold(request, at, counts, nulls, per_key)
        return Counted(Answer(held.values, nulls), held.added, held.saturated)

    def _hold(
        self,
        request: Request,
        at: NDArray[np.int64],
        counts: NDArray[np.bool_],
        nulls: NDArray[np.uint8],
        per_key: int,
    ) -> _Held:
        windows, distinct, over = self.windows, request.distinct, self._over
        slots = [windows.get(key) for key in distinct]
        read = [0] * len(at)
        times: list[int] = at.tolist()
        places: list[int] = request.codes.tolist()
        counted_: list[bool] = counts.tolist()
        null_: list[int] = nulls.tolist()
        values: list[Value] = request.values or [None] * len(at)
        added = saturated = 0
        steps = zip(times, places, counted_, null_, values, strict=True)
        for place, (ts, code, counted, null, value) in enumerate(steps):
            window = slots[code]
            if window is None:
                key = distinct[code]
                window = windows.get(key)  # it may stand twice among the distinct ones
                if window is None and counted:
                    window = windows[key] = self._window()
                    window.lost_until = self.lost_until
                slots[code] = window
            if counted and window is not None:
                window.add(ts, value)
                added += 1
                if len(window.times) > per_key:
                    added -= window.keep_newest(per_key * 9 // 10)
                    saturated += 1
            if null:
                continue
            lost_until = self.lost_until if window is None else window.lost_until
            if lost_until is not None and ts - over <= lost_until:
                nulls[place] = codes.EVICTED
            elif window is not None:
                read[place] = window.read(ts, over=over)
        return _Held(np.array(read, np.int64), added, saturated)

    def forget(self, key: Key) -> int:
        """Evict a key that still mattered; how many entries that freed."""
        window = self.windows.pop(key)
        newest = window.times[-1]
        self.lost_until = newest if self.lost_until is None else max(self.lost_until, newest)
        return len(window.times)

    def expire(self, before: int) -> int:
        """Drop entries that no window can reach any more; how many."""
        freed = 0
        idle: list[Key] = []
        for key, window in self.windows.items():
            freed += window.trim(before)
            if not window.times:
                idle.append(key)
        for key in idle:
            del self.windows[key]
        return freed


class _Held(NamedTuple):
    values: NDArray[np.int64]
    added: int
    saturated: int


def _column(name: str) -> Callable[[Event], Value]:
    if name in ENVELOPE:
        return attrgetter(name)

    def field(event: Event) -> Value:
        return event.fields.get(name)

    return field


def _key_of(names: tuple[str, ...]) -> Callable[[Event], Key]:
    columns = [_column(name) for name in names]
    if len(columns) == 1:
        return columns[0]

    def several(event: Event) -> Key:
        key = tuple([column(event) for column in columns])
        return None if None in key else key

    return several
