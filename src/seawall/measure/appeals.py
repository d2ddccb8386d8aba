"""The person's way back in numbers: how often people appeal, win, and are restored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from seawall.measure.model import About, Estimate, known, too_few
from seawall.measure.proportion import wilson

if TYPE_CHECKING:
    from collections.abc import Callable


class Appealed(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the actions of a window that could be appealed.

    Attributes:
        actions: that the person could appeal.
        appeals: that they did.
        overturned: decided appeals that undid everything.
        reduced: decided appeals that left something weaker.
        upheld: decided appeals that changed nothing.
        reinstated: actions undone for whatever reason: an appeal, a review, an undone strategy.
    """

    actions: int
    appeals: int
    overturned: int
    reduced: int
    upheld: int
    reinstated: int


_SHARES: tuple[tuple[str, Callable[[Appealed], tuple[int, int]]], ...] = (
    ("appeal.rate", lambda a: (a.appeals, a.actions)),
    ("appeal.overturned", lambda a: (a.overturned, a.overturned + a.reduced + a.upheld)),
    ("appeal.reduced", lambda a: (a.reduced, a.overturned + a.reduced + a.upheld)),
    ("appeal.overturn_rate", lambda a: (a.overturned + a.reduced, a.overturned + a.reduced + a.upheld)),
    ("reinstatement.rate", lambda a: (a.reinstated, a.actions)),
)


def appeal_rates(appealed: Appealed, about: About) -> tuple[Estimate, ...]:
    """Appeal, overturn and reinstatement rates, each as the rate of what made the window (Wilson).

    They are no measure of accuracy: who appeals is not a random sample of who was wronged. `about.name` is
    replaced by each rate's own.

    >>> found = Appealed(actions=200, appeals=20, overturned=5, reduced=1, upheld=4, reinstated=6)
    >>> rates = appeal_rates(found, About(name="", population="scam.giveaway"))
    >>> [(rate.name, rate.value) for rate in rates][:2]
    [('appeal.rate', 0.1), ('appeal.overturned', 0.5)]
    """
    rates: list[Estimate] = []
    for name, share in _SHARES:
        k, n = share(appealed)
        named = msgspec.structs.replace(about, name=name)
        rates.append(known(wilson(k, n), named, n=n) if n else too_few(named, have=0, needed=1))
    return tuple(rates)
