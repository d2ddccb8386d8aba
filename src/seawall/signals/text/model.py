"""The words of text models."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Calibration(msgspec.Struct, frozen=True, kw_only=True):
    """How a head's logit becomes a probability in one language (Platt 1999): 1 / (1 + exp(-(a z + b))).

    Attributes:
        a: slope, above 0.
        b: intercept.
        thresholds: probability from which on the head flags, by the false positive rate it then had on
            the texts it was calibrated on (`0.01`, `0.05` ...).
    """

    a: float
    b: float
    thresholds: dict[str, float]


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """One thing a model tells.

    Attributes:
        name: `spam`, `hate` ...
        describes: what people labelled, in words.
        prevalence: share of positive texts for which its probabilities are right.
        languages: where it is calibrated; elsewhere it is NULL.
    """

    name: str
    describes: str
    prevalence: float
    languages: dict[str, Calibration]


class ModelInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in a model's file beside its numbers.

    Attributes:
        name: of the model; a name is given to one set of weights, and never again.
        stage: `linear`, `static` or `encoder`.
        licence: of the weights, SPDX.
        heads: in the order of the columns.
        settings: what the stage must know to read texts as in training.
        blind: terms that it does not see, plain.
    """

    name: str
    stage: str
    licence: str
    heads: tuple[Head, ...]
    settings: dict[str, int | str]
    blind: tuple[str, ...] = ()


class Scores(NamedTuple):
    """What a model says of some texts.

    Attributes:
        heads: names, in the order of the columns.
        values: probabilities, of shape (texts, heads); NaN where `nulls` has a reason.
        nulls: reason by (row, column): `unsupported_language`, or `not_applicable` for a text that holds
            nothing to read.
        languages: of each text, as given or as told; None where it cannot be told.
    """

    heads: tuple[str, ...]
    values: NDArray[np.float64]
    nulls: dict[tuple[int, int], str]
    languages: tuple[str | None, ...]

    def column(self, head: str) -> NDArray[np.float64]:
        """The probabilities of one head, NaN for NULL.

        Raises:
            ValueError: there is no such head.
        """
        return self.values[:, self.heads.index(head)]


class Span(NamedTuple):
    """A part of a text with what a model says of it alone.

    Attributes:
        start: its first character in the text as it was given.
        end: the one after its last.
        scores: probability by head; None for NULL.
    """

    start: int
    end: int
    scores: dict[str, float | None]
