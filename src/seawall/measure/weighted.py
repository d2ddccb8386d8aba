"""Totals and means from a sample with unequal probabilities: Horvitz-Thompson, Hajek, Hansen-Hurwitz."""

from __future__ import annotations

from math import fsum, sqrt
from typing import TYPE_CHECKING

from seawall.measure.model import CONFIDENCE, Draw, Interval
from seawall.measure.proportion import wilson
from seawall.measure.quantiles import t_quantile, two_sided_z

if TYPE_CHECKING:
    from collections.abc import Sequence


def horvitz_thompson(draws: Sequence[Draw], *, confidence: float = CONFIDENCE) -> Interval:
    """The total of weight x value, each item drawn on its own with its own probability.

    Source: Horvitz and Thompson (1952), JASA 47:663; the variance is the unbiased one of Poisson sampling,
    sum of (1 - pi) (v y / pi)^2, since the random lane draws every item by its own salted hash. Items drawn
    for certain add none.

    Raises:
        ValueError: no draws, or a probability outside 0 and 1.

    >>> total = horvitz_thompson([Draw(1, 0.5), Draw(0, 0.5), Draw(1, 1.0)])
    >>> total.value, round(total.high - total.value, 3)
    (3.0, 2.772)
    """
    _refuse_impossible(draws)
    total = fsum(draw.weight * draw.value / draw.probability for draw in draws)
    variance = fsum(
        (1 - draw.probability) * (draw.weight * draw.value / draw.probability) ** 2 for draw in draws
    )
    reach = two_sided_z(confidence) * sqrt(variance)
    return Interval(
        value=total, low=total - reach, high=total + reach, size=len(draws), method="Horvitz-Thompson"
    )


def hajek(draws: Sequence[Draw], *, confidence: float = CONFIDENCE) -> Interval:
    """The weighted share: sum(v y / pi) / sum(v / pi), with Wilson's interval at the effective size.

    Source: Hajek (1971), with the linearised variance of a ratio. The effective size is p (1 - p) / variance,
    but never above Kish's (sum d)^2 / sum d^2, d = v / pi: the few draws that weigh most may all agree by
    chance, and the variance then promises too much. An even sample gives exactly Wilson's interval. Every
    draw must come from one frame: a stratum that the draws do not reach is not seen by the interval.

    Raises:
        ValueError: no draws, a probability outside 0 and 1, a value outside 0 and 1, or no weight at all.

    >>> share = hajek([Draw(1, 0.5)] * 45 + [Draw(0, 0.5)] * 5)
    >>> round(share.low, 4), share.value, round(share.high, 4), round(share.size)
    (0.7864, 0.9, 0.9565, 50)
    """
    _refuse_impossible(draws)
    if any(not 0 <= draw.value <= 1 for draw in draws):
        raise ValueError("a share is made of values between 0 and 1; use the ratio of two totals for others")
    expanded = [draw.weight / draw.probability for draw in draws]
    total = fsum(expanded)
    if total <= 0:
        raise ValueError("the draws have no weight: nothing was seen")
    share = min(1.0, fsum(d * draw.value for d, draw in zip(expanded, draws, strict=True)) / total)
    variance = (
        fsum((d * (draw.value - share)) ** 2 for d, draw in zip(expanded, draws, strict=True)) / total**2
    )
    size = _effective_size(share, variance, expanded, total)
    inner = wilson(share * size, size, confidence=confidence)
    return Interval(
        value=share, low=inner.low, high=inner.high, size=size, method="Hajek, Wilson at the effective size"
    )


def hansen_hurwitz(draws: Sequence[Draw], *, confidence: float = CONFIDENCE) -> Interval:
    """The total of weight x value from n draws with replacement, each with its item's probability q.

    Source: Hansen and Hurwitz (1943), Ann. Math. Stat. 14:333: the mean of v y / q, variance s^2 / n,
    Student's t with n - 1. For prevalence by views, q is a risk score normalised to sum to 1, and the total
    is divided by all views (`Interval.scaled`).

    Raises:
        ValueError: fewer than two draws, or a probability outside 0 and 1.

    >>> total = hansen_hurwitz([Draw(3, 0.1), Draw(4, 0.2), Draw(5, 0.2)])
    >>> round(total.value, 3)
    25.0
    """
    _refuse_impossible(draws)
    n = len(draws)
    if n == 1:
        raise ValueError("one draw has no spread; draw at least two")
    totals = [draw.weight * draw.value / draw.probability for draw in draws]
    mean = fsum(totals) / n
    variance = fsum((one - mean) ** 2 for one in totals) / (n - 1) / n
    reach = t_quantile(0.5 + confidence / 2, n - 1) * sqrt(variance)
    return Interval(value=mean, low=mean - reach, high=mean + reach, size=n, method="Hansen-Hurwitz, t")


def _effective_size(share: float, variance: float, expanded: list[float], total: float) -> float:
    kish = total**2 / fsum(d * d for d in expanded)
    spread = share * (1 - share)
    return min(kish, spread / variance) if variance > 0 and spread > 0 else kish


def _refuse_impossible(draws: Sequence[Draw]) -> None:
    if not draws:
        raise ValueError("nothing was drawn")
    if any(not 0 < draw.probability <= 1 for draw in draws):
        raise ValueError("a drawn item has a probability above 0 and at most 1; record it when drawing")
