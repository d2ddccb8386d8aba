"""At a milestone, of views that the platform tells or of reports, a subject is decided once more.

Views are counted by subject. Reports are counted by version of a subject, and not people but independent
clusters of them.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from seawall.act.facts import Subject, digest
from seawall.appeal.reports import clusters_of, unheard
from seawall.core.clock import MICROS_PER_SECOND
from seawall.core.decision import Decision, Reading
from seawall.core.milestone import CLUSTERS_FIELD, PREFIXES, VIEWS_FIELD, by_milestone, milestone_event
from seawall.review.repo import set_views
from seawall.store import Filter
from seawall.store.tables import MILESTONES, VIEWS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, Row

    from seawall.core.event import Event
    from seawall.policy.model import Project
    from seawall.store import Store

WAITING, DECIDED, OVERTAKEN, UNKNOWN, GONE = "waiting", "decided", "overtaken", "unknown", "gone"
_AGAIN_US = 30 * MICROS_PER_SECOND  # how long until a subject that was not decided yet is looked for again
_PATIENCE_US = 24 * 3600 * MICROS_PER_SECOND
_TURN = 50
_WARMING = Reading(null="warming")
_INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class Told(msgspec.Struct, frozen=True):
    """How often a subject was seen in all."""

    surface: str
    id: str
    views: int


class Due(NamedTuple):
    """An event to be decided because its subject passed a milestone.

    Attributes:
        event: the subject's newest event, with the count, under an id of its own.
        features: what was counted when that was decided.
        because: for the decision.
        row: of `MILESTONES`.
    """

    event: Event
    features: dict[str, Reading]
    because: tuple[str, ...]
    row: Row[Any]


def take_views(connection: Connection, told: Iterable[Told], project: Project, *, now: int) -> int:
    """Keep view counts and the milestones they pass; gives how many subjects have a decision to come.

    Counts only rise: one that is lower than what was told before changes nothing. Of several milestones
    passed at once the highest is decided at, the others are overtaken; each is passed once.

    Args:
        connection: a transaction that may write.
        told: by the platform.
        project: in force.
        now: microseconds.
    """
    watched: dict[str, list[tuple[str, tuple[int, ...]]]] = {}
    for name, kind in project.events.items():
        if kind.milestones:
            watched.setdefault(kind.surface, []).append((name, kind.milestones))
    versions = {kind.surface for kind in project.events.values() if kind.version}
    to_come = 0
    for one in told:
        before = _keep(connection, one, now)
        if before is None:
            continue
        if one.surface not in versions:
            set_views(connection, Subject(one.surface, one.id), one.views)
        for kind, milestones in watched.get(one.surface, ()):
            passed = [each for each in milestones if before < each <= one.views]
            about = Subject(one.surface, one.id)
            to_come += _pass(connection, (about, kind, VIEWS_FIELD), passed, one.views, now)
    return to_come


def take_clusters(connection: Connection, subject: Subject, project: Project, *, now: int) -> bool:
    """Keep the milestones of reports that a version of a subject passes; gives whether a decision is to come.

    What counts are independent clusters of reporters whom no person has heard yet. Each milestone is passed
    once, whatever comes and goes later, and beyond the highest nothing more is raised.

    Args:
        connection: the transaction that took the report.
        subject: in the version reported.
        project: in force.
        now: microseconds.
    """
    to_come = False
    for name, kind in project.events.items():
        if kind.surface != subject.surface or not kind.report_clusters:
            continue
        before = _counts(connection, subject, name, MILESTONES.c.milestone).get(CLUSTERS_FIELD, 0)
        ahead = [each for each in kind.report_clusters if each > before]
        if not ahead or unheard(connection, subject) < ahead[0]:
            continue  # cheap, so that a brigade costs nothing either
        count = len(clusters_of(connection, subject))
        passed = [each for each in ahead if each <= count]
        to_come |= _pass(connection, (subject, name, CLUSTERS_FIELD), passed, count, now)
    return to_come


def due(store: Store, project: Project, project_of: Callable[[str], Project], *, now: int) -> list[Due]:
    """What has to be decided now. A subject that nobody decided yet is looked for again for a day."""
    waiting = select(MILESTONES).where(MILESTONES.c.state == WAITING, MILESTONES.c.next_at <= now)
    with store.ledger.read() as connection:
        rows = connection.execute(waiting.order_by(MILESTONES.c.next_at).limit(_TURN)).all()
    found: list[Due] = []
    for row in rows:
        newest = next(_decided(store, row), None)
        if newest is None:
            late = now - row.passed_at > _PATIENCE_US
            _settle(store, row, state=UNKNOWN if late else WAITING, next_at=now + _AGAIN_US)
            continue
        decision, event = newest
        kind = project.events.get(decision.type)
        if event is None or kind is None or not kind.fields.keys() - {row.field} <= event.fields.keys():
            _settle(store, row, state=GONE)
            continue
        features = _features(project, project_of, event, decision)
        about = Subject(row.surface, row.subject, decision.content_version)
        with store.ledger.read() as connection:
            counts = _counts(connection, about, row.type, MILESTONES.c.reached)
        because = (f"{PREFIXES[row.field]}{row.reached}",)
        found.append(Due(_event(event, row, counts), features, because, row))
    return found


def settle(store: Store, done: Due, decision: Decision) -> None:
    """A milestone has its decision; tasks on the subject learn how often it was seen."""
    row = done.row
    _settle(store, row, state=DECIDED, decision_id=decision.decision_id)
    if row.field != VIEWS_FIELD:
        return
    subject = Subject(row.surface, row.subject, decision.content_version)
    with store.ledger.begin() as connection:
        set_views(connection, subject, row.reached)


def _keep(connection: Connection, one: Told, now: int) -> int | None:
    """Keep a count; gives the one before, None where it is no higher."""
    key = digest("target", one.surface, one.id)
    before = connection.scalar(select(VIEWS.c.views).where(VIEWS.c.target_key == key).with_for_update())
    if before is not None and before >= one.views:
        return None
    put = _INSERT[connection.dialect.name](VIEWS).values(
        target_key=key, surface=one.surface, subject=one.id, views=one.views, changed_at=now
    )
    higher = put.on_conflict_do_update(
        index_elements=[VIEWS.c.target_key],
        set_={"views": put.excluded.views, "changed_at": now},
        where=VIEWS.c.views < put.excluded.views,
    )
    connection.execute(higher)
    return before or 0


def _pass(
    connection: Connection, of: tuple[Subject, str, str], passed: Sequence[int], count: int, now: int
) -> bool:
    """Keep milestones of a subject, event type and field; the highest is decided at, others are overtaken."""
    about, kind, field = of
    for each in passed:
        row = {
            "target_key": digest("target", about.surface, about.id),
            "content_version": about.content_version,
            "type": kind,
            "field": field,
            "milestone": each,
            "surface": about.surface,
            "subject": about.id,
            "reached": count,
            "passed_at": now,
            "state": WAITING if each == passed[-1] else OVERTAKEN,
            "next_at": now,
        }
        connection.execute(_INSERT[connection.dialect.name](MILESTONES).on_conflict_do_nothing(), row)
    return bool(passed)


def _counts(connection: Connection, about: Subject, kind: str, column: ColumnElement[int]) -> dict[str, int]:
    """By field, the most that a subject passed: in this version, and whatever the version."""
    found = select(MILESTONES.c.field, func.max(column)).where(
        MILESTONES.c.target_key == digest("target", about.surface, about.id),
        MILESTONES.c.type == kind,
        MILESTONES.c.content_version.in_(("", about.content_version)),
    )
    counted = connection.execute(found.group_by(MILESTONES.c.field))
    return {row[0]: row[1] for row in counted}


def _decided(store: Store, row: Row[Any]) -> Iterator[tuple[Decision, Event | None]]:
    """The newest decisions on the subject by an event of the type, those of milestones left out."""
    wanted = Filter(subject=row.subject, type=row.type)
    for one in store.search(wanted, limit=20).decisions:
        meant = row.content_version in {"", one.decision.content_version}
        if meant and not by_milestone(one.decision.because):
            yield one.decision, one.event


def _event(event: Event, row: Row[Any], counts: Mapping[str, int]) -> Event:
    """The event under an id of its own, with its count, and what else it passed before."""
    known = {field: count for field, count in counts.items() if field in event.fields}
    said = hashlib.sha256(f"{event.digest}\0{row.milestone}\0{sorted(known.items())}".encode()).hexdigest()
    return msgspec.structs.replace(
        event,
        id=milestone_event(event.id, row.field, row.milestone),
        ts=row.passed_at,
        fields={**event.fields, **known, row.field: row.reached},
        digest=said,
    )


def _features(
    project: Project, project_of: Callable[[str], Project], event: Event, before: Decision
) -> dict[str, Reading]:
    """A count is what it was then; one that the project did not have then, or has otherwise now, is NULL."""
    then = project if before.project_version == project.version else project_of(before.project_version)
    return {
        name: before.features.get(name, _WARMING)
        if name in then.features and then.features[name].fingerprint == spec.fingerprint
        else _WARMING
        for name, spec in project.features.items()
        if event.type in spec.on
    }


def _settle(
    store: Store, row: Row[Any], *, state: str, next_at: int = 0, decision_id: str | None = None
) -> None:
    same = (
        MILESTONES.c.target_key == row.target_key,
        MILESTONES.c.content_version == row.content_version,
        MILESTONES.c.type == row.type,
        MILESTONES.c.field == row.field,
        MILESTONES.c.milestone == row.milestone,
    )
    with store.ledger.begin() as connection:
        changed = update(MILESTONES).where(*same)
        connection.execute(changed.values(state=state, next_at=next_at, decision_id=decision_id))
