"""The ratio of two totals from one probability sample."""

from __future__ import annotations

from math import fsum, sqrt
from typing import TYPE_CHECKING

import msgspec

from seawall.measure.model import CONFIDENCE, Interval
from seawall.measure.quantiles import t_quantile

if TYPE_CHECKING:
    from collections.abc import Sequence


class Pair(msgspec.Struct, frozen=True):
    """One drawn item with the two measures whose totals are compared."""

    above: float
    below: float
    probability: float


def ratio(pairs: Sequence[Pair], *, confidence: float = CONFIDENCE) -> Interval:
    """sum(x / pi) / sum(z / pi), with its linearised variance and Student's t.

    Source: Sarndal, Swensson and Wretman (1992), section 5.6: the variance of a total of the residuals e = x
    - R z, divided by the square of the total of z; drawn items are taken as independent. Recall is x = caught
    and violating, z = violating.

    Raises:
        ValueError: fewer than two pairs, a probability outside 0 and 1, or nothing below the line.

    >>> found = ratio([Pair(1, 1, 0.5), Pair(0, 1, 0.5), Pair(1, 1, 1.0), Pair(0, 0, 0.1)])
    >>> round(found.value, 4)
    0.6
    """
    n = len(pairs)
    if n <= 1:
        raise ValueError("a ratio with an interval needs at least two drawn items")
    if any(not 0 < pair.probability <= 1 for pair in pairs):
        raise ValueError("a drawn item has a probability above 0 and at most 1; record it when drawing")
    below = fsum(pair.below / pair.probability for pair in pairs)
    if below <= 0:
        raise ValueError("nothing stands below the line of the ratio: no such item was drawn")
    value = fsum(pair.above / pair.probability for pair in pairs) / below
    residuals = [(pair.above - value * pair.below) / pair.probability for pair in pairs]
    variance = n / (n - 1) * fsum(e * e for e in residuals) / below**2
    reach = t_quantile(0.5 + confidence / 2, n - 1) * sqrt(variance)
    return Interval(
        value=value, low=value - reach, high=value + reach, size=n, method="ratio, linearised variance, t"
    )
