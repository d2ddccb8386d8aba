"""Which frames of a stream are worth keeping: the first of each shot, and what moves in between.

A frame is compared by its *signature*: brightness on a grid of 32 x 18, colour on one of 8 x 6, and
histograms of both. A shot begins where grid and histogram differ at once: a pan moves brightness about and
leaves the histogram. Colour counts by itself, since a cut between scenes of one brightness is a cut all the
same. Thresholds were set on clips made by code; they decide what is looked at, never what is concluded.
"""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

WIDE, HIGH = 32, 18
BINS = 16
PER_SECOND = 8.0
"""Signatures taken of a second; what is shown for a shorter time than this may pass unseen."""

_ACROSS, _DOWN = 8, 6  # cells of colour
_CUT_GRID, _CUT_HISTOGRAM = 0.09, 0.22
_STILL = 0.012
_CALM = 4.0  # a scene that stands still is kept so many times more seldom


class Planes(NamedTuple):
    """A picture apart: brightness and two differences of colour, each of any size, uint8."""

    luma: NDArray[np.uint8]
    blue: NDArray[np.uint8]
    red: NDArray[np.uint8]


class Signature(NamedTuple):
    """A frame for comparison: values on grids, 0 to 1, and how they are distributed, each summing to 1."""

    grids: tuple[NDArray[np.float32], ...]
    histograms: tuple[NDArray[np.float32], ...]


def signature(planes: Planes) -> Signature:
    """The signature of a frame.

    >>> [grid.shape for grid in signature(Planes(*[np.zeros((360, 640), np.uint8)] * 3)).grids]
    [(18, 32), (6, 8), (6, 8)]
    """
    sizes = ((HIGH, WIDE), (_DOWN, _ACROSS), (_DOWN, _ACROSS))
    made = [_plane(plane, *size) for plane, size in zip(planes, sizes, strict=True)]
    return Signature(tuple(grid for grid, _ in made), tuple(histogram for _, histogram in made))


def _plane(plane: NDArray[np.uint8], high: int, wide: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    height, width = plane.shape
    if height < high or width < wide:
        plane = np.repeat(np.repeat(plane, -(-high // height), 0), -(-wide // width), 1)
        height, width = plane.shape
    down, across = max(1, height // (high * 4)), max(1, width // (wide * 4))  # of each cell, 16 points or so
    points = plane[::down, ::across]
    rows = points.shape[0] // high * high
    columns = points.shape[1] // wide * wide
    cells = points[:rows, :columns].reshape(high, rows // high, wide, columns // wide)
    grid = cells.mean((1, 3), dtype=np.float32) / 255.0
    counts = np.bincount((points >> 4).ravel(), minlength=BINS).astype(np.float32)
    return grid, counts / counts.sum()


def distance(one: Signature, other: Signature) -> tuple[float, float]:
    """How far apart two frames are: the largest mean difference of grids, and of histograms (0 to 1)."""
    grids = [float(np.abs(a - b).mean()) for a, b in zip(one.grids, other.grids, strict=True)]
    histograms = [
        float(np.abs(a - b).sum() / 2) for a, b in zip(one.histograms, other.histograms, strict=True)
    ]
    return max(grids), max(histograms)


class Kept(NamedTuple):
    """A frame that was kept: when it is shown, its pixels, whether a shot begins, and how new it was."""

    at_s: float
    pixels: NDArray[np.uint8]
    cut: bool
    novelty: float


class Keeper:
    """Keeps at most so many frames of a stream, however long it is and however much it cuts.

    Frames are offered in order. Memory is bounded: where too many were kept, the spacing doubles and those
    that showed least that was new go first.
    """

    def __init__(self, *, most: int, every_s: float) -> None:
        self._most = most
        self._every_s = every_s
        self._kept: list[Kept] = []
        self._last: Signature | None = None  # of the frame looked at last
        self._at_last = 0.0
        self._held: Signature | None = None  # of the frame kept last

    @property
    def kept(self) -> tuple[Kept, ...]:
        """What was kept, by time."""
        return tuple(self._kept)

    def due(self, at_s: float) -> bool:
        """Whether a frame shown then would be looked at."""
        return self._last is None or floor(at_s * PER_SECOND) != floor(self._at_last * PER_SECOND)

    def offer(self, at_s: float, planes: Planes, pixels: Callable[[], NDArray[np.uint8]]) -> bool:
        """Look at a frame, and keep it if it is worth it.

        Args:
            at_s: when it is shown.
            planes: its brightness and colour.
            pixels: makes the picture that is handed on; called only if it is kept.
        """
        now = signature(planes)
        grid, histogram = distance(self._last, now) if self._last else (1.0, 1.0)
        cut = grid > _CUT_GRID and histogram > _CUT_HISTOGRAM
        since = at_s - self._kept[-1].at_s if self._kept else float("inf")
        moved = distance(self._held, now)[0] if self._held else 1.0
        self._last, self._at_last = now, at_s
        worth = cut or (since >= self._every_s and (moved > _STILL or since >= self._every_s * _CALM))
        if worth:
            self._held = now
            self._kept.append(Kept(at_s, pixels(), cut, max(moved, grid)))
            if len(self._kept) > self._most:
                self._thin()
        return worth

    def _thin(self) -> None:
        """Double the spacing and drop what is too close; then whatever showed least that was new."""
        self._every_s *= 2
        spaced: list[Kept] = []
        for each in self._kept:
            if each.cut or not spaced or each.at_s - spaced[-1].at_s >= self._every_s:
                spaced.append(each)
        if len(spaced) > self._most * 3 // 4:
            first, *rest = spaced
            rest.sort(key=lambda each: each.novelty, reverse=True)
            spaced = sorted([first, *rest[: self._most // 2]], key=lambda each: each.at_s)
        self._kept = spaced
