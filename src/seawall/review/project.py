"""Decisions in the journal become tasks in the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.review.repo import add_tasks
from seawall.review.route import tasks_of
from seawall.store.entry import Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection

    from seawall.policy.model import Project
    from seawall.review.lane import Lane
    from seawall.store.projector import Item


class ReviewProjection:
    """A `Projection`: the tasks of every decision, made once, in the transaction that moves the cursor.

    Args:
        project: gives the project in force, for its queues and the surfaces of its event types.
        lane: the random lane, None without one.
    """

    def __init__(self, project: Callable[[], Project], *, lane: Lane | None = None) -> None:
        self._project = project
        self._lane = lane

    def __call__(self, connection: Connection, items: Sequence[Item]) -> None:
        """Make the tasks."""
        project = self._project()
        for item in items:
            if not isinstance(item.body, Entry):
                continue
            decision = item.body.decision
            kind = project.events.get(decision.type)
            surface = kind.surface if kind else decision.type  # its type left the project; its name stays
            tasks = tasks_of(decision, surface=surface, queues=project.queues, lane=self._lane)
            add_tasks(connection, tasks)
