"""What can be done about a subject or a person: axes, each a ladder from weak to strong."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

LADDERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "visibility": ("allow", "label", "interstitial", "age_restrict", "ineligible", "hold", "remove"),
        "interaction": ("limit_comments", "limit_gifts", "mute"),
        "monetary": ("suspend_monetisation",),
        "service": ("pause_feature", "interrupt", "ban_feature"),
        "account": ("strike", "restrict", "suspend", "ban"),
        "support": ("offer_help",),
    }
)
"""The standard axes, weakest action first. A project may append to them in seawall.yml."""

WORLDWIDE = "*"
SUPPORT = "support"
"""The axis of help: never a sanction, so nothing that lifts or bars sanctions touches it."""


class Ladders(msgspec.Struct, frozen=True):
    """The axes of one project: the standard ones and what it appended."""

    axes: dict[str, tuple[str, ...]]

    @classmethod
    def extended(cls, more: Mapping[str, tuple[str, ...]] = MappingProxyType({})) -> Ladders:
        """The standard ladders with `more` actions appended at the strong end of each named axis.

        >>> Ladders.extended({"interaction": ("mute_forever",)}).axes["interaction"][-1]
        'mute_forever'
        """
        axes = dict(LADDERS)
        for axis, actions in more.items():
            axes[axis] = (*axes.get(axis, ()), *actions)
        return cls(axes)

    def axis_of(self, action: str) -> str | None:
        """The axis an action stands on, or None if no axis has it.

        >>> Ladders.extended().axis_of("strike")
        'account'
        """
        return next((axis for axis, ladder in self.axes.items() if action in ladder), None)

    def strength(self, action: str) -> int:
        """The rung of an action on its axis, 0 being the weakest.

        Raises:
            KeyError: no axis has it.
        """
        axis = self.axis_of(action)
        if axis is None:
            raise KeyError(action)
        return self.axes[axis].index(action)


class Ground(msgspec.Struct, frozen=True, order=True):
    """Why an action is taken: the strategy that fired and the clause it enforces."""

    strategy: str
    policy: str  # policy/id#clause
    severity: str  # low | medium | high | severe
    ground: str  # terms | law


class Action(msgspec.Struct, frozen=True, omit_defaults=True):
    """One action on one axis, for one target, in one territory, with every ground that asks for it."""

    axis: str
    action: str
    target: str  # "subject", "actor" or the role of a party
    target_id: str | None = None
    territory: tuple[str, ...] = (WORLDWIDE,)
    duration_s: int | None = None  # None: until it is lifted
    grounds: tuple[Ground, ...] = ()


class Review(msgspec.Struct, frozen=True, omit_defaults=True):
    """A person should look: which queue, and what happens if nobody does."""

    queue: str
    grounds: tuple[Ground, ...] = ()
    timeout_s: int | None = None
    on_timeout: str | None = None  # an action of the visibility axis, or None: stay as it is
