"""Who reviews, and the task they have before them: what every page of review asks first."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seawall.core.errors import NotFound
from seawall.review.lease import SENIOR
from seawall.review.model import Purpose, Reviewer
from seawall.review.repo import find_task
from seawall.review.waiting import last_open
from seawall.serve.web.visit import Refused

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from seawall.policy.model import Queue
    from seawall.review.model import Task
    from seawall.serve.web.visit import Visit

_QUALITY = "looked at again, for quality"
PURPOSES = {
    Purpose.MACHINE: "a strategy asked for a person",
    Purpose.REPORT: "somebody reported it",
    Purpose.RANDOM: "drawn by chance, to measure",
    Purpose.QA: _QUALITY,
    Purpose.GOLD: _QUALITY,  # who knows that the truth is known looks differently
    Purpose.APPEAL: "the person concerned asked for another look",
}


class Open(NamedTuple):
    """A verdict that can still be taken back, and for how long, in milliseconds."""

    task_id: str
    said: str
    left_ms: int


def queues_of(visit: Visit) -> list[tuple[Queue, Reviewer]]:
    """The queues that a person may take from, each with who they are there."""
    found = [(queue, reviewer_for(visit, queue)) for queue in visit.live.project.queues.values()]
    return [(queue, reviewer) for queue, reviewer in found if reviewer is not None]


def reviewer_for(visit: Visit, queue: Queue) -> Reviewer | None:
    """Who the visitor is in a queue, in their most senior role; None if it is not for them."""
    if visit.person is None or (queue.sealed and not visit.person.cleared):
        return None
    roles = sorted(set(visit.person.roles).intersection(queue.roles), key=lambda role: role not in SENIOR)
    if not roles:
        return None
    return Reviewer(name=visit.name, role=str(roles[0]), cleared=visit.person.cleared)


def queue_named(visit: Visit, name: str) -> tuple[Queue, Reviewer]:
    """A queue and who the visitor is there.

    Raises:
        Refused: there is no such queue, or it is not for them.
    """
    queue = visit.live.project.queues.get(name)
    if queue is None or (queue.sealed and not (visit.person and visit.person.cleared)):
        visit.missing("such queue", "The version in force has none of this name that you may open.")
    reviewer = reviewer_for(visit, queue)
    if reviewer is None:
        raise Refused(403, "Not for your role", f"The queue {queue.title} is for {', '.join(queue.roles)}.")
    return queue, reviewer


def task_here(visit: Visit, connection: Connection) -> tuple[Task, Queue, Reviewer]:
    """The task of the address.

    Raises:
        Refused: there is none that this person may open.
    """
    try:
        task = find_task(connection, visit.params["task_id"])
    except NotFound:
        visit.missing("such task", "No task has this id. The queues show what waits.")
    if task.sealed and not (visit.person and visit.person.cleared):
        visit.missing("such task", "No task has this id. The queues show what waits.")
    queue, reviewer = queue_named(visit, task.queue)
    return task, queue, reviewer


def still_open(visit: Visit, connection: Connection) -> Open | None:
    """What the visitor may still take back."""
    now = visit.live.clock.now()
    verdict = last_open(connection, visit.name, now=now)
    if verdict is None:
        return None
    said = f"{verdict.outcome.value.replace('_', ' ')}{f', {verdict.clause}' if verdict.clause else ''}"
    return Open(verdict.task_id, said, (verdict.settles_at - now) // 1000)
