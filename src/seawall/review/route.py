"""Which tasks a decision makes: one per queue it routes to, and one when the random lane draws it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.act.facts import Subject, digest
from seawall.core.clock import MICROS_PER_SECOND
from seawall.review.lane import EVERYTHING, draw
from seawall.review.model import SEVERITIES, Purpose, Reason, Task

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from seawall.core.action import Ground, Review
    from seawall.core.decision import Decision
    from seawall.policy.model import Queue
    from seawall.review.lane import Lane
    from seawall.review.model import Chance

REPORT_SURFACE = "report"


def tasks_of(
    decision: Decision,
    *,
    surface: str,
    queues: Mapping[str, Queue],
    lane: Lane | None = None,
    content_version: str = "",
    views: int = 0,
) -> tuple[Task, ...]:
    """The tasks of one decision. A decision without a subject makes none: there is nothing to judge.

    A later round of the same event makes the same tasks again (by id), with its own reasons. Only the final
    round can be drawn. What goes to a sealed queue is never drawn: one confirming view is all it gets.

    Args:
        decision: what was concluded.
        surface: of the event's type.
        queues: of the project.
        lane: the random lane, None without one.
        content_version: of the subject, "" if the platform tells no versions apart.
        views: of the subject so far.
    """
    if decision.subject is None:
        return ()
    subject = Subject(surface, decision.subject, content_version)
    routed = tuple(_routed(decision, subject, queues, views))
    sealed = any(task.sealed for task in routed)
    if lane is None or sealed or not decision.final:
        return routed
    return (*routed, *_drawn(decision, subject, queues, lane, views))


def _routed(decision: Decision, subject: Subject, queues: Mapping[str, Queue], views: int) -> Iterator[Task]:
    purpose = Purpose.REPORT if subject.surface == REPORT_SURFACE else Purpose.MACHINE
    for review in decision.review:
        queue = queues.get(review.queue)
        yield _task(
            decision,
            subject,
            purpose,
            queue_name=review.queue,
            queue=queue,
            reasons=tuple(sorted(map(_reason, review.grounds))),
            views=views,
            review=review,
        )


def _drawn(
    decision: Decision, subject: Subject, queues: Mapping[str, Queue], lane: Lane, views: int
) -> Iterator[Task]:
    chances = draw(lane, decision.decision_id, decision.fired)
    if not chances:
        return
    measured = {chance.frame for chance in chances}
    grounds = {ground for action in (*decision.actions, *decision.beneath) for ground in action.grounds}
    grounds |= {ground for review in decision.review for ground in review.grounds}
    reasons = tuple(
        sorted(_reason(ground) for ground in grounds if ground.strategy in measured or EVERYTHING in measured)
    )
    yield _task(
        decision,
        subject,
        Purpose.RANDOM,
        queue_name=lane.queue,
        queue=queues.get(lane.queue),
        reasons=reasons,
        views=views,
        chances=chances,
    )


def _task(
    decision: Decision,
    subject: Subject,
    purpose: Purpose,
    *,
    queue_name: str,
    queue: Queue | None,
    reasons: tuple[Reason, ...],
    views: int,
    review: Review | None = None,
    chances: tuple[Chance, ...] = (),
) -> Task:
    gravest = max(reasons, key=lambda reason: (_rank(reason.severity), reason), default=None)
    made = decision.decided_at
    timeout_s = review.timeout_s if review else None
    return Task(
        task_id=digest("task", purpose, queue_name, decision.source or "", decision.event_id),
        queue=queue_name,
        purpose=purpose,
        inclusion_probability=max((chance.probability for chance in chances), default=1.0),
        subject=subject,
        decision_id=decision.decision_id,
        event_id=decision.event_id,
        round=decision.round,
        clause=gravest.clause if gravest else "",
        severity=gravest.severity if gravest else SEVERITIES[0],
        reasons=reasons,
        project_version=decision.project_version,
        market=decision.market,
        language=decision.language,
        actor=decision.actor,
        views=views,
        sealed=queue is not None and queue.sealed,
        created=made,
        due=None if queue is None else made + queue.sla_s * MICROS_PER_SECOND,
        expires=None if timeout_s is None else made + timeout_s * MICROS_PER_SECOND,
        on_timeout=review.on_timeout if review else None,
        chances=chances,
    )


def _reason(ground: Ground) -> Reason:
    return Reason(ground.strategy, ground.policy, ground.severity)


def _rank(severity: str) -> int:
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)
