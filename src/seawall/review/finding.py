"""A settled verdict as the journal keeps it, and back again: with it the ledger can be made anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import select, update

from seawall.act.facts import Facts
from seawall.review.model import State, Task, Verdict
from seawall.review.repo import add_labels, add_tasks, insert_new
from seawall.review.settle import label_of
from seawall.review.tables import TASKS, VERDICTS
from seawall.store.entry import Finding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from seawall.act.effects import Effects
    from seawall.core.clock import Clock
    from seawall.review.settle import Settled
    from seawall.store.projector import Item

VERDICT = "verdict"


class Detail(msgspec.Struct, frozen=True):
    """What makes a verdict again: all of it but the note, which may name people and stays in the ledger."""

    task: Task
    verdict: Verdict
    facts: Facts


def finding_of(settled: Settled, facts: Facts) -> Finding:
    """The copy of a settled verdict.

    Args:
        settled: the verdict with its task.
        facts: what it changed.
    """
    task, verdict = settled.task, msgspec.structs.replace(settled.verdict, note="")
    return Finding(
        finding_id=verdict.verdict_id,
        kind=VERDICT,
        at=verdict.decided_at,
        by=verdict.reviewer,
        outcome=verdict.outcome.value,
        clause=verdict.clause or task.clause,
        purpose=task.purpose.value,
        surface=task.subject.surface,
        subject=task.subject.id,
        content_version=task.subject.content_version,
        actor=task.actor,
        market=task.market,
        language=task.language,
        event_id=task.event_id,
        decision_id=task.decision_id,
        about=task.clause,
        detail=msgspec.json.encode(Detail(task, verdict, facts)).decode(),
    )


class ProjectVerdicts:
    """A projection for `seawall.store.projector.Projector`: a verdict that the ledger lost is there again.

    Where the ledger has it, which is the rule, nothing changes: everything it adds has an id of its own.
    """

    def __init__(self, effects: Effects, *, clock: Clock) -> None:
        self._effects = effects
        self._clock = clock

    def __call__(self, connection: Connection, items: Sequence[Item]) -> None:
        """Apply the findings among the records."""
        for item in items:
            if isinstance(item.body, Finding) and item.body.kind == VERDICT:
                self._restore(connection, msgspec.json.decode(item.body.detail, type=Detail))

    def _restore(self, connection: Connection, found: Detail) -> None:
        task, verdict = found.task, found.verdict
        known = select(VERDICTS.c.verdict_id).where(VERDICTS.c.verdict_id == verdict.verdict_id)
        if connection.execute(known).first() is not None:
            return
        closed = {
            "state": State.DONE,
            "holder": task.holder,
            "lease_until": None,
            "closed": verdict.settles_at,
        }
        add_tasks(connection, [task])
        connection.execute(update(TASKS).where(TASKS.c.task_id == task.task_id).values(**closed))
        row = msgspec.structs.asdict(verdict) | {
            "actions": msgspec.json.encode(verdict.actions).decode(),
            "settled": verdict.settled or verdict.settles_at,
            "subject_key": task.subject.key,
        }
        insert_new(connection, VERDICTS, [row])
        add_labels(connection, [label_of(task, verdict)])
        self._effects.enact(connection, found.facts, at=self._clock.now())
