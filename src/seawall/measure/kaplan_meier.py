"""How long things take when some are still open: the share still waiting, and its quantiles."""

from __future__ import annotations

from itertools import groupby
from math import exp, inf, log, sqrt
from typing import TYPE_CHECKING

import msgspec

from seawall.measure.model import CONFIDENCE, Interval
from seawall.measure.quantiles import two_sided_z

if TYPE_CHECKING:
    from collections.abc import Iterable


class Wait(msgspec.Struct, frozen=True):
    """One item's time in any unit, and whether it is over; an open item has waited at least so long."""

    time: float
    done: bool


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """From `time` on, this share is still waiting, with its pointwise limits."""

    time: float
    waiting: float
    low: float
    high: float
    at_risk: int


class Curve(msgspec.Struct, frozen=True):
    """The share still waiting over time: 1 before the first step, then as the latest step says."""

    steps: tuple[Step, ...]
    n: int
    open: int

    def quantile(self, share: float) -> Interval | None:
        """The time by which `share` of the items are done; None while too many are open to tell.

        Source: Brookmeyer and Crowley (1982), Biometrics 38:29: the times at which the curve's limits cross 1
        - share. The upper limit is infinite where the upper curve never comes down that far.

        >>> curve = kaplan_meier([Wait(t, True) for t in range(1, 101)])
        >>> median = curve.quantile(0.5)
        >>> median.value, median.low, median.high
        (50, 40, 60)
        >>> kaplan_meier([Wait(5, False), Wait(9, False)]).quantile(0.5) is None
        True
        """
        left = 1 - share + 1e-12  # so that a curve that comes down to exactly the share has reached it
        reached = next((step.time for step in self.steps if step.waiting <= left), None)
        if reached is None:
            return None
        return Interval(
            value=reached,
            low=next(step.time for step in self.steps if step.low <= left),
            high=next((step.time for step in self.steps if step.high <= left), inf),
            size=self.n,
            method="Kaplan-Meier, Brookmeyer-Crowley",
        )


def kaplan_meier(waits: Iterable[Wait], *, confidence: float = CONFIDENCE) -> Curve:
    """The product-limit estimate of the share still waiting; open items count for as long as they waited.

    Source: Kaplan and Meier (1958), JASA 53:457; Greenwood's variance; limits on the log(-log) scale
    (Kalbfleisch and Prentice 1980), which stay within 0 and 1. An item that ends when another is still open
    at the same time ends first.

    Raises:
        ValueError: a time below 0.

    >>> curve = kaplan_meier([Wait(1, True), Wait(2, False), Wait(3, True)])
    >>> [(step.time, round(step.waiting, 3)) for step in curve.steps]
    [(1, 0.667), (3, 0.0)]
    """
    ordered = sorted(waits, key=lambda wait: wait.time)
    if ordered and ordered[0].time < 0:
        raise ValueError("an item cannot have waited for less than no time")
    z = two_sided_z(confidence)
    steps: list[Step] = []
    at_risk, waiting, greenwood, high = len(ordered), 1.0, 0.0, 1.0
    for time, group in groupby(ordered, key=lambda wait: wait.time):
        ends = [wait.done for wait in group]
        done = sum(ends)
        if done:
            waiting *= 1 - done / at_risk
            low = 0.0
            if at_risk > done:  # when the last one ends, the upper limit stays where it was
                greenwood += done / (at_risk * (at_risk - done))
                low, high = _limits(waiting, greenwood, z)
            steps.append(Step(time=time, waiting=waiting, low=low, high=high, at_risk=at_risk))
        at_risk -= len(ends)
    return Curve(tuple(steps), len(ordered), sum(not wait.done for wait in ordered))


def _limits(waiting: float, greenwood: float, z: float) -> tuple[float, float]:
    reach = z * sqrt(greenwood) / abs(log(waiting))
    return exp(log(waiting) * exp(reach)), exp(log(waiting) * exp(-reach))
