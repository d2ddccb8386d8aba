"""What a settled verdict, or a time-out, means for the grounds of what was judged: facts in, facts out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.act.facts import Facts, Ground, Key, Shield, digest
from seawall.act.grounds import NOTHING, STRIKE_LIFE_S
from seawall.act.verdict import Cause, clear, confirm, fell, replace
from seawall.core.action import SUPPORT, WORLDWIDE
from seawall.core.clock import MICROS_PER_SECOND
from seawall.review.model import Outcome, Purpose

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from seawall.core.action import Ladders
    from seawall.policy.model import Clause
    from seawall.review.model import Task
    from seawall.review.settle import Settled

HOLD = "hold"
VISIBILITY = "visibility"
NOBODY = "nobody"
ELSEWHERE = frozenset({Purpose.APPEAL, Purpose.GOLD})
"""The way back decides what an appeal does; a gold item does nothing to anybody."""


def of_verdict(
    settled: Settled, grounds: Iterable[Ground], *, cited: Clause | None, ladders: Ladders
) -> Facts:
    """The facts of a verdict.

    No violation and an exception fell what machines asked for on this version, and shield it, also from the
    clause the task was about. A violation confirms what machines asked for under the cited policy, or
    replaces it by the actions the reviewer chose. What another human asked for stays: two humans who disagree
    are for an appeal or an adjudication. Help that was offered stays offered, whatever is concluded.

    Args:
        settled: the verdict and its task.
        grounds: on the same version of the subject, of every decision.
        cited: the clause in the project, None if it has left it.
        ladders: of the project.
    """
    task, verdict = settled.task, settled.verdict
    if task.purpose in ELSEWHERE:
        return Facts()
    cause = Cause(fact_id=verdict.verdict_id, reason="verdict", by=verdict.reviewer, at=verdict.decided_at)
    machine = [ground for ground in grounds if ground.machine and ground.key.axis != SUPPORT]
    if verdict.outcome is not Outcome.VIOLATES:
        return clear(machine, cause) + _shield(task, machine, cause)
    policy, _, _ = verdict.clause.partition("#")
    concerned = [ground for ground in machine if ground.clause.partition("#")[0] == policy]
    if not verdict.actions:
        return confirm(concerned, cause)
    return replace(concerned, _wanted(settled, cited, ladders), cause)


def of_timeout(task: Task, grounds: Iterable[Ground], *, ladders: Ladders, at: int) -> Facts:
    """The facts of a task that nobody looked at: its hold falls, and what the route says takes its place.

    Args:
        task: expired.
        grounds: of its decision.
        ladders: of the project.
        at: microseconds.
    """
    if task.on_timeout is None or task.on_timeout == HOLD:
        return Facts()
    cause = Cause(fact_id=digest("timeout", task.task_id), reason="timeout", by=NOBODY, at=at)
    held = [g for g in grounds if g.machine and g.key.axis == VISIBILITY and g.action == HOLD]
    falls = Facts(falls=fell(held, cause))
    if task.on_timeout == NOTHING:
        return falls
    places = {g.key.territory for g in held} or {WORLDWIDE}
    wanted = tuple(
        _ground(task, task.on_timeout, place, ladders, cause, clause=reason.clause, severity=reason.severity,
                ground=next((g.ground for g in held if g.clause == reason.clause), "terms"),
                strategy=reason.strategy, machine=True)
        for place in sorted(places)
        for reason in task.reasons
    )  # fmt: skip
    return falls + Facts(grounds=wanted)


def _shield(task: Task, cleared: Iterable[Ground], cause: Cause) -> Facts:
    if not task.clause or any(ground.clause == task.clause for ground in cleared):
        return Facts()
    return Facts(
        shields=(Shield(subject=task.subject, clause=task.clause, fact_id=cause.fact_id, at=cause.at),)
    )


def _wanted(settled: Settled, cited: Clause | None, ladders: Ladders) -> Iterator[Ground]:
    task, verdict = settled.task, settled.verdict
    cause = Cause(fact_id=verdict.verdict_id, reason="verdict", by=verdict.reviewer, at=verdict.decided_at)
    places = cited.jurisdictions if cited and cited.jurisdictions else (WORLDWIDE,)
    for action in verdict.actions:
        if ladders.axis_of(action) != VISIBILITY and task.actor is None:
            continue  # nobody to act on
        for place in places:
            yield _ground(
                task, action, place, ladders, cause, clause=verdict.clause,
                severity=cited.severity if cited else task.severity,
                ground=cited.ground if cited else "terms", strategy="", machine=False,
            )  # fmt: skip


def _ground(
    task: Task,
    action: str,
    territory: str,
    ladders: Ladders,
    cause: Cause,
    *,
    clause: str,
    severity: str,
    ground: str,
    strategy: str,
    machine: bool,
) -> Ground:
    axis = ladders.axis_of(action) or VISIBILITY
    subject = axis == VISIBILITY
    kind, target = (task.subject.surface, task.subject.id) if subject else ("account", task.actor or "")
    ends = cause.at + STRIKE_LIFE_S * MICROS_PER_SECOND if action == "strike" else None
    return Ground(
        key=Key(kind, target, axis, territory),
        action=action,
        rung=ladders.strength(action),
        strategy=strategy,
        clause=clause,
        severity=severity,
        ground=ground,
        decision_id=(task.decision_id or cause.fact_id) if machine else cause.fact_id,
        event_id=task.event_id or "",
        occasion=digest("version", task.subject.key),
        subject=task.subject,
        actor=task.actor,
        market=task.market,
        machine=machine,
        starts=cause.at,
        ends=ends,
    )
