"""Decisions in the journal become tasks in the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from seawall.review.lane import lane_of
from seawall.review.repo import add_tasks, views_of
from seawall.review.route import tasks_of
from seawall.store.entry import Entry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from seawall.policy.model import Project, Queue
    from seawall.review.lane import Lane
    from seawall.store.projector import Item


class ProjectTasks:
    """A projection for `seawall.store.projector.Projector`: what is routed to people, or drawn, waits."""

    def __init__(self, *, salt: str | None = None) -> None:
        """Make a projection that knows no project yet; see `know`.

        Args:
            salt: of the random lane; without one nothing is drawn.
        """
        self._salt = salt
        self._lane: Lane | None = None
        self._lanes: dict[str, Lane | None] = {}  # by project version
        self._surfaces: dict[str, str] = {}
        self._queues: dict[str, Queue] = {}

    def know(self, project: Project) -> None:
        """Take the lane, queues and surfaces of a project; earlier ones stay for what is on its way.

        What a version decided is drawn as that version says, and as the newest one says once the process no
        longer knows it.
        """
        self._surfaces |= {name: kind.surface for name, kind in project.events.items()}
        self._queues |= project.queues
        declared = None if self._salt is None else project.random_lane
        self._lane = None if declared is None else lane_of(declared, self._salt or "")
        self._lanes[project.version] = self._lane

    def __call__(self, connection: Connection, items: Sequence[Item]) -> None:
        """Make the tasks of every decision."""
        for item in items:
            if isinstance(item.body, Entry):
                decision = item.body.decision
                surface = self._surfaces.get(decision.type, decision.type)
                tasks = tasks_of(
                    decision,
                    surface=surface,
                    queues=self._queues,
                    lane=self._lanes.get(decision.project_version, self._lane),
                    content_version=decision.content_version,
                )
                if tasks and (views := views_of(connection, surface, decision.subject or "")):
                    tasks = tuple(msgspec.structs.replace(task, views=views) for task in tasks)
                add_tasks(connection, tasks)
