"""Windows whose entries have weights: means, and what decays. Results are whole millionths."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from seawall.features.aggregate import MILLION
from seawall.features.functions import is_of_rows
from seawall.features.weigh import UNIT, divided, step_us, weight
from seawall.features.window import DistinctWindow, SumWindow, Window

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from seawall.core.types import Value
    from seawall.policy.model import FeatureSpec


class MeanWindow(SumWindow):
    """The mean of values that are kept as whole millionths.

    >>> window = MeanWindow()
    >>> for ts, size in ((10, 3_000_000), (20, 4_000_000)): window.add(ts, size)
    >>> window.read(20, over=10), window.read(40, over=5)
    (3500000, None)
    """

    __slots__ = ()

    def _result(self) -> int | None:
        held = len(self.times) - self._low
        return divided(self._sum, held) if held else None

    def _of(self, values: list[Value]) -> int | None:
        return divided(sum(each for each in values if isinstance(each, int)), len(values)) if values else None


class DecayWindow(Window):
    """Entries that weigh less the longer ago they were; looked at one by one when it is read.

    >>> window = DecayWindow("sum", 640)
    >>> for ts, size in ((0, 3_000_000), (640, 4_000_000)): window.add(ts, size)
    >>> window.read(640, over=1000)
    5500000
    """

    __slots__ = ("_function", "_step", "values")

    def __init__(self, function: str, half_life_us: int) -> None:
        super().__init__()
        self.values: list[Value] = []
        self._function = function
        self._step = step_us(half_life_us)

    @property
    def kept(self) -> list[Value]:
        """The values; of rows that are only counted none is kept in a snapshot."""
        return [] if is_of_rows(self._function) else self.values

    def add(self, ts: int, value: Value) -> None:
        """Count `value` at `ts`."""
        place = bisect_right(self.times, ts)
        self.times.insert(place, ts)
        self.values.insert(place, value)

    def read(self, ts: int, *, over: int) -> int | None:
        """The result over [ts - over, ts]."""
        first, last = bisect_left(self.times, ts - over), bisect_right(self.times, ts)
        return weighed(
            self._function, zip(self.times[first:last], self.values[first:last], strict=True), ts, self._step
        )

    def _cut(self, cut: int) -> int:
        if cut:
            del self.times[:cut]
            del self.values[:cut]
        return cut


def weighed(function: str, entries: Iterable[tuple[int, Value]], now: int, step: int) -> int | None:
    """What decays, of entries by time: a count, sum or mean in whole millionths; None: of nothing."""
    total = weights = 0
    for ts, value in entries:
        each = weight(ts, now, step)
        weights += each
        if isinstance(value, int):
            total += value * each
    if function == "count":
        return weights * MILLION // UNIT
    if not weights:
        return None
    return divided(total, weights if function == "mean" else UNIT)


class CompanyWindow(DistinctWindow):
    """The accounts that were seen with one key."""

    __slots__ = ()

    def accounts(self, ts: int, *, over: int) -> Collection[Value]:
        """Those of [ts - over, ts], each once."""
        times = self.times
        if (self._at is not None and ts < self._at) or (times and ts < times[-1]):
            return set(self.values[bisect_left(times, ts - over) : bisect_right(times, ts)])
        self.read(ts, over=over)
        return self._counts.keys()


def window_of(spec: FeatureSpec) -> Callable[[], Window] | None:
    """The window of a feature that has weights or keeps company; None if it has neither."""
    if spec.half_life_us is not None:
        function, half_life_us = spec.function, spec.half_life_us
        return lambda: DecayWindow(function, half_life_us)
    if spec.function == "mean":
        return MeanWindow
    return CompanyWindow if spec.among is not None else None
