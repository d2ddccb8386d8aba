"""Notices, appeals and reports in the ledger: added once each, found again, read as what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from seawall.act.facts import Subject
from seawall.appeal.model import (
    Appeal,
    AppealOutcome,
    AppealState,
    Cited,
    Done,
    Notice,
    NoticeKind,
    Report,
    ReportOutcome,
)
from seawall.appeal.tables import APPEALS, NOTICES, REPORTS
from seawall.review.model import State
from seawall.review.tables import TASKS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Connection, RowMapping, Table

OPEN, DECIDED = "open", "decided"

_INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_SPECIAL = frozenset({"kind", "subject", "done", "clauses"})
_PLAIN = tuple(name for name in Notice.__struct_fields__ if name not in _SPECIAL)


def add(connection: Connection, table: Table, row: Mapping[str, Any]) -> bool:
    """Insert a row unless its key is there; whether it was new."""
    put = _INSERT[connection.dialect.name](table).values(**row).on_conflict_do_nothing()
    return connection.execute(put.returning(*table.primary_key)).first() is not None


def add_notice(connection: Connection, notice: Notice) -> bool:
    """Keep a notice; whether it was new."""
    row = {name: getattr(notice, name) for name in _PLAIN}
    row |= {
        "kind": notice.kind,
        "done": msgspec.json.encode(notice.done).decode(),
        "clauses": msgspec.json.encode(notice.clauses).decode(),
    }
    return add(connection, NOTICES, row | _subject_row(notice.subject))


def notices_where(connection: Connection, *where: ColumnElement[bool]) -> tuple[Notice, ...]:
    """Notices that fit conditions on `NOTICES`, oldest first."""
    found = select(NOTICES).where(*where).order_by(NOTICES.c.created, NOTICES.c.notice_id)
    return tuple(map(_notice, connection.execute(found).mappings()))


def appeal_where(connection: Connection, *where: ColumnElement[bool]) -> Appeal | None:
    """The appeal that fits conditions on `APPEALS`, with how far its task has come."""
    columns = (*APPEALS.c, TASKS.c.state.label("task_state"))
    found = select(*columns).join(TASKS, TASKS.c.task_id == APPEALS.c.task_id, isouter=True).where(*where)
    row = connection.execute(found).mappings().one_or_none()
    return None if row is None else _appeal(row)


def report_where(connection: Connection, *where: ColumnElement[bool]) -> tuple[Report, ...]:
    """Reports that fit conditions on `REPORTS`, oldest first."""
    found = select(REPORTS).where(*where).order_by(REPORTS.c.at, REPORTS.c.report_id)
    return tuple(map(_report, connection.execute(found).mappings()))


def _notice(row: RowMapping) -> Notice:
    return Notice(
        kind=NoticeKind(row["kind"]),
        subject=_subject(row),
        done=msgspec.json.decode(row["done"], type=tuple[Done, ...]),
        clauses=msgspec.json.decode(row["clauses"], type=tuple[Cited, ...]),
        **{name: row[name] for name in _PLAIN},
    )


def _appeal(row: RowMapping) -> Appeal:
    state = AppealState.DECIDED
    if row["state"] == OPEN:
        untouched = row["task_state"] in {None, State.WAITING}
        state = AppealState.RECEIVED if untouched else AppealState.READING
    return Appeal(
        appeal_id=row["appeal_id"],
        notice_id=row["notice_id"],
        text=row["text"],
        evidence=msgspec.json.decode(row["evidence"], type=tuple[str, ...]),
        task_id=row["task_id"],
        created=row["created"],
        state=state,
        outcome=None if row["outcome"] is None else AppealOutcome(row["outcome"]),
        verdict_id=row["verdict_id"],
        decided_at=row["decided_at"],
    )


def _report(row: RowMapping) -> Report:
    special = {"subject", "outcome"}
    return Report(
        subject=Subject(row["surface"], row["subject"], row["content_version"]),
        outcome=None if row["outcome"] is None else ReportOutcome(row["outcome"]),
        **{name: row[name] for name in Report.__struct_fields__ if name not in special},
    )


def _subject(row: RowMapping) -> Subject | None:
    if row["subject_key"] is None:
        return None
    return Subject(row["surface"], row["subject"], row["content_version"])


def _subject_row(subject: Subject | None) -> dict[str, str | None]:
    return {
        "subject_key": subject and subject.key,
        "surface": subject and subject.surface,
        "subject": subject and subject.id,
        "content_version": subject and subject.content_version,
    }
