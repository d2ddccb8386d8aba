"""A sentence encoder to a table of its tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from seawall.signals.text.encoder import Encoder
    from seawall.signals.text.tokens_tokenizers import Tokens

_RARE = 1e-3  # the frequency at which a token counts half (Arora, Liang and Ma 2017)
_MOST = 127


def distilled(
    encoder: Encoder, tokens: Tokens, texts: Sequence[str], *, dimensions: int
) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """What the encoder says of each token alone: principal components, short for frequent tokens.

    Args:
        encoder: reads the tokens.
        tokens: its vocabulary.
        texts: plain; they say how frequent tokens are.
        dimensions: of a token's vector.

    Returns:
        A table of shape (tokens, dimensions) as bytes, and the scale of each row.
    """
    vectors = encoder.read([[token] for token in range(tokens.size)]).astype(np.float64)
    vectors -= vectors.mean(axis=0)
    _, turned = np.linalg.eigh(vectors.T @ vectors)
    table = vectors @ turned[:, ::-1][:, :dimensions]
    counts = np.ones(tokens.size)
    for ids in tokens.ids(texts):
        np.add.at(counts, ids, 1)
    frequency = counts / counts.sum()
    table *= (_RARE / (_RARE + frequency))[:, None]
    scales = np.maximum(np.abs(table).max(axis=1), 1e-12) / _MOST
    return np.rint(table / scales[:, None]).astype(np.int8), scales.astype(np.float32)
