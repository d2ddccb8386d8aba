"""From what a case knows at its end to its decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from seawall.core.decision import Decision, decision_id
from seawall.decide.beneath import beneath
from seawall.decide.combine import adds, certain, combine, visible
from seawall.decide.residual import waits_for
from seawall.decide.version import content_version
from seawall.policy.model import ReviewThen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seawall.decide.ask import Grounded
    from seawall.decide.case import Case
    from seawall.decide.engine import Engine

ROUNDS = 4
"""After so many rounds a signal that gives no answer is not asked again."""


def missing(case: Case) -> tuple[int, ...]:
    """Strategies that a failed signal leaves open, that say what follows, and whose firing would matter."""
    plan, market, names = case.plan, case.event.market, case.aimed.names
    fired = [plan.grounded(n, market) for n in case.fired if n in plan.live]
    rungs = certain(fired, names)
    bought = frozenset(case.bought)
    found: list[int] = []
    for n in case.open:
        if n in plan.careful and adds(plan.grounded(n, market), rungs, names):
            left = plan.left(n, case, bought)
            if not isinstance(left, bool) and not waits_for(left):
                found.append(n)
    return tuple(found)


def conclude(case: Case, missing: Sequence[int], *, late: bool, engine: Engine, now: int | None) -> Decision:
    """The decision of this round.

    Args:
        case: one that buys nothing more in this round.
        missing: strategies that a failed signal leaves open and that say what that means.
        late: whether a signal that was not waited for could still change something.
        engine: whose decision it is.
        now: the clock; None: the event's own time.
    """
    event, plan, before = case.event, case.plan, case.before
    case.fired.sort()
    live, name = plan.live, plan.names
    fired = [n for n in case.fired if n in live]
    subject, actor = case.subject_and_actor
    round_ = 1 if before is None else before.round + 1
    again = late or any(plan.strategies[n].on_failure.retry for n in missing) if missing else late
    again = again and round_ < ROUNDS
    actions, hidden, review = (), (), ()
    if fired or missing:
        asked = [plan.grounded(n, event.market) for n in fired]
        people = [
            each for n in missing if (each := _reviewed(plan.grounded(n, event.market), case, n, again))
        ]
        actions, review = combine([*asked, *people], case.aimed, engine.project.ladders)
        hidden = beneath(asked, case.aimed, actions)
    return Decision(
        decision_id=decision_id(event.source, event.id, engine.project.version, round_),
        event_id=event.id,
        type=event.type,
        ts=event.ts,
        market=event.market,
        language=event.language,
        source=event.source,
        subject=subject,
        content_version=content_version(plan.event_type, event.fields),
        actor=actor,
        action=visible(actions, engine.project.ladders) if actions else "allow",
        actions=actions,
        beneath=hidden,
        review=review,
        fired=tuple([name[n] for n in fired]),
        shadow=tuple([name[n] for n in case.fired if n not in live]) if len(fired) < len(case.fired) else (),
        undetermined=tuple([name[n] for n in case.open if n not in missing]) if case.open else (),
        missing=tuple([name[n] for n in missing]) if missing else (),
        signals=case.bought,
        features=case.features,
        project_version=engine.project.version,
        effective_version=engine.effective_version,
        digest=event.digest,
        round=round_,
        supersedes=None if before is None else before.decision_id,
        because=() if before is None else before.because,
        final=not again,
        audit=case.audit,
        audit_probability=engine.sample.probability if before is None else before.audit_probability,
        decided_at=event.ts if now is None else now,
    )


def _reviewed(grounded: Grounded, case: Case, index: int, again: bool) -> Grounded | None:  # noqa: FBT001
    """What a strategy asks for that a failure left open: people, unless the signal is asked again first."""
    wanted = case.plan.strategies[index].on_failure
    if wanted.review is None or (wanted.retry and again):
        return None
    return msgspec.structs.replace(grounded, asks=(), reviews=(ReviewThen(queue=wanted.review),))
