"""A share from a stratified sample, and its interval from the strata's own."""

from __future__ import annotations

from math import fsum, sqrt
from typing import TYPE_CHECKING

import msgspec

from seawall.measure.model import CONFIDENCE, Interval
from seawall.measure.proportion import wilson

if TYPE_CHECKING:
    from collections.abc import Sequence


class Stratum(msgspec.Struct, frozen=True):
    """A part of the population, and a simple random sample of it: `found` among `n` looked at."""

    population: float
    n: int
    found: int


def stratified(strata: Sequence[Stratum], *, confidence: float = CONFIDENCE) -> Interval:
    """The share over all strata: sum of W_h p_h, W_h the stratum's part of the population.

    Source: Cochran (1977), chapter 5, for the point. The limits add the squared distances of each stratum's
    Wilson limits from its share (the method of variance estimates recovery, Zou and Donner 2008, Stat. Med.
    27:1693), so that a stratum where nothing was found still counts as uncertain, which the usual sum of p (1
    - p) / n forgets.

    Raises:
        ValueError: no strata, or one in which nothing was looked at.

    >>> share = stratified([Stratum(9_000, 100, 1), Stratum(1_000, 100, 40)])
    >>> round(share.value, 4), round(share.low, 4), round(share.high, 4)
    (0.049, 0.0373, 0.0902)
    """
    if not strata:
        raise ValueError("no strata")
    whole = fsum(stratum.population for stratum in strata)
    parts = [
        (stratum.population / whole, wilson(stratum.found, stratum.n, confidence=confidence))
        for stratum in strata
    ]
    share = fsum(weight * part.value for weight, part in parts)
    down = sqrt(fsum((weight * (part.value - part.low)) ** 2 for weight, part in parts))
    up = sqrt(fsum((weight * (part.high - part.value)) ** 2 for weight, part in parts))
    variance = fsum(weight**2 * part.value * (1 - part.value) / part.size for weight, part in parts)
    looked_at = fsum(stratum.n for stratum in strata)
    return Interval(
        value=share,
        low=max(0.0, share - down),
        high=min(1.0, share + up),
        size=share * (1 - share) / variance if variance > 0 else looked_at,
        method="stratified, Wilson limits recovered",
    )


def design_effect(strata: Sequence[Stratum]) -> float:
    """Variance of the stratified share over that of a simple random sample as large; below 1 saves labels.

    Raises:
        ValueError: no strata, or one in which nothing was looked at.

    >>> round(design_effect([Stratum(9_000, 100, 1), Stratum(1_000, 100, 40)]), 2)
    0.45
    """
    return fsum(stratum.n for stratum in strata) / stratified(strata).size
