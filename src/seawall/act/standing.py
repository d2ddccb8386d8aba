"""An actor's strikes and restrictions, computed from the grounds that stand: no counter to count back."""

from __future__ import annotations

from collections import defaultdict
from types import MappingProxyType
from typing import TYPE_CHECKING

import msgspec

from seawall.act.facts import Ground
from seawall.act.holding import Effect, holding, stand
from seawall.core.action import SUPPORT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from seawall.act.facts import Fall, Shield

WEIGHTS: Mapping[str, int] = MappingProxyType({"low": 1, "medium": 2, "high": 4, "severe": 8})
"""What a strike weighs, by the severity of its clause; the order is that of gravity."""


class Strike(msgspec.Struct, frozen=True):
    """One recorded violation."""

    ground: Ground  # the gravest of its occasion that stands

    @property
    def weight(self) -> int:
        """By severity; see `WEIGHTS`."""
        return WEIGHTS[self.ground.severity]

    @property
    def expires(self) -> int | None:
        """Microseconds; None: it does not expire."""
        return self.ground.ends


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How an account stands at a time."""

    account: str
    strikes: tuple[Strike, ...]  # oldest first
    restrictions: tuple[
        Effect, ...
    ]  # every effect on the account but strikes and support, by axis and territory

    @property
    def points(self) -> int:
        """The weights of its strikes, added up."""
        return sum(strike.weight for strike in self.strikes)


def standing_of(
    account: str, grounds: Iterable[Ground], falls: Iterable[Fall], shields: Iterable[Shield], at: int
) -> Standing:
    """How an account stands at `at`, from any facts that hold all of its grounds.

    What was decided on one occasion is one strike at most, from its gravest clause; when that falls, the
    next gravest takes its place. Help that was offered is no strike.
    """
    own = [g for g in grounds if (g.key.target_kind, g.key.target_id) == ("account", account)]
    falls, shields = tuple(falls), tuple(shields)
    strikes = strikes_among(own, falls, shields, at)
    effects = holding(own, falls, shields, at)
    return Standing(
        account=account,
        strikes=tuple(sorted(strikes, key=lambda strike: (strike.ground.starts, strike.ground.id))),
        restrictions=tuple(
            effects[key] for key in sorted(effects) if key.axis != SUPPORT and effects[key].action != "strike"
        ),
    )


def strikes_among(
    grounds: Iterable[Ground], falls: Iterable[Fall], shields: Iterable[Shield], at: int
) -> list[Strike]:
    """The strikes at `at` of grounds on one account, one for each occasion."""
    by_occasion: defaultdict[str, list[Ground]] = defaultdict(list)
    for ground in stand(grounds, falls, shields, at):
        if ground.action == "strike":
            by_occasion[ground.occasion].append(ground)
    return [Strike(max(group, key=_gravity)) for group in by_occasion.values()]


def _gravity(ground: Ground) -> tuple[int, int, str]:
    return WEIGHTS[ground.severity], -ground.starts, ground.id
