"""A hash of 256 bits per picture: the low frequencies of its grey levels against their median, as in PDQ.

Source: The TMK+PDQF video-hashing algorithm and the PDQ image-hashing algorithm, Facebook, 2019, section 4.
What differs is the way to the 64 by 64 levels: PDQ blurs a large picture and takes every so manieth point;
here a small one, or a box of it, is averaged over areas, so that frames of every size give one hash.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from seawall.signals.image.frequencies import PDQ_BITS, SIDE, bits, frequencies, quality, signs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from seawall.signals.clips.framing import Box

AT_ONCE = 256
"""Pictures that are hashed at a time."""


class Hashes(NamedTuple):
    """Of n pictures.

    Attributes:
        words: the hash; shape (n, 4).
        mirrored: that of the picture seen in a mirror; shape (n, 4).
        quality: 0 (one colour) to 100, by how much neighbouring points differ, as PDQ has it; shape (n,).
    """

    words: NDArray[np.uint64]
    mirrored: NDArray[np.uint64]
    quality: NDArray[np.uint8]


def hashes(frames: NDArray[np.uint8], box: Box) -> Hashes:
    """The hashes of a part of each frame.

    Args:
        frames: grey levels; shape (n, height, width).
        box: which part.
    """
    height, width = frames.shape[1:]
    down = averaging(height, box.top * height, box.bottom * height)
    across = averaging(width, box.left * width, box.right * width)
    parts = [_hashed(frames[n : n + AT_ONCE], down, across) for n in range(0, len(frames), AT_ONCE)]
    if not parts:
        nothing = np.zeros((0, PDQ_BITS // 64), np.uint64)
        return Hashes(nothing, nothing, np.zeros(0, np.uint8))
    return Hashes(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _hashed(frames: NDArray[np.uint8], down: NDArray[np.float32], across: NDArray[np.float32]) -> Hashes:
    samples = np.matmul(down, frames.astype(np.float32) @ across.T, dtype=np.float32)
    low = frequencies(samples)
    mirrored = np.multiply(low, signs(), dtype=np.float32)
    return Hashes(bits(low).view(np.uint64), bits(mirrored).view(np.uint64), quality(samples))


@lru_cache(maxsize=256)
def averaging(size: int, first: float, last: float) -> NDArray[np.float32]:
    """Weights that average `size` points from `first` to `last` (not whole, if need be) to SIDE ones.

    Each of them covers an equal share of the way; a point counts by how much of it is covered. (SIDE, size).
    """
    edges = np.linspace(first, last, SIDE + 1)
    starts, ends = edges[:-1, None], edges[1:, None]
    place = np.arange(size)[None, :]
    covered = np.minimum(ends, place + 1) - np.maximum(starts, place)
    weights = np.clip(covered, 0, None)
    return (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
