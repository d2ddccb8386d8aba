"""People who review, simulated: they take tasks from the desk, know the truth, and err at a stated rate."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, NamedTuple

from seawall.core.clock import MICROS_PER_SECOND
from seawall.measure.backlog import backlog
from seawall.review.conclude import clause_of, conclude
from seawall.review.lease import lease
from seawall.review.model import Outcome, Reviewer
from seawall.serve.auth.roles import Role
from seawall.serve.web.clauses import asked_for

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from seawall.policy.model import Queue
    from seawall.review.model import Task
    from seawall.serve.demo.truths import Truths
    from seawall.serve.live import Live

MISSES = 0.02
"""Of violations, how many a simulated reviewer takes for harmless."""
ACCUSES = 0.002
"""Of harmless items, how many they take for a violation."""
CONFERS = frozenset({Role.QUALITY})
"""They look twice and ask a colleague before they conclude: they are wrong where both would be."""
URGENT_S = 15 * 60
"""Queues that must be looked at so soon are staffed day and night."""


class Colleague(NamedTuple):
    """One simulated reviewer.

    Attributes:
        name: of the account.
        role: what they are here to do.
        pace_s: seconds they take for a task.
    """

    name: str
    role: Role
    pace_s: int


COLLEAGUES = (
    Colleague("aisyah", Role.MODERATOR, 42),
    Colleague("budi", Role.MODERATOR, 47),
    Colleague("chen", Role.MODERATOR, 38),
    Colleague("dewi", Role.LEAD, 61),
    Colleague("elena", Role.ANALYST, 73),
    Colleague("farid", Role.LEGAL, 95),
    Colleague("grace", Role.QUALITY, 33),
    Colleague("hana", Role.QUALITY, 36),  # several: nobody looks twice at the same thing, a LIVE room say,
    Colleague(
        "imran", Role.QUALITY, 35
    ),  # and what nobody may look at would be missing from what is measured
)


class Panel:
    """The colleagues at work."""

    def __init__(self, live: Live, truths: Truths, *, seed: int) -> None:
        """Take the desk and what is true.

        Args:
            live: the process whose tasks wait.
            truths: of what has been decided so far.
            seed: of who errs on what.
        """
        self._live = live
        self._truths = truths
        self._seed = seed

    def work(self, since: int, until: int, *, urgent_only: bool = False) -> int:
        """Everybody works from one moment to another; gives how many verdicts were given.

        Args:
            since: microseconds.
            until: microseconds.
            urgent_only: only what cannot wait, and what is drawn to measure.
        """
        with self._live.store.ledger.read() as connection:
            open_ = {one.queue for one in backlog(connection, now=since) if one.waiting}
        lane = self._live.project.random_lane
        staffed = {queue.name for queue in self._live.project.queues.values() if queue.sla_s <= URGENT_S}
        staffed |= {lane.queue} if lane else set()
        queues = [
            queue
            for queue in self._live.project.queues.values()
            if queue.name in open_ and not queue.sealed and (queue.name in staffed or not urgent_only)
        ]
        queues.sort(key=lambda queue: (queue.sla_s, queue.name))
        return sum(self._work(colleague, queues, since, until) for colleague in COLLEAGUES)

    def _work(self, colleague: Colleague, queues: list[Queue], since: int, until: int) -> int:
        reviewer = Reviewer(name=colleague.name, role=colleague.role.value)
        pace = colleague.pace_s * MICROS_PER_SECOND
        lane = self._live.project.random_lane
        measures = colleague.role in CONFERS
        left = [
            queue
            for queue in queues
            if colleague.role in queue.roles and (lane is not None and queue.name == lane.queue) == measures
        ]
        done = 0
        for start in range(since, until - pace, pace):
            while left and not self._next(reviewer, left[0], start, start + pace):
                del left[0]  # nothing in it is for them
            if not left:
                break
            done += 1
        return done

    def _next(self, reviewer: Reviewer, queue: Queue, start: int, end: int) -> bool:
        with self._live.store.ledger.begin() as connection:
            task = lease(connection, queue, reviewer, now=start)
            if task is None:
                return False
            self._conclude(connection, task, reviewer, end)
        return True

    def _conclude(self, connection: Connection, task: Task, reviewer: Reviewer, now: int) -> None:
        project = self._live.project
        found = self._found(task, reviewer)
        cited = clause_of(found, project.policies) if found else None
        actions: tuple[str, ...] = ()
        if cited is not None:
            recorded = self._live.store.find(task.decision_id) if task.decision_id else None
            actions = asked_for(project, recorded and recorded.decision, found, task.market)
        conclude(
            connection,
            task.task_id,
            reviewer,
            outcome=Outcome.NO_VIOLATION if cited is None else Outcome.VIOLATES,
            clause="" if cited is None else found,
            actions=actions,
            policies=project.policies,
            ladders=project.ladders,
            now=now,
        )

    def _found(self, task: Task, reviewer: Reviewer) -> str:
        """The clause that the reviewer finds violated; empty for none. Now and then they are wrong."""
        truth = self._truths.of(event_id=task.event_id, decision_id=task.decision_id, subject=task.subject.id)
        violated = "" if truth is None or truth.clause is None else truth.clause
        drawn = Random(f"{self._seed}/{task.task_id}/{reviewer.name}").random()  # noqa: S311  a simulation
        together = 2 if reviewer.role in CONFERS else 1
        if violated:
            return "" if drawn < MISSES**together else violated
        return task.clause if drawn < ACCUSES**together else ""
