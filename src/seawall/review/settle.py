"""Verdicts that can no longer be taken back become labels, and their tasks are done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import select, update

from seawall.act.facts import digest
from seawall.review.model import Label, Outcome, State, Task, Verdict
from seawall.review.repo import add_labels, find_task, verdict_of
from seawall.review.tables import TASKS, VERDICTS

if TYPE_CHECKING:
    from sqlalchemy import Connection


class Settled(msgspec.Struct, frozen=True):
    """A verdict that stands, its task, and the label it gave."""

    verdict: Verdict
    task: Task
    label: Label


def settle(connection: Connection, *, now: int) -> tuple[Settled, ...]:
    """Settle every verdict whose ten seconds have passed, oldest first; each once, however often called.

    The caller makes facts of them in the same transaction, so that a verdict and its effects are one.
    """
    due = (
        select(VERDICTS.c.verdict_id)
        .where(VERDICTS.c.settles_at <= now, VERDICTS.c.settled.is_(None), VERDICTS.c.undone.is_(None))
        .with_for_update(skip_locked=True)  # two that settle at once share the work and never deadlock
    )
    rows = connection.execute(
        update(VERDICTS).where(VERDICTS.c.verdict_id.in_(due)).values(settled=now).returning(VERDICTS)
    ).mappings()
    verdicts = sorted(map(verdict_of, rows), key=lambda verdict: (verdict.settles_at, verdict.verdict_id))
    return tuple(_close(connection, verdict, now) for verdict in verdicts)


def label_of(task: Task, verdict: Verdict) -> Label:
    """What a verdict says is true, with its provenance and the probability of having been drawn.

    A violation speaks about the clause it cites; no violation and an exception about the clause the task was
    about.
    """
    violates = verdict.outcome is Outcome.VIOLATES
    return Label(
        label_id=digest("label", verdict.verdict_id),
        subject=task.subject,
        event_id=task.event_id,
        decision_id=task.decision_id,
        task_id=task.task_id,
        clause=verdict.clause if violates else task.clause,
        violates=violates,
        provenance=task.purpose.value,
        reviewer=verdict.reviewer,
        policy_version=task.project_version,
        inclusion_probability=task.inclusion_probability if task.chances else None,
        at=verdict.decided_at,
    )


def _close(connection: Connection, verdict: Verdict, now: int) -> Settled:
    connection.execute(
        update(TASKS).where(TASKS.c.task_id == verdict.task_id).values(state=State.DONE, closed=now)
    )
    task = find_task(connection, verdict.task_id)
    label = label_of(task, verdict)
    add_labels(connection, [label])
    return Settled(verdict, task, label)
