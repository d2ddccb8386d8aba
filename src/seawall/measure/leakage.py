"""How much violating content got through: its share of views before, or without, effective action."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from seawall.measure.model import LEAST_LABELS, About, Draw, Estimate, known, too_few
from seawall.measure.precision import still_missing
from seawall.measure.weighted import hajek

if TYPE_CHECKING:
    from collections.abc import Sequence

HALF_WIDTH = 0.10


class Audited(msgspec.Struct, frozen=True, kw_only=True):
    """One labelled item of the audit sample.

    Attributes:
        violates: what the label says.
        views: all it had in the window.
        leaked: those before effective action, or all where there was none.
        probability: of being drawn into the sample and then labelled.
    """

    violates: bool
    views: float
    leaked: float
    probability: float


def leakage(
    audited: Sequence[Audited], about: About, *, half_width: float = HALF_WIDTH, least: int = LEAST_LABELS
) -> Estimate:
    """Leaked views of violating items / all their views, from a sample drawn before anything was decided.

    Only violating items speak, so `n` counts them and a rare harm needs many labels; what is missing is
    counted in violating items. It is weighted by views, so it is not 1 - recall by item. The audit sample has
    one probability for every event of a project version, so no part of the traffic is out of the interval's
    sight (Hajek's condition).

    >>> seen = [Audited(violates=True, views=10, leaked=0, probability=0.01)] * 20
    >>> leakage(seen, About(name="leakage", population="scam")).sentence
    'too few labels: have 20 of 30 needed'
    >>> round(leakage(seen * 5, About(name="leakage", population="scam")).high, 4)
    0.037
    """
    violating = [item for item in audited if item.violates and item.views > 0]
    if len(violating) < least:
        return too_few(about, have=len(violating), needed=least, half_width=half_width)
    share = hajek([Draw(item.leaked / item.views, item.probability, item.views) for item in violating])
    missing = still_missing(share, n=len(violating), half_width=half_width)
    return known(share, about, n=len(violating), basis="labels", half_width=half_width, missing=missing)
