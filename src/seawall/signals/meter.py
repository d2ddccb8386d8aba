"""What each detector did since the process began: calls, inputs, failures, how long they took."""

from __future__ import annotations

from bisect import bisect_left
from threading import Lock

import msgspec

BOUNDS_S = tuple(round(base * 10.0**power, 6) for power in range(-5, 2) for base in (1.0, 2.0, 5.0))
"""Upper bounds of the classes in which durations are counted: 10 us to 50 s."""


class Usage(msgspec.Struct, frozen=True):
    """Of one detector.

    Attributes:
        calls: how often it was called.
        inputs: how many it was asked about.
        failed: how many of them it gave no answer for, by reason.
        classes: calls by duration, `BOUNDS_S` and one class above.
        seconds: what the calls took together.
        timed: how many inputs those calls had; the others were not passed on.
    """

    calls: int = 0
    inputs: int = 0
    failed: dict[str, int] = {}
    classes: tuple[int, ...] = (0,) * (len(BOUNDS_S) + 1)
    seconds: float = 0.0
    timed: int = 0

    @property
    def measured_us(self) -> float | None:
        """What one input took in the mean, microseconds; None if nothing was asked.

        >>> Usage(calls=1, inputs=4, seconds=0.002, timed=4).measured_us
        500.0
        """
        return self.seconds * 1e6 / self.timed if self.timed else None

    def quantile_s(self, share: float) -> float | None:
        """A bound under which this share of calls stayed, in seconds; None if there was none.

        >>> Usage(4, 4, {}, (3, *(0,) * 19, 1, 0)).quantile_s(0.5)
        1e-05
        """
        total, seen = sum(self.classes), 0
        for bound, count in zip((*BOUNDS_S, float("inf")), self.classes, strict=True):
            seen += count
            if total and seen >= share * total:
                return bound
        return None


class Meter:
    """Counts; any thread may."""

    def __init__(self) -> None:
        self._usage: dict[str, Usage] = {}
        self._lock = Lock()

    def count(self, signal: str, inputs: int, failed: dict[str, int], seconds: float | None) -> None:
        """One call, or None seconds where it was not called."""
        with self._lock:
            was = self._usage.get(signal, Usage())
            classes = list(was.classes)
            if seconds is not None:
                classes[bisect_left(BOUNDS_S, seconds)] += 1
            self._usage[signal] = Usage(
                was.calls + (seconds is not None),
                was.inputs + inputs,
                {name: was.failed.get(name, 0) + failed.get(name, 0) for name in {**was.failed, **failed}},
                tuple(classes),
                was.seconds + (seconds or 0.0),
                was.timed + (inputs if seconds is not None else 0),
            )

    @property
    def usage(self) -> dict[str, Usage]:
        """By signal."""
        with self._lock:
            return dict(self._usage)
