"""What of a picture is the video: not the bars, borders and captions that somebody put around it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

CHANGED = 6
"""Levels of grey of 256 by which a place must change from one look to the next to count as moving."""

FLAT = 12
"""A line whose levels lie within so many is of one colour."""

_OFTEN = 0.10  # of the looks, those in which a moving place moves
_LINE = 0.25  # of the places of a line, those that move in a line of the video
_LEAST = 0.15  # of the picture; what is smaller is something in the video, not its frame


class Box(NamedTuple):
    """A part of a picture, in shares of its height and width."""

    top: float
    bottom: float
    left: float
    right: float


WHOLE = Box(0.0, 1.0, 0.0, 1.0)


def boxes(looks: NDArray[np.uint8]) -> tuple[Box, ...]:
    """The whole picture, and what lies inside what does not move and inside what is of one colour.

    Args:
        looks: pictures of one video in order, a fraction of a second apart; (looks, height, width).

    Returns:
        One to three different boxes. That of what moves finds a video under a caption on a still border; that
        of one colour finds one whose camera and scene stand still.
    """
    found = [WHOLE, _inside(_striped(looks)), _inside(_moving(looks))]
    return tuple(dict.fromkeys(each for each in found if each is not None))


Lines: TypeAlias = "tuple[NDArray[np.bool_], NDArray[np.bool_]]"
"""Of the rows and of the columns of a picture, which belong to the video."""


def _moving(looks: NDArray[np.uint8]) -> Lines:
    """Rows and columns in which much moves."""
    if len(looks) < 2:
        return _every(looks.shape[1]), _every(looks.shape[2])
    change: NDArray[np.int16] = np.abs(np.diff(looks.astype(np.int16), axis=0))
    often: NDArray[np.bool_] = (change > CHANGED).mean(axis=0) > _OFTEN
    rows: NDArray[np.bool_] = often.mean(axis=1) > _LINE
    columns: NDArray[np.bool_] = often.mean(axis=0) > _LINE
    return rows, columns


def _every(count: int) -> NDArray[np.bool_]:
    return np.ones(count, np.bool_)


def _striped(looks: NDArray[np.uint8]) -> Lines:
    """Rows and columns that are not of one colour, in half of the looks or more."""
    rows = np.median(np.ptp(looks, axis=2), axis=0) >= FLAT
    columns = np.median(np.ptp(looks, axis=1), axis=0) >= FLAT
    return rows, columns


def _inside(lines: Lines) -> Box | None:
    """From the first to the last line of each kind; None where that is next to nothing."""
    rows, columns = (np.flatnonzero(each) for each in lines)
    if not len(rows) or not len(columns):
        return None
    height, width = (len(each) for each in lines)
    box = Box(rows[0] / height, (rows[-1] + 1) / height, columns[0] / width, (columns[-1] + 1) / width)
    large = (box.bottom - box.top) * (box.right - box.left) >= _LEAST
    return Box(*(float(each) for each in box)) if large else None
