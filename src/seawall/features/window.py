"""The entries of one key of one feature by event time, and the value over the window that ends at an event.

The window is closed at both ends, as SQL's `RANGE BETWEEN INTERVAL ... PRECEDING AND CURRENT ROW`; of
the events of its last microsecond it holds those that arrived up to and including the event itself.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from seawall.features.functions import COUNT, DISTINCT, FIRST, LAST, LEAST, SUM

if TYPE_CHECKING:
    from seawall.core.types import Value


class Window:
    """Times of what was counted: how many there are, and the values of those that look at them.

    >>> window = Window()
    >>> for ts in (10, 20, 20): window.add(ts, None)
    >>> window.read(20, over=10), window.read(15, over=10)
    (3, 1)
    """

    __slots__ = ("lost_until", "times")

    def __init__(self) -> None:
        self.times: array[int] = array("q")
        self.lost_until: int | None = None  # entries up to here may have been evicted

    @property
    def kept(self) -> list[Value]:
        """The values, in the order of the times; empty where the function looks at none."""
        return []

    def add(self, ts: int, value: Value) -> None:  # noqa: ARG002 -- every window takes the same two
        """Count one event at `ts`."""
        times = self.times
        if not times or ts >= times[-1]:
            times.append(ts)
        else:
            times.insert(bisect_right(times, ts), ts)

    def read(self, ts: int, *, over: int) -> int | None:
        """The result over [ts - over, ts]; None if there is nothing to make it of."""
        times = self.times
        return bisect_right(times, ts) - bisect_left(times, ts - over)

    def trim(self, before: int) -> int:
        """Forget entries older than `before`; how many were forgotten."""
        return self._cut(bisect_left(self.times, before))

    def keep_newest(self, keep: int) -> int:
        """Keep only the newest `keep` entries; how many were forgotten."""
        return self._cut(max(len(self.times) - keep, 0))

    def _cut(self, cut: int) -> int:
        if cut:
            del self.times[:cut]
        return cut


class FirstWindow(Window):
    """When the oldest entry happened."""

    __slots__ = ()

    def read(self, ts: int, *, over: int) -> int | None:
        """Its time."""
        place = bisect_left(self.times, ts - over)
        return self.times[place] if place < len(self.times) and self.times[place] <= ts else None


class LastWindow(Window):
    """When the newest entry happened."""

    __slots__ = ()

    def read(self, ts: int, *, over: int) -> int | None:
        """Its time."""
        place = bisect_right(self.times, ts) - 1
        return self.times[place] if place >= 0 and self.times[place] >= ts - over else None


class _Valued(Window):
    """Entries with values. What is made of them is kept for the window of the newest read, from `_low` on."""

    __slots__ = ("_at", "_low", "values")

    def __init__(self) -> None:
        super().__init__()
        self.values: list[Value] = []
        self._low = 0
        self._at: int | None = None  # the newest event read so far; _low belongs to it

    @property
    def kept(self) -> list[Value]:
        """The values."""
        return self.values

    def add(self, ts: int, value: Value) -> None:
        """Count `value` at `ts`."""
        place = bisect_right(self.times, ts)
        self.times.insert(place, ts)
        self.values.insert(place, value)
        if place < self._low:
            self._low += 1
        else:
            self._enter(value)

    def read(self, ts: int, *, over: int) -> int | None:
        """The result over [ts - over, ts]."""
        times = self.times
        if (self._at is not None and ts < self._at) or (times and ts < times[-1]):
            return self._of(self.values[bisect_left(times, ts - over) : bisect_right(times, ts)])
        self._at = ts
        self._advance(bisect_left(times, ts - over, self._low))
        return self._result()

    def _advance(self, low: int) -> None:
        for place in range(self._low, low):
            self._leave(self.values[place])
        self._low = max(self._low, low)

    def _cut(self, cut: int) -> int:
        if cut:
            self._advance(cut)
            del self.times[:cut]
            del self.values[:cut]
            self._low -= cut
        return cut

    def _enter(self, value: Value) -> None:
        raise NotImplementedError

    def _leave(self, value: Value) -> None:
        raise NotImplementedError

    def _result(self) -> int | None:
        raise NotImplementedError

    def _of(self, values: list[Value]) -> int | None:
        raise NotImplementedError


class DistinctWindow(_Valued):
    """How many values there are, each counted once.

    >>> window = DistinctWindow()
    >>> for ts, who in ((10, "a"), (20, "b"), (20, "a")): window.add(ts, who)
    >>> window.read(20, over=5), window.read(12, over=5)
    (2, 1)
    """

    __slots__ = ("_counts",)

    def __init__(self) -> None:
        super().__init__()
        self._counts: dict[Value, int] = {}  # of values[_low:]

    def _enter(self, value: Value) -> None:
        self._counts[value] = self._counts.get(value, 0) + 1

    def _leave(self, value: Value) -> None:
        left = self._counts[value] - 1
        if left:
            self._counts[value] = left
        else:
            del self._counts[value]

    def _result(self) -> int:
        return len(self._counts)

    def _of(self, values: list[Value]) -> int:
        return len(set(values))


class SumWindow(_Valued):
    """The sum of whole numbers.

    >>> window = SumWindow()
    >>> for ts, size in ((10, 3), (20, 4)): window.add(ts, size)
    >>> window.read(20, over=10), window.read(40, over=5)
    (7, None)
    """

    __slots__ = ("_sum",)

    def __init__(self) -> None:
        super().__init__()
        self._sum = 0

    def _enter(self, value: Value) -> None:
        assert isinstance(value, int)
        self._sum += value

    def _leave(self, value: Value) -> None:
        assert isinstance(value, int)
        self._sum -= value

    def _result(self) -> int | None:
        return self._sum if self._low < len(self.times) else None

    def _of(self, values: list[Value]) -> int | None:
        return sum(value for value in values if isinstance(value, int)) if values else None


class LeastWindow(_Valued):
    """The least of whole numbers; looked for again when it leaves."""

    __slots__ = ("_least",)

    def __init__(self) -> None:
        super().__init__()
        self._least: int | None = None  # None: to be looked for

    def _enter(self, value: Value) -> None:
        assert isinstance(value, int)
        if len(self.times) - self._low == 1 or (self._least is not None and value < self._least):
            self._least = value

    def _leave(self, value: Value) -> None:
        if value == self._least:
            self._least = None

    def _result(self) -> int | None:
        if self._least is None:
            self._least = self._of(self.values[self._low :])
        return self._least

    def _of(self, values: list[Value]) -> int | None:
        return min((value for value in values if isinstance(value, int)), default=None)


WINDOWS: dict[int, type[Window]] = {
    COUNT: Window,
    DISTINCT: DistinctWindow,
    SUM: SumWindow,
    LEAST: LeastWindow,
    FIRST: FirstWindow,
    LAST: LastWindow,
}
"""The window of each function a feature may use."""
