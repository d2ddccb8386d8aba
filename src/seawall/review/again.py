"""A second look at what was decided: for quality, or because the person affected appealed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from seawall.act.facts import digest
from seawall.core.clock import MICROS_PER_SECOND
from seawall.review.model import State

if TYPE_CHECKING:
    from seawall.policy.model import Queue
    from seawall.review.model import Purpose, Task


def again(
    task: Task, purpose: Purpose, queue: Queue, *, occasion: str, now: int, probability: float = 1.0
) -> Task:
    """A new, blind task on the same version of the subject.

    Who judged that version cannot take it (`lease`); `repo.bar` keeps others away.

    Args:
        task: the first one.
        purpose: qa, gold or appeal.
        queue: where the new one waits.
        occasion: what asks for it (an appeal's or a verdict's id), so that it is made once.
        now: microseconds.
        probability: with which it was drawn; 1 when everything of its kind is looked at.
    """
    return msgspec.structs.replace(
        task,
        task_id=digest("task", purpose, queue.name, occasion),
        queue=queue.name,
        purpose=purpose,
        inclusion_probability=probability,
        sealed=task.sealed or queue.sealed,
        level=0,
        state=State.WAITING,
        holder=None,
        lease_until=None,
        created=now,
        due=now + queue.sla_s * MICROS_PER_SECOND,
        expires=None,
        on_timeout=None,
        chances=(),
    )
