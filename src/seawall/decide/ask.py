"""What a strategy asks for if it fires: actions, people who should look, and its ground."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from seawall.core.action import WORLDWIDE, Ground
from seawall.policy.model import ReviewThen

if TYPE_CHECKING:
    from seawall.policy.model import Clause, Project, Strategy

SUPPORT = "support"
STRIKE = "strike"


class Ask(msgspec.Struct, frozen=True):
    """One action, placed on its ladder."""

    axis: str
    action: str
    rung: int
    target: str  # subject, actor or a role
    duration_s: int | None
    territory: tuple[str, ...]


class Grounded(msgspec.Struct, frozen=True):
    """Everything one strategy asks for under the clause that holds in one market."""

    ground: Ground
    asks: tuple[Ask, ...]
    reviews: tuple[ReviewThen, ...]


def grounded(project: Project, strategy: Strategy, market: str | None) -> Grounded:
    """What the strategy asks for on an event posted in a market.

    The market's overlay says which clause holds. Territory is what the strategy says, else worldwide for
    terms and the clause's jurisdictions for law. Who offers help to someone does not strike them as well.
    """
    clause = clause_of(project, strategy, market)
    helped = {then.target for then in strategy.then if project.ladders.axis_of(then.action) == SUPPORT}
    asks = tuple(
        Ask(
            axis=_axis(project, then.action),
            action=then.action,
            rung=project.ladders.strength(then.action),
            target=then.target,
            duration_s=then.duration_s,
            territory=tuple(sorted(set(then.territory or _territory(clause)))),
        )
        for then in strategy.then
        if not (then.action == STRIKE and then.target in helped)
    )
    cited = f"{strategy.policy}#{strategy.clause}"
    return Grounded(Ground(strategy.name, cited, clause.severity, clause.ground), asks, strategy.review)


def clause_of(project: Project, strategy: Strategy, market: str | None) -> Clause:
    """The clause that holds in a market: its overlay's, else the policy's own."""
    policy = project.policies[strategy.policy]
    overlay = policy.overlays.get(market, {}) if market is not None else {}
    return overlay.get(strategy.clause) or policy.clauses[strategy.clause]


def _territory(clause: Clause) -> tuple[str, ...]:
    return clause.jurisdictions if clause.ground == "law" and clause.jurisdictions else (WORLDWIDE,)


def _axis(project: Project, action: str) -> str:
    axis = project.ladders.axis_of(action)
    assert axis is not None, action  # the project was checked
    return axis
