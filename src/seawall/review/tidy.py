"""The chore of review: settle verdicts, close what nobody looked at, make facts of both at once."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import msgspec

from seawall.act import repo as facts
from seawall.act.verdict import informed
from seawall.decide.evidence import of_clause
from seawall.review.conclude import clause_of
from seawall.review.consequence import of_timeout, of_verdict
from seawall.review.expire import expire
from seawall.review.finding import finding_of
from seawall.review.model import Task
from seawall.review.settle import Settled, settle
from seawall.store.copies import enqueue

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from seawall.act.effects import Effects
    from seawall.policy.model import Project


class Tidied(msgspec.Struct, frozen=True):
    """What was closed; the caller goes on from it in the same transaction (appeals, adjudication)."""

    settled: tuple[Settled, ...]
    expired: tuple[Task, ...]


def tidy(connection: Connection, effects: Effects, project: Project, *, now: int) -> Tidied:
    """Settle and expire what is due, and enact what follows. Call it every second or so; repeats do nothing.

    Args:
        connection: a transaction that may write, on SQLite begun with `BEGIN IMMEDIATE`.
        effects: what holds.
        project: in force.
        now: microseconds.
    """
    settled, expired = settle(connection, now=now), expire(connection, now=now)
    for one in settled:
        grounds = facts.of_subject(connection, one.task.subject).grounds
        cited = clause_of(one.verdict.clause, project.policies)
        found = of_verdict(one, grounds, cited=cited, ladders=project.ladders)
        found = informed(found, partial(of_clause, project, market=one.task.market))
        effects.enact(connection, found, at=now)
        enqueue(connection, [finding_of(one, found)], at=now)
    for task in expired:
        grounds = facts.of_decision(connection, task.decision_id).grounds if task.decision_id else ()
        effects.enact(connection, of_timeout(task, grounds, ladders=project.ladders, at=now), at=now)
    return Tidied(settled, expired)
