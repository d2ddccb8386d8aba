"""Tasks and labels in the ledger: added once each, found again, read as what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import and_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from seawall.act.facts import Subject, digest
from seawall.core.errors import NotFound
from seawall.review.model import Chance, Label, Purpose, Question, Reason, State, Task, Verdict
from seawall.review.tables import BARS, LABELS, SAMPLES, TASKS
from seawall.store.tables import VIEWS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection, RowMapping, Table

_INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_OF_THE_ROUND = ("decision_id", "round", "clause", "severity", "rank", "reasons", "project_version", "views")
"""What a later round of the same event says anew while nobody has begun."""


def add_tasks(connection: Connection, tasks: Iterable[Task]) -> None:
    """Make tasks wait; one that is there stays, but takes the reasons of a later round while it waits."""
    for task in tasks:
        put = _INSERT[connection.dialect.name](TASKS).values(**_task_row(task))
        newer = and_(put.excluded["round"] > TASKS.c.round, TASKS.c.state == State.WAITING)
        connection.execute(
            put.on_conflict_do_update(
                index_elements=[TASKS.c.task_id],
                set_={name: put.excluded[name] for name in _OF_THE_ROUND},
                where=newer,
            )
        )
        samples = [
            {"task_id": task.task_id, "frame": chance.frame, "probability": chance.probability}
            for chance in task.chances
        ]
        insert_new(connection, SAMPLES, samples)


def add_labels(connection: Connection, labels: Iterable[Label]) -> int:
    """Keep labels; gives how many were new."""
    return insert_new(connection, LABELS, [_label_row(label) for label in labels])


def bar(connection: Connection, task_id: str, reviewers: Iterable[str], *, reason: str) -> None:
    """Say who may not hold a task."""
    rows = [{"task_id": task_id, "reviewer": name, "reason": reason} for name in sorted(set(reviewers))]
    insert_new(connection, BARS, rows)


def set_views(connection: Connection, subject: Subject, views: int) -> int:
    """Say how often a subject was seen, for the order of queues and for weights; gives the tasks it moves."""
    same = and_(
        TASKS.c.subject_key == subject.key, TASKS.c.views < views
    )  # milestones may overtake each other
    return connection.execute(update(TASKS).where(same).values(views=views)).rowcount


def views_of(connection: Connection, surface: str, subject_id: str) -> int:
    """How often a subject was seen so far, as the platform told; 0 where it did not."""
    same = VIEWS.c.target_key == digest("target", surface, subject_id)
    return connection.scalar(select(VIEWS.c.views).where(same)) or 0


def find_task(connection: Connection, task_id: str) -> Task:
    """The task with an id.

    Raises:
        NotFound: there is none.
    """
    row = connection.execute(select(TASKS).where(TASKS.c.task_id == task_id)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no review task {task_id!r}")
    return task_of(connection, row)


def tasks_on(connection: Connection, subject: Subject) -> tuple[Task, ...]:
    """The tasks on one version of a subject, oldest first."""
    found = select(TASKS).where(TASKS.c.subject_key == subject.key).order_by(TASKS.c.created, TASKS.c.task_id)
    return tuple(task_of(connection, row) for row in connection.execute(found).mappings().all())


def task_of(connection: Connection, row: RowMapping) -> Task:
    """The task in a row of `TASKS`, with what it was drawn for."""
    found = select(SAMPLES).where(SAMPLES.c.task_id == row["task_id"]).order_by(SAMPLES.c.frame)
    drawn = connection.execute(found).mappings() if row["purpose"] == Purpose.RANDOM else ()
    return Task(
        subject=subject_of(row),
        purpose=Purpose(row["purpose"]),
        state=State(row["state"]),
        reasons=msgspec.json.decode(row["reasons"], type=tuple[Reason, ...]),
        chances=tuple(Chance(chance["frame"], chance["probability"]) for chance in drawn),
        **{name: row[name] for name in _PLAIN},
    )


def verdict_of(row: RowMapping) -> Verdict:
    """The verdict in a row of `VERDICTS`."""
    plain = {name: row[name] for name in Verdict.__struct_fields__}
    return msgspec.convert({**plain, "actions": msgspec.json.decode(row["actions"])}, Verdict)


def question_of(row: RowMapping) -> Question:
    """The question in a row of `QUESTIONS`."""
    return msgspec.convert({name: row[name] for name in Question.__struct_fields__}, Question)


def subject_of(row: RowMapping) -> Subject:
    """What a row is about."""
    return Subject(row["surface"], row["subject"], row["content_version"])


def insert_new(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> int:
    """Insert the rows whose primary key is not there yet; gives how many.

    They are counted by what comes back: a row count of an insert that skips conflicts is not reliable.
    """
    put = _INSERT[connection.dialect.name](table).on_conflict_do_nothing().returning(*table.primary_key)
    return sum(len(connection.execute(put, row).all()) for row in rows)


_SPECIAL = frozenset({"subject", "purpose", "state", "reasons", "chances"})
_PLAIN = tuple(name for name in Task.__struct_fields__ if name not in _SPECIAL)


def _task_row(task: Task) -> dict[str, Any]:
    return {
        **{name: getattr(task, name) for name in _PLAIN},
        **_subject_row(task.subject),
        "purpose": task.purpose,
        "state": task.state,
        "rank": task.rank,
        "reasons": msgspec.json.encode(task.reasons).decode(),
    }


def _label_row(label: Label) -> dict[str, Any]:
    plain = {name: getattr(label, name) for name in Label.__struct_fields__ if name != "subject"}
    return {**plain, **_subject_row(label.subject)}


def _subject_row(subject: Subject) -> dict[str, Any]:
    return {
        "subject_key": subject.key,
        "surface": subject.surface,
        "subject": subject.id,
        "content_version": subject.content_version,
    }
