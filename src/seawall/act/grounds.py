"""What one decision asks for, as facts: one ground per strategy, target, axis and territory."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from seawall.act.facts import Ground, Key, Subject, digest
from seawall.core.action import SUPPORT
from seawall.core.clock import MICROS_PER_SECOND
from seawall.core.milestone import base_event

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from seawall.core.action import Action, Ladders
    from seawall.core.action import Ground as Reason
    from seawall.core.decision import Decision

STRIKE_LIFE_S = 90 * 24 * 3600
"""A strike without a duration of its own expires after this many seconds."""

NOTHING_NEW: Mapping[str, tuple[str, ...]] = MappingProxyType({})

NOTHING = "allow"  # the rung that asks for nothing


def grounds_of(
    decision: Decision,
    *,
    ladders: Ladders,
    surface: str,
    content_version: str = "",
    evidence: Mapping[str, tuple[str, ...]] = NOTHING_NEW,
) -> tuple[Ground, ...]:
    """Everything a machine decision asks for, what lies beneath what shows included.

    An action whose target the event does not name asks for nothing. A clause that offers an account help
    brings that account no strike.

    Args:
        decision: what was concluded.
        ladders: of the project that decided; an action they do not know was appended by another version,
        so it
            counts as stronger than all they know.
        surface: of the event's type.
        content_version: of the subject; empty if the platform tells no versions apart.
        evidence: what each strategy rests on, for shields.
    """
    subject = None if decision.subject is None else Subject(surface, decision.subject, content_version)
    found = [
        Ground(
            key=key,
            action=action.action,
            rung=_rung(action, ladders),
            strategy=reason.strategy,
            clause=reason.policy,
            severity=reason.severity,
            ground=reason.ground,
            decision_id=decision.decision_id,
            event_id=decision.event_id,
            occasion=occasion_of(subject, decision.source, base_event(decision.event_id, decision.because)),
            subject=subject,
            actor=decision.actor,
            market=decision.market,
            evidence=tuple(sorted(set(evidence.get(reason.strategy, ())))),
            starts=decision.decided_at,
            ends=_ends(action, decision.decided_at),
        )
        for action, reason in _asks(decision)
        if action.action != NOTHING
        for key in _keys(action, decision, surface)
    ]
    helped = {(g.key.target_id, g.clause) for g in found if g.key.axis == SUPPORT}
    unique = {g.id: g for g in found if g.action != "strike" or (g.key.target_id, g.clause) not in helped}
    return tuple(unique.values())


def _asks(decision: Decision) -> Iterator[tuple[Action, Reason]]:
    """What each strategy asks for itself, so that any of them can fall without the others."""
    own = {(one.axis, one.action, one.target, reason) for one in decision.beneath for reason in one.grounds}
    for action in decision.actions:
        for reason in action.grounds:
            if (action.axis, action.action, action.target, reason) not in own:
                yield action, reason
    for action in decision.beneath:
        for reason in action.grounds:
            yield action, reason


def occasion_of(subject: Subject | None, source: str | None, event_id: str) -> str:
    """What happened once, however often it is decided: a version of a subject, else the event.

    >>> video = Subject("video", "v1", "a3f0")
    >>> occasion_of(video, "app", "upload") == occasion_of(video, "app", "at-10000-views")
    True
    >>> account = Subject("account", "u1")
    >>> occasion_of(account, "app", "e1") == occasion_of(account, "app", "e2")
    False
    """
    if subject is not None and subject.content_version:
        return digest("version", subject.key)
    return digest("event", source or "", event_id)


def _keys(action: Action, decision: Decision, surface: str) -> Iterator[Key]:
    if action.target == "subject":
        kind, target_id = surface, action.target_id or decision.subject
    else:  # the actor and every party are accounts: a host who is also the actor is one person
        kind = "account"
        target_id = action.target_id or (decision.actor if action.target == "actor" else None)
    if target_id is not None:
        for territory in action.territory:
            yield Key(kind, target_id, action.axis, territory)


def _rung(action: Action, ladders: Ladders) -> int:
    ladder = ladders.axes.get(action.axis, ())
    return ladder.index(action.action) if action.action in ladder else len(ladder)


def _ends(action: Action, starts: int) -> int | None:
    seconds = action.duration_s
    if seconds is None and action.action == "strike":
        seconds = STRIKE_LIFE_S
    return None if seconds is None else starts + seconds * MICROS_PER_SECOND
