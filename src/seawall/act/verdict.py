"""What a human's conclusion means for the grounds it was about: cleared, confirmed or replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from seawall.act.facts import HUMAN, Facts, Fall, Ground, Shield

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Cause(msgspec.Struct, frozen=True, kw_only=True):
    """The human act that brings facts: a verdict, the outcome of an appeal."""

    fact_id: str
    reason: str  # verdict | appeal | undo | timeout
    by: str
    at: int


def clear(grounds: Iterable[Ground], cause: Cause) -> Facts:
    """There was no violation: every ground falls, and the version is shielded from the clauses named.

    Pass every ground to be undone: of all targets, of every decision on the subject, of its near-duplicates.
    """
    grounds = tuple(grounds)
    known: dict[tuple[object, str], set[str]] = {}
    for ground in grounds:
        known.setdefault((ground.subject, ground.clause), set()).update(ground.evidence)
    shielded = {(g.subject, g.clause): g.subject for g in grounds if g.subject is not None}
    return Facts(
        falls=fell(grounds, cause),
        shields=tuple(
            Shield(
                subject=subject,
                clause=clause,
                fact_id=cause.fact_id,
                at=cause.at,
                known=tuple(sorted(known[subject, clause])),
            )
            for (_, clause), subject in shielded.items()
        ),
    )


def informed(facts: Facts, in_force: Callable[[str], str]) -> Facts:
    """Whoever judged has read the clauses as they were in force: that text is no new evidence later.

    Args:
        facts: of a verdict or an appeal.
        in_force: a clause as evidence, at the time of the judgement (`seawall.decide.evidence.of_clause`).
    """
    shields = tuple(
        msgspec.structs.replace(one, known=tuple(sorted({*one.known, in_force(one.clause)})))
        for one in facts.shields
    )
    return Facts(facts.grounds, facts.falls, shields)


def confirm(grounds: Iterable[Ground], cause: Cause) -> Facts:
    """The machine was right: a human asks for the same, which no undo of a strategy and no shield lifts."""
    return Facts(grounds=tuple(by_human(ground, cause) for ground in grounds))


def replace(grounds: Iterable[Ground], wanted: Iterable[Ground], cause: Cause) -> Facts:
    """Another action is right: these grounds fall, and a human asks for what is wanted.

    Args:
        grounds: what falls.
        wanted: what shall stand, `Ground`s as `grounds_of` would give them; they become the human's.
        cause: the human act.
    """
    return Facts(falls=fell(grounds, cause)) + confirm(wanted, cause)


def fell(grounds: Iterable[Ground], cause: Cause) -> tuple[Fall, ...]:
    """The falls of these grounds, without any shield."""
    return tuple(
        Fall(ground_id=ground.id, fact_id=cause.fact_id, reason=cause.reason, at=cause.at, by=cause.by)
        for ground in grounds
    )


def by_human(ground: Ground, cause: Cause) -> Ground:
    """The same request, brought by a human at the time of the cause; it still ends when it would have."""
    return msgspec.structs.replace(
        ground,
        strategy=HUMAN,
        decision_id=cause.fact_id,
        machine=False,
        starts=cause.at,
    )
