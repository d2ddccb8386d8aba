"""The last stage: a sentence encoder reads the text, and each head is a plane through its vectors.

A BERT encoder (Devlin et al. 2019) as sentence-transformers uses it (Reimers and Gurevych 2019): the mean of
its last layer, length 1. The forward pass is NumPy's, so that nothing but the weights is needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from seawall.signals.text.static import against

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from seawall.signals.text.tokens_tokenizers import Tokens

    Floats = NDArray[np.float32]

WINDOW = 254
"""Tokens read at once, beside the two marks; a longer text is read in windows, and scores as its worst."""

_HEADS = 12  # of attention, in this family of encoders
_AT_ONCE = 16  # texts of one length
_ROWS = 64  # tokens whose activations stay in the cache of a core
_EPSILON = 1e-12


class _Layer(NamedTuple):
    """Weights of one layer, each matrix of shape (in, out)."""

    qkv: Floats
    qkv_bias: Floats
    out: Floats
    out_bias: Floats
    norm: tuple[Floats, Floats]
    up: Floats
    up_bias: Floats
    down: Floats
    down_bias: Floats
    last_norm: tuple[Floats, Floats]


class Encoder:
    """Texts to vectors."""

    def __init__(self, tokens: Tokens, arrays: Mapping[str, NDArray[Any]], *, begin: int, end: int) -> None:
        """Take the numbers.

        Args:
            tokens: its tokeniser.
            arrays: its weights, by the names that transformers gives.
            begin: the token that marks the beginning of a text.
            end: likewise its end.

        Raises:
            KeyError: one is missing.
        """
        self._tokens = tokens
        self._marks = begin, end
        self._words: Floats = arrays["embeddings.word_embeddings.weight"]
        self._places: Floats = (
            arrays["embeddings.position_embeddings.weight"]
            + arrays["embeddings.token_type_embeddings.weight"][0]
        )
        self._norm: tuple[Floats, Floats] = _norm_of(arrays, "embeddings")
        count = len({name.split(".")[2] for name in arrays if name.startswith("encoder.layer.")})
        self._layers = [_layer(arrays, f"encoder.layer.{n}.") for n in range(count)]
        self.dimensions: int = self._words.shape[1]

    def vectors(self, texts: Sequence[str]) -> tuple[Floats, NDArray[np.intp]]:
        """One vector of length 1 per window, and where each text's windows begin."""
        windows: list[list[int]] = []
        first: list[int] = []
        for ids in self._tokens.ids(texts):
            first.append(len(windows))
            windows += [ids[start : start + WINDOW] for start in range(0, max(len(ids), 1), WINDOW)]
        return self.read(windows), np.array(first, np.intp)

    def read(self, windows: Sequence[Sequence[int]]) -> Floats:
        """One vector per row of tokens, of any lengths up to `WINDOW`."""
        begin, end = self._marks
        found = np.empty((len(windows), self.dimensions), np.float32)
        order = sorted(range(len(windows)), key=lambda place: len(windows[place]))
        start = 0
        while start < len(order):
            size = len(windows[order[start]])
            stop = start
            while stop < len(order) and stop - start < _AT_ONCE and len(windows[order[stop]]) == size:
                stop += 1
            some = order[start:stop]
            found[some] = self._forward(np.array([[begin, *windows[place], end] for place in some], np.intp))
            start = stop
        return found

    def _forward(self, ids: NDArray[np.intp]) -> Floats:
        texts, length = ids.shape
        held: Floats = (self._words[ids] + self._places[:length]).reshape(texts * length, -1)
        held = _normed(held, self._norm)
        for layer in self._layers:
            mixed: Floats = _attended(held, layer, texts, length) @ layer.out
            held = _normed(mixed + layer.out_bias + held, layer.norm)
            wide: Floats = held @ layer.up + layer.up_bias
            for start in range(0, len(wide), _ROWS):
                wide[start : start + _ROWS] = _gelu(wide[start : start + _ROWS])
            held = _normed(wide @ layer.down + layer.down_bias + held, layer.last_norm)
        mean: Floats = held.reshape(texts, length, -1).mean(axis=1)
        return mean / np.linalg.norm(mean, axis=1, keepdims=True)


