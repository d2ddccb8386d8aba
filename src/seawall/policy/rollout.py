"""A strategy that is live for some people first: who they are, and what it is for the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from seawall.policy.conditions.sampling import bucket
from seawall.policy.model import Mode

if TYPE_CHECKING:
    from seawall.core.event import Event
    from seawall.policy.model import EventType, Project, Strategy

STEPS = 10_000
"""A rollout is a whole number of these parts: a hundredth of a percent each."""


def parts(strategy: Strategy) -> tuple[Strategy, ...]:
    """What a strategy is for those whom its rollout reaches, and for the others: live, and in shadow.

    Both have its name, and an event belongs to one of them by `rollout_condition`.

    >>> from seawall.testing.projects import strategy
    >>> [(each.mode.value, each.reached) for each in parts(strategy("spam", "text = 'a'", rollout=1_000))]
    [('live', True), ('shadow', False)]
    >>> [each.reached for each in parts(strategy("spam", "text = 'a'"))]
    [None]
    """
    if strategy.rollout is None or strategy.mode is not Mode.LIVE:
        return (strategy,)
    return (
        msgspec.structs.replace(strategy, reached=True),
        msgspec.structs.replace(strategy, reached=False, mode=Mode.SHADOW),
    )


def part_of(strategy: Strategy, event_type: EventType, event: Event) -> Strategy:
    """The part that an event belongs to."""
    return next(each for each in parts(strategy) if belongs(each, event_type, event))


def belongs(part: Strategy, event_type: EventType, event: Event) -> bool:
    """Whether an event belongs to a part of a strategy; always where there is no rollout."""
    if part.reached is None or part.rollout is None:
        return True
    fields = event.fields
    who = fields.get(event_type.actor) if event_type.actor else None
    who = fields[event_type.subject] if who is None else who
    place = bucket(_salt(part), STEPS)(str(who))
    return place is not None and (place < part.rollout) is part.reached


def rollout_condition(part: Strategy, event_type: EventType) -> str:
    """The condition that tells an event of a part; the strategy's own comes beside it.

    Who is reached hangs on the actor (the subject where there is none) and the strategy's name alone: the
    same people on every surface that names them alike, other people for another strategy, and whoever was
    reached stays so when the share grows.
    """
    subject, actor = event_type.subject, event_type.actor
    if actor is None or actor == subject:
        who = subject
    else:
        who = f"coalesce({actor}, {subject})" if event_type.fields[actor].nullable else actor
    return f"bucket({who}, '{_salt(part)}', {STEPS}) {'<' if part.reached else '>='} {part.rollout}"


def for_everybody(project: Project) -> Project:
    """The project as if every rollout were at its end."""
    if all(each.rollout is None for each in project.strategies.values()):
        return project
    whole = {name: msgspec.structs.replace(each, rollout=None) for name, each in project.strategies.items()}
    return msgspec.structs.replace(project, strategies=whole)


def share_text(rollout: int) -> str:
    """A share as people write it.

    >>> share_text(1_000), share_text(5)
    ('10 %', '0.05 %')
    """
    return f"{rollout * 100 / STEPS:g} %"


def _salt(strategy: Strategy) -> str:
    return f"rollout {strategy.name}"
