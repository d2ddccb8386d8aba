"""What waits for one reviewer, what they hold, what they may still take back, and what waits for policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import func, select

from seawall.review.lease import lease, open_to
from seawall.review.model import State
from seawall.review.repo import question_of, task_of, verdict_of
from seawall.review.tables import QUESTIONS, TASKS, VERDICTS

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from seawall.policy.model import Queue
    from seawall.review.model import Question, Reviewer, Task, Verdict


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """What one reviewer could take from a queue.

    Attributes:
        tasks: how many.
        late: how many of them should have been decided by now.
        oldest: when the oldest was made, microseconds; None when nothing waits.
    """

    tasks: int
    late: int
    oldest: int | None


def waiting(connection: Connection, queue: Queue, reviewer: Reviewer, *, now: int) -> Waiting:
    """Count what a reviewer could take from a queue: not what others hold, nor what they are barred from."""
    late = func.count().filter(TASKS.c.due < now)
    found = select(func.count(), late, func.min(TASKS.c.created)).where(
        TASKS.c.queue == queue.name, *open_to(reviewer, now)
    )
    tasks, overdue, oldest = connection.execute(found).one()
    return Waiting(tasks=tasks, late=overdue, oldest=oldest)


def take(connection: Connection, queue: Queue, reviewer: Reviewer, *, now: int) -> Task | None:
    """The task of a queue that the reviewer holds already, else the next one; None if there is none.

    Nobody gathers tasks: two windows, a reload and the back button all lead to the same one.

    Raises:
        UsageError: the queue is not for this reviewer.
    """
    mine = (
        select(TASKS)
        .where(
            TASKS.c.queue == queue.name,
            TASKS.c.state == State.LEASED,
            TASKS.c.holder == reviewer.name,
            TASKS.c.lease_until > now,
        )
        .order_by(TASKS.c.lease_until, TASKS.c.task_id)
        .limit(1)
    )
    row = connection.execute(mine).mappings().first()
    return lease(connection, queue, reviewer, now=now) if row is None else task_of(connection, row)


def takeable(connection: Connection, task_id: str, reviewer: Reviewer, *, now: int) -> bool:
    """Whether a reviewer could take one task now."""
    found = select(TASKS.c.task_id).where(TASKS.c.task_id == task_id, *open_to(reviewer, now))
    return connection.execute(found).first() is not None


def verdict_by(connection: Connection, task_id: str, reviewer: Reviewer) -> Verdict | None:
    """The verdict of a reviewer on a task, unless they took it back."""
    found = select(VERDICTS).where(
        VERDICTS.c.task_id == task_id, VERDICTS.c.reviewer == reviewer.name, VERDICTS.c.undone.is_(None)
    )
    row = connection.execute(found).mappings().first()
    return None if row is None else verdict_of(row)


def last_open(connection: Connection, reviewer: str, *, now: int) -> Verdict | None:
    """The newest verdict that its reviewer may still take back."""
    found = (
        select(VERDICTS)
        .where(
            VERDICTS.c.reviewer == reviewer,
            VERDICTS.c.undone.is_(None),
            VERDICTS.c.settled.is_(None),
            VERDICTS.c.settles_at > now,
        )
        .order_by(VERDICTS.c.decided_at.desc(), VERDICTS.c.verdict_id)
        .limit(1)
    )
    row = connection.execute(found).mappings().first()
    return None if row is None else verdict_of(row)


def questions(connection: Connection, *, ruled: bool, limit: int = 100) -> list[Question]:
    """Questions to policy: those that wait, the oldest first; or those with a ruling, the newest first."""
    answered = QUESTIONS.c.ruled_at.is_not(None)
    order = QUESTIONS.c.ruled_at.desc() if ruled else QUESTIONS.c.asked_at
    found = select(QUESTIONS).where(answered if ruled else ~answered)
    rows = connection.execute(found.order_by(order, QUESTIONS.c.question_id).limit(limit)).mappings()
    return [question_of(row) for row in rows]
