"""How well scores order texts: precision-recall area, ROC area, recall at a precision, with intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Figure = Callable[[NDArray[np.bool_], NDArray[np.float64]], float]

DRAWS = 200
_TAIL = 2.5  # per cent on each side of a 95 % interval


class Measured(msgspec.Struct, frozen=True):
    """A figure with its 95 % interval, bootstrapped by text."""

    value: float
    low: float
    high: float


class Quality(msgspec.Struct, frozen=True, kw_only=True):
    """Of one head on one set of texts.

    Attributes:
        n: texts.
        positive: of them, those labelled true.
        auprc: area under precision and recall (average precision), at the set's own share of positives.
        auc: area under the ROC curve, which does not depend on that share.
        recall_p90: the most that is found while 9 of 10 found are right, at the set's own share.
        recall_fpr01: what is found at the threshold that flags 1 of 100 clean texts of the set.
    """

    n: int
    positive: int
    auprc: Measured
    auc: Measured
    recall_p90: Measured
    recall_fpr01: Measured


def quality(
    truth: NDArray[np.bool_], scores: NDArray[np.float64], *, rng: np.random.Generator
) -> Quality | None:
    """The figures; None where all labels are alike.

    Args:
        truth: of each text.
        scores: larger is likelier, of the same shape.
        rng: for the bootstrap.
    """
    positive = int(truth.sum())
    if positive == 0 or positive == len(truth):
        return None
    figures: tuple[Figure, ...] = (average_precision, area, recall_at_precision, recall_at_rate)
    draws = np.array([_drawn(truth, scores, figures, rng) for _ in range(DRAWS)])
    found: list[Measured] = []
    for place, figure in enumerate(figures):
        low, high = np.nanpercentile(draws[:, place], [_TAIL, 100 - _TAIL])
        found.append(Measured(*(round(float(value), 4) for value in (figure(truth, scores), low, high))))
    return Quality(
        n=len(truth),
        positive=positive,
        auprc=found[0],
        auc=found[1],
        recall_p90=found[2],
        recall_fpr01=found[3],
    )


def average_precision(truth: NDArray[np.bool_], scores: NDArray[np.float64]) -> float:
    """The mean of precision over the positives, ties taken together.

    >>> average_precision(np.array([True, False, True]), np.array([0.9, 0.8, 0.7]))
    0.8333333333333333
    """
    precision, recall = _curve(truth, scores)
    return float(np.sum(np.diff(recall, prepend=0.0) * precision))


def area(truth: NDArray[np.bool_], scores: NDArray[np.float64]) -> float:
    """The chance that a positive scores above a negative (Mann and Whitney 1947), ties half.

    >>> area(np.array([True, False, True]), np.array([0.9, 0.8, 0.7]))
    0.5
    """
    below = np.sort(scores[~truth])
    found = np.searchsorted(below, scores[truth], "left") + np.searchsorted(below, scores[truth], "right")
    return float(found.mean() / 2 / len(below))


def recall_at_precision(
    truth: NDArray[np.bool_], scores: NDArray[np.float64], precision: float = 0.9
) -> float:
    """The largest recall at which precision is at least this; 0 where it never is."""
    reached, recall = _curve(truth, scores)
    return float(recall[reached >= precision].max(initial=0.0))


def recall_at_rate(truth: NDArray[np.bool_], scores: NDArray[np.float64], rate: float = 0.01) -> float:
    """Recall at the lowest threshold that flags at most this share of negatives."""
    return float((scores[truth] > _below(scores[~truth], rate)).mean())


def threshold_at(clean: NDArray[np.float64], rate: float) -> float:
    """A threshold that flags at most this share of clean texts: the least of their scores that does.

    >>> threshold_at(np.array([0.1, 0.2, 0.3, 0.4]), 0.25)
    0.4
    """
    least = _below(clean, rate)
    flagged = clean[clean > least]
    return float(flagged.min() if len(flagged) else np.nextafter(least, np.inf))


def _below(clean: NDArray[np.float64], rate: float) -> float:
    """The score above which at most this share of clean texts lies."""
    ordered = np.sort(clean)
    return float(ordered[len(ordered) - int(rate * len(ordered)) - 1])


def _curve(
    truth: NDArray[np.bool_], scores: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    order = np.argsort(-scores, kind="stable")
    ordered = scores[order]
    last = np.append(np.flatnonzero(np.diff(ordered)), len(ordered) - 1)  # of each run of equal scores
    right = np.cumsum(truth[order])[last]
    return right / (last + 1), right / right[-1]


def _drawn(
    truth: NDArray[np.bool_],
    scores: NDArray[np.float64],
    figures: tuple[Figure, ...],
    rng: np.random.Generator,
) -> list[float]:
    places = rng.integers(0, len(truth), len(truth))
    drawn, its = truth[places], scores[places]
    if drawn.all() or not drawn.any():
        return [float("nan")] * len(figures)
    return [figure(drawn, its) for figure in figures]
