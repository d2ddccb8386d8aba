"""A share from a simple random sample: Wilson's interval, and the exact one of Clopper and Pearson."""

from __future__ import annotations

from math import sqrt

from seawall.measure.model import CONFIDENCE, Interval
from seawall.measure.quantiles import beta_quantile, two_sided_z


def wilson(k: float, n: float, *, confidence: float = CONFIDENCE) -> Interval:
    """The share k/n with Wilson's score interval.

    Source: Wilson (1927), JASA 22:209. Right on average over p even for small n and shares near 0 or 1. `k`
    and `n` may be
    fractional: the effective size of an uneven sample stands for n (Korn and Graubard 1998; Dean and Pagano
        2015).

    Raises:
        ValueError: n is not above 0, or k is not within 0 and n.

    >>> share = wilson(45, 50)
    >>> round(share.low, 4), share.value, round(share.high, 4)
    (0.7864, 0.9, 0.9565)
    """
    _refuse_impossible(k, n)
    z2 = two_sided_z(confidence) ** 2
    share = k / n
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    reach = sqrt(z2) / (1 + z2 / n) * sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return Interval(
        value=share,
        low=0.0 if k == 0 else max(0.0, centre - reach),
        high=1.0 if k == n else min(1.0, centre + reach),
        size=n,
        method="Wilson",
    )


def clopper_pearson(k: int, n: int, *, confidence: float = CONFIDENCE) -> Interval:
    """The share k/n with the exact interval: it covers at least as often as it says, for every p and n.

    Source: Clopper and Pearson (1934), Biometrika 26:404, in its beta form. For shares near 0, such as
    prevalence.

    Raises:
        ValueError: n is not above 0, or k is not within 0 and n.

    >>> share = clopper_pearson(0, 100)
    >>> share.low, round(share.high, 5)
    (0.0, 0.03622)
    """
    _refuse_impossible(k, n)
    tail = (1 - confidence) / 2
    return Interval(
        value=k / n,
        low=0.0 if k == 0 else beta_quantile(tail, k, n - k + 1),
        high=1.0 if k == n else beta_quantile(1 - tail, k + 1, n - k),
        size=n,
        method="Clopper-Pearson",
    )


def _refuse_impossible(k: float, n: float) -> None:
    if n <= 0 or not 0 <= k <= n:
        raise ValueError(f"{k:g} of {n:g} is no share; count at least one, and no more found than looked at")
