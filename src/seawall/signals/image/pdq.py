"""PDQ, the perceptual hash of pictures that platforms exchange: 256 bits and a quality, in batches of frames.

After Davis and Rosen, The TMK+PDQF video-hashing algorithm and the PDQ image-hashing algorithm (2019):
luminance, two passes of a box filter in each direction (Jarosz), 64 x 64 samples, the 16 x 16 lowest
frequencies of their cosine transform without the constant ones, and of each whether it exceeds the median.

Filter and sampling are linear, and so are one matrix for rows and one for columns: every output sample is a
weighted sum of a few rows and columns, and nothing else is computed.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from seawall.signals.image.frequencies import LOW, PDQ_BITS, SIDE, bits, frequencies, quality, signs

if TYPE_CHECKING:
    from numpy.typing import NDArray

PDQ_BYTES = PDQ_BITS // 8
TURNS = ("original", "rotate90", "rotate180", "rotate270", "flip", "mirror", "transpose", "anti")
"""The order of `pdq_turns`: turned anticlockwise; upside down; mirrored; mirrored at either diagonal."""

_LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # of red, green, blue
_LEAST = 5  # pixels in each direction; the reference hashes nothing smaller
_TOGETHER = 4  # rows of samples made at once: the larger, the more is multiplied by zero


class Hashes(NamedTuple):
    """Of each frame.

    Attributes:
        hashes: the bytes, the most significant first, as hexadecimal shows them; uint8, shape (n, 32), of
            `pdq_turns` (n, 8, 32).
        quality: 0 to 100: how much contrast there is to go by; uint8, shape (n,). Under 50 a hash says
            little. It is 0, and the hash all zeros, of a frame with fewer than 5 rows or columns.
    """

    hashes: NDArray[np.uint8]
    quality: NDArray[np.uint8]

    def hex(self) -> list[str]:
        """Of the first axis, each hash as people and files write it; of `pdq`."""
        return [each.tobytes().hex() for each in self.hashes]


def pdq(frames: NDArray[np.uint8]) -> Hashes:
    """The hash of each frame as it stands.

    Args:
        frames: shape (n, height, width, 3), red, green, blue; or (n, height, width), grey.

    Raises:
        ValueError: another shape, or a frame without pixels.

    >>> pdq(np.zeros((2, 8, 8, 3), np.uint8)).quality.tolist()
    [0, 0]
    """
    low, steep = _transformed(frames)
    return Hashes(bits(low), steep)


def pdq_turns(frames: NDArray[np.uint8]) -> Hashes:
    """The hashes of each frame in its eight turns (`TURNS`), from one transform.

    A mirror changes the sign of every other frequency, and a turn swaps the two directions.
    """
    low, steep = _transformed(frames)
    sign = signs()
    across, down = sign[None, :], sign[:, None]
    turned = low.transpose(0, 2, 1)
    turns = (low, turned * down, low * across * down, turned * across,
             low * down, low * across, turned, turned * across * down)  # fmt: skip
    return Hashes(np.stack([bits(each) for each in turns], axis=1), steep)


def _transformed(frames: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    """The lowest frequencies of each frame, shape (n, 16, 16), and its quality."""
    if frames.dtype != np.uint8 or frames.ndim not in (3, 4) or (frames.ndim == 4 and frames.shape[3] != 3):
        said = f"{frames.dtype} of shape {frames.shape}"
        raise ValueError(f"frames are uint8 of shape (n, height, width, 3) or (n, height, width), not {said}")
    if not frames.shape[1] or not frames.shape[2]:
        raise ValueError("a frame has no pixels")
    low = np.zeros((len(frames), LOW, LOW), np.float32)
    steep = np.zeros(len(frames), np.uint8)
    if min(frames.shape[1:3]) < _LEAST:
        return low, steep
    for place, frame in enumerate(frames):  # one at a time stays in the processor's cache
        samples = _samples(frame)
        low[place] = frequencies(samples)
        steep[place] = quality(samples[None])[0]
    return low, steep


def _samples(frame: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The filtered luminance at 64 x 64 places."""
    height, width = frame.shape[:2]
    down, across = _reducer(height), _reducer(width)
    if frame.ndim == 3:
        across = _of_colours(width)
    pixels = frame.reshape(height, -1).astype(np.float32)
    rows = np.empty((SIDE, pixels.shape[1]), np.float32)
    for first in range(0, SIDE, _TOGETHER):
        low, high = down.begins[first], down.ends[first + _TOGETHER - 1]
        part = down.weights[first : first + _TOGETHER, low:high]
        np.matmul(part, pixels[low:high], out=rows[first : first + _TOGETHER])
    return rows @ across.weights.T


class _Reducer(NamedTuple):
    """The weights of pixels in each of 64 samples along one direction, and where they are not zero."""

    weights: NDArray[np.float32]
    begins: tuple[int, ...]
    ends: tuple[int, ...]


@lru_cache(maxsize=16)
def _reducer(length: int) -> _Reducer:
    """Two passes of the box filter, and every 64th part of the outcome. The box shrinks at the edges."""
    window = (length + 2 * SIDE - 1) // (2 * SIDE)
    behind = (window + 2) // 2 - 1
    places = ((np.arange(SIDE, dtype=np.float32) + 0.5) * length / SIDE).astype(np.int64)
    upto = np.zeros((SIDE, length))
    for sample, place in enumerate(places.tolist()):
        low, high = _box(place, window, behind, length)
        for each in range(low, high):
            start, end = _box(each, window, behind, length)
            upto[sample, start:end] += 1 / ((high - low) * (end - start))
    weights = upto.astype(np.float32)
    begins = tuple(int(np.flatnonzero(row)[0]) for row in weights)
    ends = tuple(int(np.flatnonzero(row)[-1]) + 1 for row in weights)
    return _Reducer(weights, begins, ends)


def _box(place: int, window: int, behind: int, length: int) -> tuple[int, int]:
    return max(0, place + behind + 1 - window), min(length, place + behind + 1)


@lru_cache(maxsize=16)
def _of_colours(width: int) -> _Reducer:
    """The same along a row of interleaved colours, which makes luminance of them too."""
    plain = _reducer(width)
    return _Reducer(np.kron(plain.weights, _LUMA[None, :]).astype(np.float32), plain.begins, plain.ends)
