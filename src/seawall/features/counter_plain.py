"""A feature kept in Python objects: a window for each key. It says what the compiled form must say too."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

import numpy as np

from seawall.core.decision import Reading
from seawall.features.aggregate import BOUND, finish_one, keep_one
from seawall.features.answer import ABSENT, EVICTED, LATE, NO_KEY, NULL_READINGS, OVERFLOW, WARMING
from seawall.features.counter import Counter, Kept, column_of
from seawall.features.functions import BOUNDED, DISTINCT, LAST, NUMERIC
from seawall.features.window import WINDOWS, Window
from seawall.features.window_weighed import window_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from seawall.core.event import Event
    from seawall.core.types import Value
    from seawall.features.counter import Moment
    from seawall.features.model import Definition, Key, Limits, Tally
    from seawall.features.request import Request

NONE = -(2**63)
_ZERO = frozenset({"count", "count_distinct", "company"})
"""Functions that are 0 of no entries; the others are NULL."""

_COUNTED_ONE = 0  # what a window is given that looks at no values


class PlainCounter(Counter):
    """The windows of one feature by key, in a dict."""

    def __init__(self, definition: Definition, *, limits: Limits, tally: Tally, started: bool) -> None:
        super().__init__(definition, limits=limits, tally=tally, started=started)
        spec = self.spec
        self.windows: dict[Key, Window] = {}
        self._entries = 0
        self._over = spec.over_us
        self._value = column_of(spec.argument) if spec.argument is not None else None
        self._window = window_of(spec) or WINDOWS[self.function]
        self._of_nothing = 0 if spec.function in _ZERO else ABSENT

    @property
    def entries(self) -> int:
        """How many are held."""
        return self._entries

    @property
    def keys(self) -> int:
        """How many keys are held."""
        return len(self.windows)

    def observe(self, event: Event, moment: Moment) -> Reading:
        """Count the event if it counts, and read the value over the window that ends at it."""
        key = self._key(event)
        if key is None:
            return NULL_READINGS[NO_KEY]
        if moment.too_late:
            return NULL_READINGS[LATE]
        ts = event.ts
        if self.function == LAST:  # the event itself is not seen
            value, null = self._read(self.windows.get(key), ts)
            self.absorb(event, moment)
        else:
            self.absorb(event, moment)
            value, null = self._read(self.windows.get(key), ts)
        if self.untold or (self.since is not None and ts - self._over < self.since):
            return NULL_READINGS[WARMING]
        return NULL_READINGS[null] if null else Reading(finish_one(self.spec, value, ts))

    def absorb(self, event: Event, moment: Moment) -> None:
        """Count the event if it counts."""
        if moment.too_late:
            return
        key, passes = self._key(event), self.definition.passes
        if key is None or (passes is not None and not passes(event)):
            return
        value: Value = _COUNTED_ONE
        if self._value is not None:
            value = self._value(event)
            if value is not None and self.spec.function in NUMERIC:
                value = keep_one(self.spec, value)
            if value is None:
                return
        window = self.windows.get(key)
        if window is None:
            window = self._hold(key)
        self._add(window, event.ts, value, moment.newest)

    def _hold(self, key: Key) -> Window:
        window = self.windows[key] = self._window()
        window.lost_until = self.lost_until
        return window

    def _add(self, window: Window, ts: int, value: Value, newest: int) -> None:
        window.add(ts, value)
        self._entries += 1
        limits = self.limits
        if len(window.times) > limits.per_key:
            self._entries -= window.trim(newest - limits.lateness_us - self._over)
            over = len(window.times) - limits.per_key
            if over > 0:
                keep = max(limits.per_key * 9 // 10, 1)
                newest_lost = window.times[-keep - 1]
                self._entries -= window.keep_newest(keep)
                self.tally.saturated += 1
                if self.function not in BOUNDED:
                    window.lost_until = max(window.lost_until or newest_lost, newest_lost)

    def _read(self, window: Window | None, ts: int) -> tuple[int, int]:
        """The result and why it is NULL."""
        lost_until = self.lost_until if window is None else window.lost_until
        if lost_until is not None and ts - self._over <= lost_until:
            return 0, EVICTED
        if window is None:
            return 0, self._of_nothing
        value = window.read(ts, over=self._over)
        if value is None:
            return 0, ABSENT
        return (value, 0) if -BOUND <= value < BOUND else (0, OVERFLOW)

    def _answer(
        self,
        request: Request,
        at: NDArray[np.int64],
        newest: NDArray[np.int64],
        counts: NDArray[np.bool_],
        nulls: NDArray[np.uint8],
    ) -> NDArray[np.int64]:
        windows, last = self.windows, self.function == LAST
        distinct = request.distinct
        read = [0] * len(at)
        times: list[int] = at.tolist()
        newest_: list[int] = newest.tolist()
        codes: list[int] = request.codes.tolist()
        counted_: list[bool] = counts.tolist()
        null_: list[int] = nulls.tolist()
        keys: list[Key] = [distinct[code] for code in codes]
        values = values_of(request)
        steps = zip(times, newest_, keys, counted_, null_, values, strict=True)
        for place, (ts, until, key, counted, null, value) in enumerate(steps):
            window = windows.get(key)
            if last and not null:
                read[place], nulls[place] = self._read(window, ts)
            if counted:
                if window is None:
                    window = self._hold(key)
                self._add(window, ts, value, until)
            if not last and not null:
                read[place], nulls[place] = self._read(window, ts)
        return np.array(read, np.int64)

    def expire(self, before: int) -> None:
        """Drop entries that no window can reach any more."""
        idle: list[Key] = []
        for key, window in self.windows.items():
            self._entries -= window.trim(before)
            if not window.times:
                idle.append(key)
        for key in idle:
            del self.windows[key]

    def idle(self) -> Iterable[tuple[int, Key]]:
        """The time of the newest entry of each key."""
        return [(window.times[-1], key) for key, window in self.windows.items()]

    def forget(self, key: Key) -> int:
        """Evict a key that still mattered; how many entries that freed."""
        window = self.windows.pop(key)
        self._lose(window.times[-1])
        self._entries -= len(window.times)
        return len(window.times)

    def dump(self) -> Kept:
        """All that is held."""
        windows = [(key, window) for key, window in self.windows.items() if window.times]
        times = array("q")
        values: list[Value] = []
        for _, window in windows:
            times.extend(window.times)
            values += window.kept
        places: dict[Value, int] = {}
        if self.function == DISTINCT:
            values = [places.setdefault(value, len(places)) for value in values]
        return Kept(
            [key for key, _ in windows],
            np.array([len(window.times) for _, window in windows], np.int64),
            np.array([NONE if w.lost_until is None else w.lost_until for _, w in windows], np.int64),
            np.array(times, np.int64),
            np.array(values, np.int64),
            list(places),
        )

    def load(self, kept: Kept) -> None:
        """Hold this instead of what is held."""
        self.windows.clear()
        times: list[int] = kept.times.tolist()
        numbers: list[int] = kept.values.tolist() or [_COUNTED_ONE] * len(times)
        values = [kept.vocabulary[each] for each in numbers] if self.function == DISTINCT else numbers
        begin = 0
        lengths: list[int] = kept.lengths.tolist()
        losses: list[int] = kept.lost.tolist()
        for key, length, lost in zip(kept.keys, lengths, losses, strict=True):
            window = self.windows[key] = self._window()
            window.lost_until = None if lost == NONE else lost
            for place in range(begin, begin + length):
                window.add(times[place], values[place])
            begin += length
        self._entries = len(times)


def values_of(request: Request) -> list[Value]:
    """What is counted, as one event after the other would bring it; anything where nothing is."""
    if request.values is None:
        return [_COUNTED_ONE] * len(request.rows)
    kept: list[Value] = request.values.tolist()
    if request.vocabulary is None:
        return kept
    vocabulary = [*request.vocabulary, None]  # where it is NULL the place is -1
    return [vocabulary[place] for place in kept if isinstance(place, int)]
