"""The queues that a person may take from, and the next task of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.core.clock import MICROS_PER_SECOND
from seawall.review.waiting import take as take_next
from seawall.review.waiting import waiting
from seawall.serve.web.bench import queue_named, queues_of, still_open

if TYPE_CHECKING:
    from starlette.responses import Response

    from seawall.policy.model import Queue
    from seawall.review.waiting import Waiting
    from seawall.serve.web.visit import Visit

_NEVER = 2**62


def draw(visit: Visit) -> Response:
    """The queues: what is late first, then what falls due first."""
    live = visit.live
    now = live.clock.now()
    with live.store.ledger.read() as connection:
        rows = [
            (queue, waiting(connection, queue, reviewer, now=now)) for queue, reviewer in queues_of(visit)
        ]
        undoable = still_open(visit, connection)
    rows.sort(key=_urgency)
    done = visit.query.get("empty", "")
    return visit.page(
        "review.html",
        title="Review",
        rows=rows,
        first=next((queue for queue, found in rows if found.tasks), None),
        emptied=live.project.queues.get(done) if any(done == queue.name for queue, _ in rows) else None,
        undoable=undoable,
        now=now,
    )


def take(visit: Visit) -> Response:
    """The next task of a queue."""
    return next_of(visit, visit.form.get("queue", ""))


def next_of(visit: Visit, name: str) -> Response:
    """Go to the task that the visitor holds in a queue, else to the next one, else back to the queues."""
    queue, reviewer = queue_named(visit, name)
    with visit.live.store.ledger.begin() as connection:
        task = take_next(connection, queue, reviewer, now=visit.live.clock.now())
    return visit.see(f"/review?empty={queue.name}" if task is None else f"/review/tasks/{task.task_id}")


def _urgency(row: tuple[Queue, Waiting]) -> tuple[bool, int]:
    """What is late first, then what falls due first: an hour weighs more where minutes count."""
    queue, found = row
    due = _NEVER if found.oldest is None else found.oldest + queue.sla_s * MICROS_PER_SECOND
    return not found.late, due
