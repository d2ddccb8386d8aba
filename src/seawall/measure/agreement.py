"""How far two who looked at the same items agree: kappa, and the figures without which it misleads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

_DRAWS = 2_000
_TAIL = 2.5  # per cent on each side of a 95 % interval


class Agreement(msgspec.Struct, frozen=True, kw_only=True):
    """Two answers, yes or no, on each of n items.

    Where one answer is rare, kappa collapses although almost all answers agree, so it is never shown alone.

    Attributes:
        n: items that both answered.
        observed: share of items on which they agree.
        kappa: Cohen's (1960), chance by each one's own shares; None where both always gave one same answer.
        kappa_low: of its 95 % interval, bootstrapped by item; None where kappa is.
        kappa_high: likewise.
        pabak: kappa if both answers were equally common (Byrt, Bishop and Carlin 1993): 2 x observed - 1.
        ac1: Gwet's (2008), which keeps its meaning where one answer is rare.
        positive: of the items that either called yes, the share of yes answers that the other gave too.
        negative: likewise for no; each None where nobody gave that answer.
    """

    n: int
    observed: float
    kappa: float | None
    kappa_low: float | None
    kappa_high: float | None
    pabak: float
    ac1: float
    positive: float | None
    negative: float | None


def agreement(pairs: Iterable[tuple[bool, bool]], *, rng: np.random.Generator) -> Agreement:
    """Agreement of two raters.

    Args:
        pairs: for each item, the answer of one and of the other.
        rng: for the bootstrap.

    Raises:
        ValueError: there are no items.

    >>> same = [(True, True)] * 20 + [(False, False)] * 70 + [(True, False)] * 5 + [(False, True)] * 5
    >>> found = agreement(same, rng=np.random.default_rng(0))
    >>> found.observed, round(found.kappa, 3), round(found.positive, 2), round(found.negative, 2)
    (0.9, 0.733, 0.8, 0.93)
    """
    counts = np.zeros(4)
    for one, other in pairs:
        counts[2 * (not one) + (not other)] += 1
    n = int(counts.sum())
    if n == 0:
        raise ValueError("agreement needs at least one item that both answered")
    yes_yes, yes_no, no_yes, no_no = counts.tolist()
    observed = (yes_yes + no_no) / n
    share = (2 * yes_yes + yes_no + no_yes) / (2 * n)  # of yes, over both
    by_chance = 2 * share * (1 - share)
    kappa = float(_kappa(counts[None, :])[0])
    low, high = _interval(counts, n, rng)
    differ = yes_no + no_yes
    known = not np.isnan(kappa)
    return Agreement(
        n=n,
        observed=observed,
        kappa=kappa if known else None,
        kappa_low=low if known else None,
        kappa_high=high if known else None,
        pabak=2 * observed - 1,
        ac1=(observed - by_chance) / (1 - by_chance),
        positive=2 * yes_yes / (2 * yes_yes + differ) if yes_yes + differ else None,
        negative=2 * no_no / (2 * no_no + differ) if no_no + differ else None,
    )


def _kappa(tables: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of each row of shape (tables, 4): yes-yes, yes-no, no-yes, no-no; NaN where chance explains all."""
    n = tables.sum(axis=1)
    observed = (tables[:, 0] + tables[:, 3]) / n
    one, other = (tables[:, 0] + tables[:, 1]) / n, (tables[:, 0] + tables[:, 2]) / n
    expected = one * other + (1 - one) * (1 - other)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(expected < 1, (observed - expected) / (1 - expected), np.nan)


def _interval(counts: NDArray[np.float64], n: int, rng: np.random.Generator) -> tuple[float, float]:
    drawn = _kappa(rng.multinomial(n, counts / n, size=_DRAWS).astype(np.float64))
    sound = drawn[~np.isnan(drawn)]
    if sound.size == 0:
        return float("nan"), float("nan")
    low, high = np.percentile(sound, [_TAIL, 100 - _TAIL])
    return float(low), float(high)
