"""How texts become features for each stage, and weights become its file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from seawall.learn.text.fit_sklearn import gram_matrix
from seawall.signals.text.linear import Linear, quantised

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
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


def maker_of(recipe: Recipe, *, said: Callable[[str], object]) -> Maker:
    """The stage that a recipe asks for."""
    del said
    return LinearMaker(recipe.buckets)
