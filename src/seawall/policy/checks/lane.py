"""A random lane whose queue people can open and whose strategies exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.policy.near import did_you_mean

if TYPE_CHECKING:
    from seawall.policy.diagnostics import Diagnostics
    from seawall.policy.draft import Draft
    from seawall.policy.model import Project


def check_lane(draft: Draft, project: Project, found: Diagnostics) -> None:
    """Its queue exists and is not sealed, since what is sealed is never drawn; its strategies exist."""
    lane = draft.settings.random_lane if draft.settings else None
    if lane is None:
        return
    queue = lane.queue
    if not draft.may_have("queues", queue.value):
        hint = did_you_mean(queue.value, draft.queues, what="queues")
        found.error("unknown-queue", queue.span, f"there is no queue {queue.value!r}", hint=hint)
    elif queue.value in project.queues and project.queues[queue.value].sealed:
        message = f"the queue {queue.value!r} is sealed; what is drawn at random may not lie there"
        found.error("sealed-lane", queue.span, message, hint="give the random lane a queue of its own")
    for entry in lane.rates:
        if not draft.may_have("strategies", entry.key.value):
            hint = did_you_mean(entry.key.value, draft.strategies, what="strategies")
            message = f"there is no strategy {entry.key.value!r}"
            found.error("unknown-strategy", entry.key.span, message, hint=hint)
