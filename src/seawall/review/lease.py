"""One reviewer takes the next task, and nobody else has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, or_, select, update

from seawall.core.clock import MICROS_PER_SECOND
from seawall.core.errors import Conflict, UsageError
from seawall.review.model import INDEPENDENT, State
from seawall.review.repo import task_of
from seawall.review.tables import BARS, TASKS, VERDICTS

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

    from seawall.policy.model import Queue
    from seawall.review.model import Reviewer, Task

LEASE_S = 600
SENIOR = frozenset({"lead", "quality", "policy_manager", "legal"})
"""Roles that may take what was escalated."""

_GRAVEST, _OLDEST, _SEEN = TASKS.c.rank.desc(), TASKS.c.created, TASKS.c.views.desc()
_ORDERS = {
    "severity": (_GRAVEST, _OLDEST, _SEEN),
    "oldest": (_OLDEST, _GRAVEST, _SEEN),
    "views": (_SEEN, _GRAVEST, _OLDEST),
}


def lease(
    connection: Connection,
    queue: Queue,
    reviewer: Reviewer,
    *,
    now: int,
    seconds: int = LEASE_S,
    task_id: str | None = None,
    ahead: bool = False,
) -> Task | None:
    """Take the next task of a queue, or the one named, until the lease lapses; None if there is none.

    One conditional UPDATE decides who gets it; on PostgreSQL it passes over rows that others are taking at
    the same moment. A lapsed lease needs no clearing up: its task counts as waiting. Nobody gets a task they
    are barred from, an independent look at what they judged before, something escalated beyond their role, or
    the sealed lane without clearance.

    Args:
        connection: a transaction that may write.
        queue: where to look.
        reviewer: who takes it.
        now: microseconds.
        seconds: how long they hold it.
        task_id: this task and no other.
        ahead: taken before it is looked at; sealed tasks never are.

    Raises:
        UsageError: the queue is not for this reviewer.
    """
    _refuse_stranger(queue, reviewer)
    wanted = [TASKS.c.queue == queue.name, *open_to(reviewer, now)]
    if task_id is not None:
        wanted.append(TASKS.c.task_id == task_id)
    if ahead:
        wanted.append(TASKS.c.sealed.is_(False))
    first = (
        select(TASKS.c.task_id)
        .where(*wanted)
        .order_by(*_ORDERS[queue.order], TASKS.c.task_id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    taken = connection.execute(
        update(TASKS)
        .where(TASKS.c.task_id == first)
        .values(state=State.LEASED, holder=reviewer.name, lease_until=now + seconds * MICROS_PER_SECOND)
        .returning(TASKS)
    ).mappings()
    row = taken.one_or_none()
    return None if row is None else task_of(connection, row)


def renew(
    connection: Connection, task_id: str, reviewer: Reviewer, *, now: int, seconds: int = LEASE_S
) -> int:
    """Hold a task longer; gives until when.

    Raises:
        Conflict: the reviewer does not hold it any more.
    """
    until = now + seconds * MICROS_PER_SECOND
    kept = connection.execute(
        update(TASKS).where(*held_by(task_id, reviewer)).values(lease_until=until)
    ).rowcount
    if not kept:
        raise Conflict(
            "this task is not yours any more: its lease lapsed and somebody else took it",
            hint="take the next one; nothing you did was lost",
        )
    return until


def held_by(task_id: str, reviewer: Reviewer) -> tuple[ColumnElement[bool], ...]:
    """The reviewer holds the task. A lapsed lease that nobody else took still counts: no work is lost."""
    return (TASKS.c.task_id == task_id, TASKS.c.state == State.LEASED, TASKS.c.holder == reviewer.name)


def waits(now: int) -> ColumnElement[bool]:
    """The task waits, or its lease has lapsed."""
    lapsed = and_(TASKS.c.state == State.LEASED, TASKS.c.lease_until <= now)
    return or_(TASKS.c.state == State.WAITING, lapsed)


def judged_before(reviewer: Reviewer) -> ColumnElement[bool]:
    """The reviewer has given a verdict on the same version of the subject, in another task."""
    return exists().where(
        VERDICTS.c.subject_key == TASKS.c.subject_key,
        VERDICTS.c.reviewer == reviewer.name,
        VERDICTS.c.task_id != TASKS.c.task_id,
        VERDICTS.c.undone.is_(None),
    )


def open_to(reviewer: Reviewer, now: int) -> list[ColumnElement[bool]]:
    """What keeps a task from a reviewer, as conditions on `TASKS`: all must hold for them to take it."""
    barred = exists().where(BARS.c.task_id == TASKS.c.task_id, BARS.c.reviewer == reviewer.name)
    rules = [
        waits(now),
        or_(TASKS.c.expires.is_(None), TASKS.c.expires > now),
        ~barred,
        or_(TASKS.c.purpose.not_in(INDEPENDENT), ~judged_before(reviewer)),
    ]
    if reviewer.role not in SENIOR:
        rules.append(TASKS.c.level == 0)
    if not reviewer.cleared:
        rules.append(TASKS.c.sealed.is_(False))
    return rules


def _refuse_stranger(queue: Queue, reviewer: Reviewer) -> None:
    if reviewer.role not in queue.roles:
        raise UsageError(
            f"the queue {queue.name!r} is not for the role {reviewer.role!r}",
            hint=f"it is for {', '.join(queue.roles)}; queues/*.yml says so",
        )
    if queue.sealed and not reviewer.cleared:
        raise UsageError(
            f"the queue {queue.name!r} is sealed", hint="an administrator clears reviewers for it"
        )
