"""The middle stage: a text is the mean of its tokens' vectors, and each head a plane through them.

The vectors are those of a sentence encoder that read each token alone, fewer dimensions, frequent tokens made
short: the idea of model2vec (Tulkens and van Dongen 2024) and of SIF (Arora, Liang and Ma 2017).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from seawall.signals.text.tokens_tokenizers import Tokens

_AT_ONCE = 128  # texts


class Static:
    """A table of tokens and the heads on it."""

    def __init__(
        self,
        tokens: Tokens,
        table: NDArray[np.int8],
        scales: NDArray[np.float32],
        *,
        weights: NDArray[np.float64],
        bias: NDArray[np.float64],
    ) -> None:
        """Take the numbers.

        Args:
            tokens: the vocabulary.
            table: int8, of shape (tokens, dimensions).
            scales: of each row.
            weights: of shape (dimensions, heads).
            bias: of each head.

        Raises:
            ValueError: the shapes do not fit.
        """
        fits = table.shape == (tokens.size, len(weights)) and scales.shape == (tokens.size,)
        if not fits or weights.shape[1:] != bias.shape:
            raise ValueError(
                f"a table {table.shape} for {tokens.size} tokens, weights {weights.shape} do not fit"
            )
        self._tokens = tokens
        self._table = table
        self._scales = scales
        self._weights = weights
        self._bias = bias

    def logits(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """One row per text, one column per head."""
        return against(self.vectors(texts), self._weights, self._bias)

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One vector of length 1 per text; all 0 for a text without tokens."""
        found = np.zeros((len(texts), self._table.shape[1]), np.float32)
        for start in range(0, len(texts), _AT_ONCE):
            ids = self._tokens.ids(texts[start : start + _AT_ONCE])
            some = [place for place, each in enumerate(ids) if each]
            if some:
                joined = np.fromiter((one for place in some for one in ids[place]), np.intp)
                first = np.cumsum([0, *(len(ids[place]) for place in some[:-1])])
                rows = self._table.take(joined, axis=0) * self._scales[joined, None]
                found[np.array(some) + start] = np.add.reduceat(rows, first, axis=0)
        return found / np.maximum(np.sqrt(np.einsum("td,td->t", found, found))[:, None], np.float32(1e-9))


def against(
    vectors: NDArray[np.float32], weights: NDArray[np.float64], bias: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Each vector against each head, one row at a time: a row does not depend on how many there are."""
    return np.einsum("td,dh->th", vectors.astype(np.float64), weights) + bias
