"""What the verdict on an appeal means: pure. An appeal never makes anything worse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from seawall.act.facts import Facts, Ground
from seawall.act.verdict import Cause, by_human, clear, fell
from seawall.appeal.model import AppealOutcome
from seawall.appeal.statement import SUPPORT, gravity
from seawall.review.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seawall.core.action import Ladders
    from seawall.policy.model import Clause
    from seawall.review.model import Verdict


class Judgement(msgspec.Struct, frozen=True):
    """What became of an appeal, and the facts that bring it about."""

    outcome: AppealOutcome
    facts: Facts


def judge(
    verdict: Verdict,
    grounds: Iterable[Ground],
    standing: Iterable[Ground],
    alike: Iterable[Ground] = (),
    *,
    helped: Iterable[Ground] = (),
    cited: Clause | None,
    ladders: Ladders,
) -> Judgement:
    """Turn the second reviewer's verdict into facts.

    No violation, or an exception, overturns: every ground falls, those on the same words elsewhere too, and
    machines may not bring them again without new evidence. A violation under a policy that was cited, with no
    actions named, upholds. Otherwise what stands is replaced by what the reviewer named, on the clause they
    cited, where that is no stronger and no graver than before; the rest falls.

    Args:
        verdict: of the appeal's task.
        grounds: every ground on the subject, fallen and ended ones included.
        standing: those of them that stand.
        alike: grounds on the same words elsewhere.
        helped: offers of help that stand, here and there: they stay, whatever is shielded.
        cited: the clause of the verdict, None if the project has left it.
        ladders: of the project.
    """
    cause = Cause(fact_id=verdict.verdict_id, reason="appeal", by=verdict.reviewer, at=verdict.decided_at)
    grounds, standing = appealable(grounds), appealable(standing)
    if verdict.outcome is not Outcome.VIOLATES:
        kept = tuple(by_human(ground, cause) for ground in helped if ground.machine)
        return Judgement(AppealOutcome.OVERTURNED, clear((*grounds, *appealable(alike)), cause) + Facts(kept))
    policy = _policy(verdict.clause)
    agreed = [ground for ground in standing if _policy(ground.clause) == policy]
    if agreed and not verdict.actions:
        return Judgement(AppealOutcome.UPHELD, Facts(tuple(by_human(one, cause) for one in agreed)))
    wanted = [
        by_human(one, cause)
        for ground in standing
        if (one := _at_most(ground, verdict, cited, ladders)) is not None
    ]
    same = _weights(wanted) == _weights(standing)
    facts = Facts(tuple(wanted), fell(grounds, cause))
    return Judgement(AppealOutcome.UPHELD if same else AppealOutcome.REDUCED, facts)


def appealable(grounds: Iterable[Ground]) -> tuple[Ground, ...]:
    """Grounds that were done to somebody; an offer of help is not taken back."""
    return tuple(ground for ground in grounds if ground.key.axis != SUPPORT)


def help_offered(grounds: Iterable[Ground]) -> tuple[Ground, ...]:
    """Grounds that offer help."""
    return tuple(ground for ground in grounds if ground.key.axis == SUPPORT)


def _at_most(ground: Ground, verdict: Verdict, cited: Clause | None, ladders: Ladders) -> Ground | None:
    """What the reviewer wants in the place of a ground, no stronger than it; None: nothing."""
    action = ground.action
    if verdict.actions and action not in verdict.actions:
        ladder = ladders.axes.get(ground.key.axis, ())
        named = [
            each for each in verdict.actions if each in ladder and each != "strike"
        ]  # a strike is a record
        if not named:
            return None
        weaker = [each for each in named if ladder.index(each) <= ground.rung]
        action = max(weaker, key=ladder.index, default=action)
    severity = ground.severity
    if cited is not None and gravity(cited.severity) < gravity(severity):
        severity = cited.severity
    return msgspec.structs.replace(
        ground,
        action=action,
        rung=min(ground.rung, ladders.strength(action)) if ladders.axis_of(action) else ground.rung,
        clause=verdict.clause,
        severity=severity,
        ground=cited.ground if cited is not None else ground.ground,
    )


def _weights(grounds: Iterable[Ground]) -> set[tuple[object, str, int]]:
    return {(ground.key, ground.action, gravity(ground.severity)) for ground in grounds}


def _policy(clause: str) -> str:
    return clause.partition("#")[0]
