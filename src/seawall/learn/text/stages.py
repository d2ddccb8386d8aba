"""How texts become features for each stage, and weights become its file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from seawall.learn.text.distil import distilled
from seawall.learn.text.fit_sklearn import gram_matrix
from seawall.signals.text.encoder import Encoded
from seawall.signals.text.encoder_package import PACKAGE, encoder_of, tokeniser_of
from seawall.signals.text.linear import Linear, quantised
from seawall.signals.text.static import Static
from seawall.signals.text.tokens_tokenizers import Tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from seawall.learn.text.recipe import Recipe
    from seawall.signals.text.ports import Stage


class Maker(Protocol):
    """One stage in the making."""

    @property
    def settings(self) -> dict[str, int | str]:
        """What the stage must know to read texts as in training."""
        ...

    @property
    def built_from(self) -> str:
        """Weights of others that go into it, and their licence."""
        ...

    def matrix(self, texts: Sequence[str]) -> Any:
        """Plain texts by features."""
        ...

    def made(
        self, weights: NDArray[np.float64], bias: NDArray[np.float64]
    ) -> tuple[dict[str, NDArray[Any]], Stage]:
        """The arrays of the file, and the stage that reads with them."""
        ...


class LinearMaker:
    """The first stage."""

    built_from = ""

    def __init__(self, buckets: int) -> None:
        self._buckets = buckets
        self.settings: dict[str, int | str] = {"buckets": buckets, "form": 1}

    def matrix(self, texts: Sequence[str]) -> Any:
        """Hashed n-grams, sparse."""
        return gram_matrix(texts, buckets=self._buckets)

    def made(
        self, weights: NDArray[np.float64], bias: NDArray[np.float64]
    ) -> tuple[dict[str, NDArray[Any]], Stage]:
        """Weights as bytes; what is measured is what the bytes say."""
        small, scales = quantised(weights)
        return {"weights": small, "scales": scales, "bias": bias}, Linear(small, scales, bias)


class StaticMaker:
    """The middle stage: the encoder reads every token of its vocabulary once, and is not needed again."""

    def __init__(self, dimensions: int, *, said: Callable[[str], object]) -> None:
        self._dimensions = dimensions
        self._said = said
        self._table: tuple[NDArray[np.int8], NDArray[np.float32]] | None = None
        self._described = tokeniser_of()
        self.settings: dict[str, int | str] = {"dimensions": dimensions}
        self.built_from = ""

    def matrix(self, texts: Sequence[str]) -> Any:
        """The vectors that the finished table gives; tokens weigh by how rare they are in these texts."""
        encoder, digest = encoder_of()
        self.built_from = built_from(digest)
        self._said("distilling the encoder into a table of tokens")
        tokens = Tokens(self._described)
        self._table = distilled(encoder, tokens, texts, dimensions=self._dimensions)
        return self._stage(np.zeros((self._dimensions, 1)), np.zeros(1)).vectors(texts)

    def made(
        self, weights: NDArray[np.float64], bias: NDArray[np.float64]
    ) -> tuple[dict[str, NDArray[Any]], Stage]:
        """The table as bytes, the heads, and the tokeniser, so that the file is whole."""
        assert self._table is not None
        table, scales = self._table
        tokenizer = np.frombuffer(self._described, np.uint8)
        arrays: dict[str, NDArray[Any]] = {
            "table": table,
            "table_scales": scales,
            "tokenizer": tokenizer,
            "weights": weights,
            "bias": bias,
        }
        return arrays, self._stage(weights, bias)

    def _stage(self, weights: NDArray[np.float64], bias: NDArray[np.float64]) -> Static:
        assert self._table is not None
        return Static(Tokens(self._described), *self._table, weights=weights, bias=bias)


class EncoderMaker:
    """The last stage: heads on the encoder, which stays in its package."""

    def __init__(self, *, said: Callable[[str], object]) -> None:
        self._said = said
        self._encoder, digest = encoder_of()
        self.settings: dict[str, int | str] = {"encoder": PACKAGE, "encoder_sha256": digest}
        self.built_from = built_from(digest)

    def matrix(self, texts: Sequence[str]) -> Any:
        """One vector per text: that of its first window."""
        self._said(f"encoding {len(texts):,} texts; about a hundred a second")
        vectors, first = self._encoder.vectors(texts)
        return vectors[first]

    def made(
        self, weights: NDArray[np.float64], bias: NDArray[np.float64]
    ) -> tuple[dict[str, NDArray[Any]], Stage]:
        """The heads alone."""
        return {"weights": weights, "bias": bias}, Encoded(self._encoder, weights=weights, bias=bias)


def built_from(digest: str) -> str:
    """How a card names the encoder."""
    return (
        f"all-MiniLM-L6-v2 of sentence-transformers, Apache-2.0, in the package {PACKAGE}; SHA-256 {digest}"
    )


def maker_of(recipe: Recipe, *, said: Callable[[str], object]) -> Maker:
    """The stage that a recipe asks for.

    Raises:
        UsageError: what the stage needs is not installed.
    """
    if recipe.stage == "static":
        return StaticMaker(recipe.dimensions, said=said)
    return EncoderMaker(said=said) if recipe.stage == "encoder" else LinearMaker(recipe.buckets)
