"""Logits to probabilities (Platt 1999), for a stated share of positives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ROUNDS = 100
_LEAST_SLOPE = 1e-3


def platt(truth: NDArray[np.bool_], logits: NDArray[np.float64], *, prevalence: float) -> tuple[float, float]:
    """Slope and intercept of the likeliest logistic curve, by Newton's method.

    Positives and negatives are weighted to the stated prevalence, and targets are drawn in from 0 and 1 as
    Platt proposes, so that few labels give no certainty.

    Args:
        truth: of each text; both answers must occur.
        logits: of the same shape.
        prevalence: share of positives that probabilities are for.

    Raises:
        ValueError: all labels are alike.

    >>> a, b = platt(np.array([False, True] * 50), np.array([-1.0, 1.0] * 50), prevalence=0.5)
    >>> a > 1, abs(b) < 1e-6
    (True, True)
    """
    positive = int(truth.sum())
    negative = len(truth) - positive
    if not positive or not negative:
        raise ValueError("calibration needs texts of both kinds")
    weights = np.where(truth, prevalence / positive, (1 - prevalence) / negative) * len(truth)
    target = np.where(truth, (positive + 1) / (positive + 2), 1 / (negative + 2))
    shift, spread = float(logits.mean()), float(logits.std()) or 1.0
    design = np.stack([(logits - shift) / spread, np.ones(len(logits))], axis=1)
    found = np.array([1.0, np.log(prevalence / (1 - prevalence))])
    for _ in range(_ROUNDS):
        chance = 1 / (1 + np.exp(-np.clip(design @ found, -40, 40)))
        slope = design.T @ (weights * (chance - target))
        curve = (design * (weights * chance * (1 - chance))[:, None]).T @ design + 1e-9 * np.eye(2)
        step = np.linalg.solve(curve, slope)
        found -= step * min(1.0, 2.0 / (float(np.abs(step).max()) + 1e-12))
        if float(np.abs(step).max()) < 1e-10:
            break
    slope_ = max(float(found[0]) / spread, _LEAST_SLOPE)
    return slope_, float(found[1]) - slope_ * shift


def calibration_error(
    truth: NDArray[np.bool_], chance: NDArray[np.float64], *, prevalence: float, bins: int = 10
) -> float:
    """Expected calibration error over bins of equal weight, at the stated prevalence (Naeini et al. 2015)."""
    positive = max(int(truth.sum()), 1)
    weights = np.where(truth, prevalence / positive, (1 - prevalence) / max(len(truth) - positive, 1))
    order = np.argsort(chance, kind="stable")
    place = np.minimum((np.cumsum(weights[order]) / weights.sum() * bins).astype(int), bins - 1)
    error = 0.0
    for each in range(bins):
        some = order[place == each]
        mass = weights[some].sum()
        if mass:
            error += abs(float((weights[some] * (chance[some] - truth[some])).sum()))
    return error / float(weights.sum())
