"""queues/*.yml: where review tasks wait."""

from __future__ import annotations

from typing import Annotated

from seawall.policy.kinds.names import NAME, text_or, values
from seawall.policy.model import Queue
from seawall.policy.records import Key, Lines, Record
from seawall.policy.shapes import At, Boolean, Choice, Duration, ListOf, Text

ROLES = (
    "admin",
    "policy_manager",
    "strategist",
    "analyst",
    "moderator",
    "lead",
    "quality",
    "legal",
    "auditor",
)
"""Who a person can be at the console."""

ORDERS = ("severity", "oldest", "views")
_ROLE = Choice("a role", ROLES)


class QueueFile(Lines, frozen=True, kw_only=True):
    """A queue as written."""

    queue: Annotated[At[str], Key(NAME, "What strategies call it.")]
    title: Annotated[At[str], Key(Text(), "What reviewers read above it.")]
    describes: Annotated[At[str] | None, Key(Text(), "What belongs in it.")] = None
    roles: Annotated[
        tuple[At[str], ...],
        Key(
            ListOf(_ROLE, "one role or a list of them", key=lambda role: role.value),
            "Who may take its tasks.",
        ),
    ]
    sla: Annotated[At[float], Key(Duration(), "How soon a task should be decided.")]
    order: Annotated[
        At[str] | None, Key(Choice("an order", ORDERS), "Which task comes first; default severity.")
    ] = None
    sealed: Annotated[At[bool] | None, Key(Boolean(), "For cleared reviewers only; default false.")] = None


QUEUE = Record(QueueFile, "a queue")


def build_queue(file: QueueFile) -> Queue:
    """The queue."""
    return Queue(
        name=file.queue.value,
        title=file.title.value,
        roles=values(file.roles),
        sla_s=round(file.sla.value / 1_000_000),
        order=text_or(file.order, "severity"),
        sealed=file.sealed is not None and file.sealed.value,
        describes=text_or(file.describes),
        span=file.queue.span,
    )
