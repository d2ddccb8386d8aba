"""What follows when a strategy fires: the steps as written, made into actions and routes to people."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from seawall.core.action import WORLDWIDE, Ladders
from seawall.policy.kinds.names import text_or
from seawall.policy.kinds.step import WORLDWIDE_WORD, ActionStep, ReviewStep
from seawall.policy.model import ReviewThen, Then
from seawall.policy.near import did_you_mean

if TYPE_CHECKING:
    from seawall.policy.diagnostics import Diagnostics
    from seawall.policy.kinds.markets import Markets
    from seawall.policy.shapes import At

Steps: TypeAlias = "tuple[ActionStep | ReviewStep, ...]"

SUBJECT_AXES = ("visibility", "monetary")
"""The axes whose actions are applied to the subject unless said otherwise; all others to the actor."""

MICROS_PER_SECOND = 1_000_000


def build_then(
    steps: Steps, markets: Markets, ladders: Ladders | None, found: Diagnostics
) -> tuple[Then, ...]:
    """The actions among the steps, with their targets filled in."""
    built: dict[tuple[str, str], Then] = {}
    for step in steps:
        if not isinstance(step, ActionStep):
            continue
        then = _action(step, markets, ladders, found)
        if (then.action, then.target) in built:
            found.error(
                "duplicate-item",
                step.action.span,
                f"{then.action} for the {then.target} is asked for twice",
                hint="keep one",
            )
        built[then.action, then.target] = then
    return tuple(built.values())


def _action(step: ActionStep, markets: Markets, ladders: Ladders | None, found: Diagnostics) -> Then:
    axis = _axis(step.action, ladders, found)
    territory: tuple[str, ...] | None = None
    if step.territory is not None:
        worldwide = step.territory[0].value == WORLDWIDE_WORD
        territory = (WORLDWIDE,) if worldwide else markets.flatten(step.territory, found)
    return Then(
        action=step.action.value,
        target=text_or(step.target, _default_target(axis)),
        duration_s=round(step.for_.value / MICROS_PER_SECOND) if step.for_ else None,
        territory=territory,
    )


def default_target(action: str, ladders: Ladders) -> str:
    """Whom an action meets where a strategy does not say.

    >>> default_target("remove", Ladders.extended()), default_target("strike", Ladders.extended())
    ('subject', 'actor')
    """
    return _default_target(ladders.axis_of(action))


def _default_target(axis: str | None) -> str:
    return "subject" if axis in SUBJECT_AXES else "actor"


def _axis(action: At[str], ladders: Ladders | None, found: Diagnostics) -> str | None:
    if ladders is None:
        return None
    axis = ladders.axis_of(action.value)
    if axis is None:
        known = [each for ladder in ladders.axes.values() for each in ladder]
        hint = did_you_mean(action.value, [*known, "review"], what="actions")
        found.error("unknown-action", action.span, f"{action.value!r} is on no axis", hint=hint)
    return axis


def build_review(steps: Steps, ladders: Ladders | None, found: Diagnostics) -> tuple[ReviewThen, ...]:
    """The routes to people among the steps."""
    return tuple(_review(step, ladders, found) for step in steps if isinstance(step, ReviewStep))


def _review(step: ReviewStep, ladders: Ladders | None, found: Diagnostics) -> ReviewThen:
    if step.on_timeout and ladders and step.on_timeout.value not in ladders.axes["visibility"]:
        hint = did_you_mean(step.on_timeout.value, ladders.axes["visibility"], what="one of")
        message = f"{step.on_timeout.value!r} is no action on the visibility axis"
        found.error("unknown-action", step.on_timeout.span, message, hint=hint)
    return ReviewThen(
        queue=step.queue.value,
        timeout_s=round(step.timeout.value / MICROS_PER_SECOND) if step.timeout else None,
        on_timeout=step.on_timeout.value if step.on_timeout else None,
    )
