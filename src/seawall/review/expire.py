"""What happens when nobody looked in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select, update

from seawall.review.lease import waits
from seawall.review.model import State
from seawall.review.repo import task_of
from seawall.review.tables import TASKS

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from seawall.review.model import Task


def expire(connection: Connection, *, now: int) -> tuple[Task, ...]:
    """Close every task whose time-out has passed while nobody held it; each once, however often called.

    Each says in `on_timeout` which visibility action its route then asks for; the caller makes facts of that
    in the same transaction. A task that somebody holds, or has just decided, is theirs to finish.
    """
    late = (
        select(TASKS.c.task_id)
        .where(TASKS.c.expires <= now, or_(waits(now), TASKS.c.state == State.ASKED))
        .with_for_update(skip_locked=True)  # what somebody takes at this moment is theirs
    )
    rows = connection.execute(
        update(TASKS)
        .where(TASKS.c.task_id.in_(late))
        .values(state=State.EXPIRED, closed=now, holder=None, lease_until=None)
        .returning(TASKS)
    ).mappings()
    tasks = [task_of(connection, row) for row in rows.all()]
    return tuple(sorted(tasks, key=lambda task: (task.expires or 0, task.task_id)))
