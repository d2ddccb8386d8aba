"""The entries of one key of one feature by event time, and the count over the window that ends at an event.

The window is closed at both ends, as SQL's `RANGE BETWEEN INTERVAL ... PRECEDING AND CURRENT ROW`; of
the events of its last microsecond it holds those that arrived up to and including the event itself.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seawall.core.types import Value


class CountWindow:
    """Times of what was counted.

    >>> window = CountWindow()
    >>> for ts in (10, 20, 20): window.add(ts, None)
    >>> window.read(20, over=10), window.read(15, over=10)
    (3, 1)
    """

    __slots__ = ("lost_until", "times")

    def __init__(self) -> None:
        self.times: array[int] = array("q")
        self.lost_until: int | None = None  # entries up to here may have been evicted

    def add(self, ts: int, value: Value) -> None:  # noqa: ARG002 -- both windows take the same two
        """Count one event at `ts`."""
        times = self.times
        if not times or ts >= times[-1]:
            times.append(ts)
        else:
            times.insert(bisect_right(times, ts), ts)

    def read(self, ts: int, *, over: int) -> int:
        """Entries in [ts - over, ts]."""
        times = self.times
        return bisect_right(times, ts) - bisect_left(times, ts - over)

    def trim(self, before: int) -> int:
        """Forget entries older than `before`; how many were forgotten."""
        cut = bisect_left(self.times, before)
        if cut:
            del self.times[:cut]
        return cut

    def keep_newest(self, keep: int) -> int:
        """Keep only the newest `keep` entries; how many were forgotten."""
        cut = max(len(self.times) - keep, 0)
        del self.times[:cut]
        return cut


class DistinctWindow:
    """Times and values of what was counted, and how often each value lies in the newest window.

    >>> window = DistinctWindow()
    >>> for ts, who in ((10, "a"), (20, "b"), (20, "a")): window.add(ts, who)
    >>> window.read(20, over=5), window.read(12, over=5)
    (2, 1)
    """

    __slots__ = ("_at", "_counts", "_low", "lost_until", "times", "values")

    def __init__(self) -> None:
        self.times: array[int] = array("q")
        self.values: list[Value] = []
        self.lost_until: int | None = None
        self._counts: dict[Value, int] = {}  # of values[_low:]
        self._low = 0
        self._at: int | None = None  # the newest event read so far; _low belongs to it

    def add(self, ts: int, value: Value) -> None:
        """Count `value` at `ts`."""
        place = bisect_right(self.times, ts)
        self.times.insert(place, ts)
        self.values.insert(place, value)
        if place < self._low:
            self._low += 1
        else:
            self._counts[value] = self._counts.get(value, 0) + 1

    def read(self, ts: int, *, over: int) -> int:
        """Distinct values in [ts - over, ts]."""
        times = self.times
        if (self._at is not None and ts < self._at) or (times and ts < times[-1]):
            return len(set(self.values[bisect_left(times, ts - over) : bisect_right(times, ts)]))
        self._at = ts
        low = bisect_left(times, ts - over, self._low)
        for value in self.values[self._low : low]:
            self._leave(value)
        self._low = low
        return len(self._counts)

    def _leave(self, value: Value) -> None:
        left = self._counts[value] - 1
        if left:
            self._counts[value] = left
        else:
            del self._counts[value]

    def trim(self, before: int) -> int:
        """Forget entries older than `before`; how many were forgotten."""
        return self._cut(bisect_left(self.times, before))

    def keep_newest(self, keep: int) -> int:
        """Keep only the newest `keep` entries; how many were forgotten."""
        return self._cut(max(len(self.times) - keep, 0))

    def _cut(self, cut: int) -> int:
        if cut:
            for value in self.values[self._low : cut]:
                self._leave(value)
            del self.times[:cut]
            del self.values[:cut]
            self._low = max(self._low - cut, 0)
        return cut


Window = CountWindow | DistinctWindow

WINDOWS: dict[str, type[CountWindow | DistinctWindow]] = {
    "count": CountWindow,
    "count_distinct": DistinctWindow,
}
"""The window of each function a feature may use."""
