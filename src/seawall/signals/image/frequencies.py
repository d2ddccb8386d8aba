"""The lower half of PDQ: from 64 x 64 samples of brightness to 256 bits and a quality."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIDE = 64
"""Samples in each direction."""

LOW = 16
"""Frequencies that are kept in each direction."""

PDQ_BITS = LOW * LOW


def frequencies(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """The lowest frequencies of samples, without the constant ones: shape (..., 64, 64) to (..., 16, 16)."""
    cosines = _cosines()
    return np.matmul(np.matmul(cosines, samples, dtype=np.float32), cosines.T, dtype=np.float32)


def signs() -> NDArray[np.float32]:
    """What a mirror does to each frequency along one direction: every other one changes its sign."""
    return np.where(np.arange(LOW) % 2 == 0, -1, 1).astype(np.float32)


def bits(low: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Which frequencies exceed the lower median of all; the first is the least significant bit.

    Args:
        low: shape (n, 16, 16).

    Returns:
        Shape (n, 32), the most significant byte first.
    """
    flat = low.reshape(len(low), PDQ_BITS)
    middle = PDQ_BITS // 2 - 1
    median = np.partition(flat, middle, axis=1)[:, middle : middle + 1]
    return np.packbits((flat > median)[:, ::-1], axis=1)


def quality(samples: NDArray[np.float32]) -> NDArray[np.uint8]:
    """How steep each picture is, 0 to 100: a ninetieth of the sum of neighbours' differences in hundredths.

    Args:
        samples: shape (n, 64, 64).
    """
    scale = np.float32(100), np.float32(255)
    steep = sum(
        np.abs(np.trunc(np.diff(samples, axis=axis) * scale[0] / scale[1])).sum(axis=(1, 2))
        for axis in (1, 2)
    )
    return np.minimum(100, np.asarray(steep, np.int64) // 90).astype(np.uint8)


@lru_cache(maxsize=1)
def _cosines() -> NDArray[np.float32]:
    """The cosine transform without its constant term: shape (16, 64)."""
    frequency, place = np.arange(1, LOW + 1)[:, None], np.arange(SIDE)[None, :]
    waves = np.cos(np.pi / (2 * SIDE) * frequency * (2 * place + 1))
    return (np.sqrt(2 / SIDE) * waves).astype(np.float32)
