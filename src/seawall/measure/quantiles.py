"""Quantiles of the normal, beta and t distributions, from the standard library alone."""

from __future__ import annotations

from math import exp, lgamma, log, log1p, sqrt
from statistics import NormalDist

_TINY = 1e-300
_EPSILON = 1e-15
_MAX_TERMS = 100_000  # the fraction needs about sqrt(max(a, b)) of them
_HALVINGS = 1100  # from 1 down to the smallest double


def normal_quantile(probability: float) -> float:
    """Where a standard normal variable lies below with this probability.

    >>> round(normal_quantile(0.975), 4)
    1.96
    """
    return NormalDist().inv_cdf(probability)


def two_sided_z(confidence: float) -> float:
    """How many standard errors a two-sided normal interval reaches each way.

    >>> round(two_sided_z(0.95), 4)
    1.96
    """
    return normal_quantile(0.5 + confidence / 2)


def log_beta(a: float, b: float) -> float:
    """Logarithm of the beta function.

    >>> round(log_beta(2, 3), 6) == round(log(1 / 12), 6)
    True
    """
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def incomplete_beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b): the beta distribution's probability below x.

    Source: the continued fraction of DLMF 8.17.22, evaluated by Lentz's method.

    >>> round(incomplete_beta(0.5, 2, 3), 6)
    0.6875
    """
    if x <= 0.0:
        return 0.0
    if x >= 1.0:
        return 1.0
    if x > (a + 1) / (a + b + 2):  # the fraction converges fast only below the mean
        return 1.0 - incomplete_beta(1.0 - x, b, a)
    front = exp(a * log(x) + b * log1p(-x) - log_beta(a, b)) / a
    return front * _fraction(x, a, b)


def beta_quantile(probability: float, a: float, b: float) -> float:
    """The x with I_x(a, b) = probability, by bisection to the last bit.

    >>> round(beta_quantile(0.6875, 2, 3), 6)
    0.5
    """
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if incomplete_beta(middle, a, b) < probability:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def t_quantile(probability: float, degrees: float) -> float:
    """Where Student's t lies below with this probability (Abramowitz and Stegun 26.7.1).

    Args:
        probability: at least a half.
        degrees: of freedom, above 0.

    >>> round(t_quantile(0.975, 10), 4)
    2.2281
    """
    x = beta_quantile(2 * (1 - probability), degrees / 2, 0.5)
    return sqrt(degrees * (1 - x) / x) if x > 0 else float("inf")


def _fraction(x: float, a: float, b: float) -> float:
    c, d = 1.0, 1.0 / _away_from_zero(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, _MAX_TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        step = 1.0
        for term in (even, odd):
            d = 1.0 / _away_from_zero(1 + term * d)
            c = _away_from_zero(1 + term / c)
            step = c * d
            value *= step
        if abs(step - 1) < _EPSILON:
            break
    return value


def _away_from_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
