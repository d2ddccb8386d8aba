"""Precision of what was done, from a blind random re-review with recorded probabilities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.measure.model import LEAST_LABELS, About, Draw, Estimate, Interval, known, too_few
from seawall.measure.sizing import labels_needed
from seawall.measure.weighted import hajek

if TYPE_CHECKING:
    from collections.abc import Sequence

HALF_WIDTH = 0.05  # how narrow precision is asked to be, unless said
_CAREFUL = 0.05  # a share that is still 0 or 1 would promise that few labels are missing


def precision(
    labels: Sequence[Draw], about: About, *, half_width: float = HALF_WIDTH, least: int = LEAST_LABELS
) -> Estimate:
    """TP / (TP + FP) over actioned items: each label is 1 where the reviewer found a violation, 0 where not.

    Weighted by the inverse of the probability of being drawn (Hajek), and by views for the view-weighted
    variant. Below `least` labels there is no value, only how many are missing; above, `missing` says what the
    stated half-width still needs.

    Args:
        labels: of a random lane only; labels from appeals or from referred tasks are a biased choice.
        about: the strategy, its window and its project version.
        half_width: how narrow the interval is asked to be.
        least: labels below which nothing is shown.

    >>> precision([Draw(1, 0.1)] * 12, About(name="precision", population="scam.giveaway")).sentence
    'too few labels: have 12 of 30 needed'
    >>> precision([Draw(1, 0.1)] * 45 + [Draw(0, 0.1)] * 5, About(name="precision", population="x")).missing
    91
    """
    if len(labels) < least:
        return too_few(about, have=len(labels), needed=least, half_width=half_width)
    share = hajek(labels)
    missing = still_missing(share, n=len(labels), half_width=half_width)
    return known(share, about, n=len(labels), basis="labels", half_width=half_width, missing=missing)


def still_missing(share: Interval, *, n: int, half_width: float) -> int:
    """How many labels more the interval of a share needs to be as narrow as asked; 0 if it is.

    An uneven sample of n labels that says as much as `share.size` even ones needs n / size times as many.

    >>> from seawall.measure.proportion import wilson
    >>> even = wilson(50, 100)
    >>> still_missing(even, n=100, half_width=0.05), still_missing(even, n=100, half_width=0.2)
    (281, 0)
    """
    if share.half_width <= half_width:
        return 0
    wanted = labels_needed(half_width, share=min(1 - _CAREFUL, max(_CAREFUL, share.value)))
    return max(1, round((wanted - share.size) * n / share.size))
