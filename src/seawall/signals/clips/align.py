"""Which moment of one video is which of another: the line on which most pairs of like pictures lie."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SPEEDS = 2.0 ** (np.arange(-28, 29) / 28)
"""Half to twice as fast, in steps of 2.5 %; what is found is refined."""

BIN_S = 0.5
"""Pairs whose lines begin within so many seconds of each other vote for one."""

MOST_PAIRS = 20_000
"""More are thinned evenly: a still scene gives every picture as a pair of every other."""


class Line(NamedTuple):
    """`there = speed * here + offset`, in seconds."""

    speed: float
    offset: float

    def at(self, here: NDArray[np.float64]) -> NDArray[np.float64]:
        """The moments of the other video."""
        return self.speed * here + self.offset


def align(here: NDArray[np.float64], there: NDArray[np.float64]) -> Line:
    """The line that most moments of the first video vote for; at the same speed, if as many do.

    Args:
        here: of each pair of like pictures, the moment in one video, in seconds; shape (pairs,), not empty.
        there: the moment in the other; shape (pairs,).
    """
    if len(here) > MOST_PAIRS:
        thinned = np.linspace(0, len(here) - 1, MOST_PAIRS).astype(np.int64)
        here, there = here[thinned], there[thinned]
    moments, moment = np.unique(here, return_inverse=True)
    best, most = Line(1.0, float(there[0] - here[0])), -1
    for speed in SPEEDS[np.argsort(np.abs(np.log(SPEEDS)), kind="stable")]:
        offsets = there - speed * here
        for shift in (0.0, BIN_S / 2):
            bins = np.floor((offsets + shift) / BIN_S).astype(np.int64)
            votes = np.unique(bins * len(moments) + moment)  # each moment votes once for a bin
            held, counts = np.unique(votes // len(moments), return_counts=True)
            if counts.max() > most:
                most = int(counts.max())
                inside = bins == held[counts.argmax()]
                best = Line(float(speed), float(np.median(offsets[inside])))
    return best


def refined(line: Line, here: NDArray[np.float64], there: NDArray[np.float64]) -> Line:
    """The line through pairs that are known to belong to it; its speed is kept where they are too close."""
    if len(here) < 3 or np.ptp(here) < 1:
        return Line(line.speed, float(np.median(there - line.speed * here)))
    speed, offset = np.polyfit(here, there, 1)
    if not SPEEDS[0] / 1.05 <= speed <= SPEEDS[-1] * 1.05:
        return line
    return Line(float(speed), float(offset))
