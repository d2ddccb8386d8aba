"""The first stage: a linear model over hashed n-grams, whose weights are bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seawall.signals.text.ngrams import batches, grams

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from seawall.signals.text.ngrams import Grams

_HASH_BITS = 32


class Linear:
    """Weights of shape (buckets, heads), int8 with one scale per head, and one bias per head.

    An n-gram counts 1 / sqrt(n-grams of its group): so a text's length is no evidence. Sums are of integers,
    so that a text scores the same in any batch.
    """

    def __init__(
        self, weights: NDArray[np.int8], scales: NDArray[np.float64], bias: NDArray[np.float64]
    ) -> None:
        """Take the numbers.

        Raises:
            ValueError: the shapes do not fit, or the buckets are no power of two.
        """
        buckets, heads = weights.shape
        if buckets & (buckets - 1) or scales.shape != (heads,) or bias.shape != (heads,):
            raise ValueError(
                f"weights {weights.shape}, scales {scales.shape} and bias {bias.shape} do not fit"
            )
        self._weights = weights
        self._scales = scales
        self._bias = bias
        self._shift = np.uint32(_HASH_BITS - (buckets.bit_length() - 1))

    def logits(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """One row per text, one column per head."""
        found = np.empty((len(texts), len(self._bias)))
        for some in batches(texts):
            found[some] = self._some(grams(texts[some]), some.stop - some.start)
        return found

    def _some(self, read: Iterable[Grams], count: int) -> NDArray[np.float64]:
        heads = len(self._bias)
        sums = np.zeros((2, count, heads), np.int64)
        sizes = np.zeros((2, count), np.int64)
        for each in read:
            weights = self._weights.take(each.hashes >> self._shift, axis=0)
            running = np.zeros((len(weights) + 1, heads), np.int32)
            np.cumsum(weights, axis=0, out=running[1:], dtype=np.int32)
            sums[int(each.word)] += running[each.last] - running[each.first]
            sizes[int(each.word)] += each.last - each.first
        norms = np.sqrt(np.maximum(sizes, 1))
        return (sums / norms[:, :, None]).sum(axis=0) * self._scales + self._bias


def bound(scales: NDArray[np.float64], words: int, characters: int) -> NDArray[np.float64]:
    """How far a logit can be from that of the weights before they became bytes, per head.

    Args:
        scales: of the heads.
        words: n-grams of words in the text.
        characters: n-grams of characters.
    """
    return scales / 2 * (np.sqrt(words) + np.sqrt(characters))


def quantised(weights: NDArray[np.float64]) -> tuple[NDArray[np.int8], NDArray[np.float64]]:
    """Weights of shape (buckets, heads) as bytes, and the scale of each head.

    >>> bytes_, scales = quantised(np.array([[0.5], [-1.0]]))
    >>> bytes_.ravel().tolist(), round(float(scales[0]) * 127, 6)
    ([64, -127], 1.0)
    """
    scales = np.maximum(np.abs(weights).max(axis=0), 1e-12) / 127
    return np.rint(weights / scales).astype(np.int8), scales
