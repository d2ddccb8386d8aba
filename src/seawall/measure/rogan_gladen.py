"""What a share really is when those who judge it err."""

from __future__ import annotations

from math import sqrt

import msgspec

from seawall.measure.model import CONFIDENCE, Interval
from seawall.measure.quantiles import two_sided_z


class Counted(msgspec.Struct, frozen=True):
    """`k` of `n`; n may be an effective size."""

    k: float
    n: float


def rogan_gladen(
    apparent: Counted, *, sensitivity: Counted, specificity: Counted, confidence: float = CONFIDENCE
) -> Interval:
    """The true share behind an apparent one; the doubt about sensitivity and specificity is carried through.

    Source: Rogan and Gladen (1978), Am. J. Epidemiol. 107:71, for the point, (p + Sp - 1) / (Se + Sp - 1),
    kept within 0 and 1; the interval is that of Lang and Reiczigel (2014), Prev. Vet. Med. 113:13, which
    keeps its coverage where the delta method loses it (small validation samples, shares near 0).

    Args:
        apparent: judged positive, of all judged.
        sensitivity: judged positive, of items known to be positive.
        specificity: judged negative, of items known to be negative.
        confidence: of the interval.

    Raises:
        ValueError: a count is empty, or those who judge do no better than a coin.

    >>> share = rogan_gladen(Counted(30, 1000), sensitivity=Counted(90, 100), specificity=Counted(490, 500))
    >>> round(share.value, 4), round(share.low, 4), round(share.high, 4)
    (0.0114, 0.0, 0.0303)
    """
    if min(apparent.n, sensitivity.n, specificity.n) <= 0:
        raise ValueError("the true share needs judged items, known positives and known negatives")
    gain = _share(sensitivity) + _share(specificity) - 1
    if gain <= 0:
        raise ValueError(
            "sensitivity + specificity is not above 1: the judgement tells nothing about the truth"
        )
    point = (_share(apparent) + _share(specificity) - 1) / gain
    low, high = _limits(apparent, sensitivity, specificity, two_sided_z(confidence))
    return Interval(
        value=_within(point), low=min(low, _within(point)), high=max(high, _within(point)), size=apparent.n,
        method="Rogan-Gladen, Lang-Reiczigel limits",
    )  # fmt: skip


def _limits(apparent: Counted, sensitivity: Counted, specificity: Counted, z: float) -> tuple[float, float]:
    n, n_se, n_sp = apparent.n + z * z, sensitivity.n + 2, specificity.n + 2
    p, se, sp = (apparent.k + z * z / 2) / n, (sensitivity.k + 1) / n_se, (specificity.k + 1) / n_sp
    gain = se + sp - 1
    if gain <= 0:
        return 0.0, 1.0
    share = _within((p + sp - 1) / gain)
    of_se, of_sp = se * (1 - se) / n_se, sp * (1 - sp) / n_sp
    shift = 2 * z * z * (share * of_se - (1 - share) * of_sp)
    error = sqrt(p * (1 - p) / n + share**2 * of_se + (1 - share) ** 2 * of_sp) / gain
    return _within(share + shift - z * error), _within(share + shift + z * error)


def _share(counted: Counted) -> float:
    return counted.k / counted.n


def _within(share: float) -> float:
    return min(1.0, max(0.0, share))
