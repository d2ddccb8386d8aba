"""Bounds on a rate that hold at every moment, however often one looks."""

from __future__ import annotations

from math import inf, log, log1p

from seawall.measure.model import CONFIDENCE
from seawall.measure.quantiles import incomplete_beta, log_beta

PRIOR = 0.5  # Jeffreys' beta: the wealth grows at the best rate but for half a log n
_HALVINGS = 60
_FARTHEST = 1e-9


def log_wealth(rate: float, hits: int, trials: int) -> float:
    """Logarithm of what betting that the rate is above `rate` has made of 1, after `hits` of `trials`.

    If the rate, given the past, is never above `rate`, this wealth is a supermartingale that starts at 1, so
    the chance that it *ever* reaches 1/a is at most a (Ville's inequality). It is the likelihood ratio
    averaged over the rates above `rate` with a beta prior (Robbins 1970, Ann. Math. Stat. 41:1397, in its
    one-sided form), and needs nothing but the two counts.

    Args:
        rate: between 0 and 1, both exclusive.
        hits: trials that were hits.
        trials: seen so far.

    >>> log_wealth(0.01, 0, 0)
    0.0
    >>> log_wealth(0.01, 30, 1000) > log(20) > log_wealth(0.01, 12, 1000)
    True
    """
    misses = trials - hits
    above = incomplete_beta(1 - rate, misses + PRIOR, hits + PRIOR)
    if above <= 0:
        return -inf
    above_before = incomplete_beta(1 - rate, PRIOR, PRIOR)
    averaged = log_beta(hits + PRIOR, misses + PRIOR) - log_beta(PRIOR, PRIOR) + log(above / above_before)
    return averaged - hits * log(rate) - misses * log1p(-rate)


def lower_bound(hits: int, trials: int, *, confidence: float = CONFIDENCE) -> float:
    """A bound that the rate is above, now and at every other look, but for a chance of 1 - confidence.

    Raises:
        ValueError: more hits than trials.

    >>> round(lower_bound(30, 1000), 4), lower_bound(0, 1000)
    (0.0144, 0.0)
    """
    _refuse_impossible(hits, trials)
    if hits == 0:
        return 0.0
    ruin = -log1p(-confidence)
    low, high = 0.0, hits / trials
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if middle < _FARTHEST:
            return 0.0
        if log_wealth(middle, hits, trials) >= ruin:
            low = middle
        else:
            high = middle
    return low


def upper_bound(hits: int, trials: int, *, confidence: float = CONFIDENCE) -> float:
    """A bound that the rate is below, now and at every other look, but for a chance of 1 - confidence.

    Raises:
        ValueError: more hits than trials.

    >>> round(upper_bound(30, 1000), 4), upper_bound(0, 0)
    (0.0496, 1.0)
    """
    return 1.0 - lower_bound(trials - hits, trials, confidence=confidence) if trials else 1.0


def _refuse_impossible(hits: int, trials: int) -> None:
    if not 0 <= hits <= trials:
        raise ValueError(f"{hits} hits of {trials} trials cannot be")