class Encoded:
    """The encoder with heads of shape (dimensions, heads)."""

    def __init__(self, encoder: Encoder, *, weights: NDArray[np.float64], bias: NDArray[np.float64]) -> None:
        """Take the heads.

        Raises:
            ValueError: the shapes do not fit.
        """
        if weights.shape != (encoder.dimensions, *bias.shape):
            raise ValueError(
                f"weights {weights.shape} do not fit an encoder of {encoder.dimensions} dimensions"
            )
        self._encoder = encoder
        self._weights = weights
        self._bias = bias

    def logits(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """One row per text, one column per head; equal to that of the text alone within 1e-4."""
        if not texts:
            return np.empty((0, len(self._bias)))
        vectors, first = self._encoder.vectors(texts)
        return np.maximum.reduceat(against(vectors, self._weights, self._bias), first, axis=0)


def _layer(arrays: Mapping[str, NDArray[Any]], name: str) -> _Layer:
    parts = [f"{name}attention.self.{part}." for part in ("query", "key", "value")]
    qkv = np.concatenate([arrays[f"{part}weight"].T for part in parts], axis=1)
    bias = np.concatenate([arrays[f"{part}bias"] for part in parts])
    size = len(qkv)
    scale = np.float32(1 / np.sqrt(size / _HEADS))
    qkv[:, :size] *= scale
    bias[:size] *= scale

    def turned(part: str) -> Floats:
        return np.ascontiguousarray(arrays[f"{name}{part}.weight"].T)

    return _Layer(
        np.ascontiguousarray(qkv),
        bias,
        turned("attention.output.dense"),
        arrays[f"{name}attention.output.dense.bias"],
        _norm_of(arrays, f"{name}attention.output"),
        turned("intermediate.dense"),
        arrays[f"{name}intermediate.dense.bias"],
        turned("output.dense"),
        arrays[f"{name}output.dense.bias"],
        _norm_of(arrays, f"{name}output"),
    )


def _norm_of(arrays: Mapping[str, NDArray[Any]], name: str) -> tuple[Floats, Floats]:
    return arrays[f"{name}.LayerNorm.weight"], arrays[f"{name}.LayerNorm.bias"]


def _attended(held: Floats, layer: _Layer, texts: int, length: int) -> Floats:
    """What each token takes from the others of its text."""
    joined = held @ layer.qkv
    joined += layer.qkv_bias
    parts = joined.reshape(texts, length, 3, _HEADS, -1)
    query = np.ascontiguousarray(parts[:, :, 0].transpose(0, 2, 1, 3))
    key = np.ascontiguousarray(parts[:, :, 1].transpose(0, 2, 3, 1))
    value = np.ascontiguousarray(parts[:, :, 2].transpose(0, 2, 1, 3))
    heed = query @ key
    heed -= heed.max(axis=-1, keepdims=True)
    np.exp(heed, out=heed)
    heed /= heed.sum(axis=-1, keepdims=True)
    return (heed @ value).transpose(0, 2, 1, 3).reshape(texts * length, -1)


def _normed(values: Floats, by: tuple[Floats, Floats]) -> Floats:
    values -= values.mean(axis=-1, keepdims=True)
    spread = np.einsum("td,td->t", values, values) / values.shape[1]
    values *= (1 / np.sqrt(spread + _EPSILON)).astype(np.float32)[:, None]
    values *= by[0]
    values += by[1]
    return values


def _gelu(values: Floats) -> Floats:
    """Each value times the normal distribution below it, by Abramowitz and Stegun 7.1.26 (error 2e-7)."""
    size = np.abs(values)
    size *= np.float32(np.sqrt(0.5))
    slope = size * np.float32(0.3275911)
    slope += 1
    np.reciprocal(slope, out=slope)
    tail = slope * np.float32(1.061405429)
    for constant in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        tail += np.float32(constant)
        tail *= slope
    np.multiply(size, size, out=size)
    np.negative(size, out=size)
    np.exp(size, out=size)
    tail *= size
    tail *= np.float32(0.5)
    np.abs(values, out=size)
    size *= tail
    found = np.maximum(values, 0)
    found -= size
    return found
