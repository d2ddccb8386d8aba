"""What is known of a subject: its versions, what was decided on each, and who judged them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seawall.act import repo as facts
from seawall.act.facts import Facts, Subject
from seawall.act.holding import stand
from seawall.act.repo_holding import told_target
from seawall.appeal.repo import notices_where, report_where
from seawall.appeal.tables import NOTICES, REPORTS
from seawall.review.repo import tasks_on
from seawall.store import Filter

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from seawall.act.facts import Ground, Shield
    from seawall.act.message import Told
    from seawall.appeal.model import Notice, Report
    from seawall.core.decision import Decision
    from seawall.policy.model import Project
    from seawall.review.model import Task
    from seawall.serve.live import Live

NEWEST = 200
"""Decisions on one subject that are looked at, the newest first."""


class Version(NamedTuple):
    """One version of a subject.

    Attributes:
        subject: which.
        decisions: on it, the newest first.
        grounds: what was asked for because of it, the newest first, each with whether it stands.
        shields: clauses that a person found it not to break.
        tasks: people who looked, or will.
        notices: what was told of it.
        reports: by people on the platform.
    """

    subject: Subject
    decisions: tuple[Decision, ...]
    grounds: tuple[tuple[Ground, bool], ...]
    shields: tuple[Shield, ...]
    tasks: tuple[Task, ...]
    notices: tuple[Notice, ...]
    reports: tuple[Report, ...]


class History(NamedTuple):
    """Everything on one subject: the newest version first, and what holds for it now."""

    versions: tuple[Version, ...]
    holds: tuple[Told, ...]


def history_of(live: Live, surface: str, subject_id: str) -> History:
    """The versions of a subject among its newest decisions and what was done to it; none if it is unknown."""
    decided = decisions_on(live, surface, subject_id)
    with live.store.ledger.read() as connection:
        known = {Subject(surface, subject_id, one.content_version) for one in decided}
        asked = facts.of_target(connection, surface, subject_id).grounds
        known |= {one.subject for one in asked if one.subject is not None and one.subject.id == subject_id}
        unseen = Subject(surface, subject_id)  # posted before Seawall was there, and reported since
        if report_where(connection, REPORTS.c.subject_key == unseen.key):
            known.add(unseen)
        versions = [_version(connection, one, decided, live.clock.now()) for one in known]
        holds = tuple(one for one in told_target(connection, surface, subject_id) if one.action is not None)
    return History(tuple(sorted(versions, key=_newest, reverse=True)), holds)


def decisions_on(live: Live, surface: str, subject_id: str, *, limit: int = NEWEST) -> tuple[Decision, ...]:
    """What was decided on a subject, the newest first."""
    types = {name for name, kind in live.project.events.items() if kind.surface == surface}
    found = live.store.search(Filter(subject=subject_id), limit=limit).decisions
    return tuple(one.decision for one in found if one.decision.type in types)


def reported_version(live: Live, surface: str, subject_id: str, version: str | None) -> Subject:
    """The subject that somebody means: in the version they name, else in the newest that was decided.

    Where no event type of the surface tells versions apart, nothing is looked up.
    """
    if version is None and tells_versions(live.project, surface):
        newest = decisions_on(live, surface, subject_id, limit=20)
        version = newest[0].content_version if newest else ""
    return Subject(surface, subject_id, version or "")


def tells_versions(project: Project, surface: str) -> bool:
    """Whether any event type of a surface tells versions of its subjects apart."""
    return any(kind.version for kind in project.events.values() if kind.surface == surface)


def _version(connection: Connection, subject: Subject, decided: tuple[Decision, ...], now: int) -> Version:
    found = facts.of_subject(connection, subject)
    shields = facts.shields_on(connection, subject)
    world = Facts(found.grounds, found.falls, shields)
    standing = {ground.id for ground in stand(world.grounds, world.falls, world.shields, now)}
    return Version(
        subject=subject,
        decisions=tuple(one for one in decided if one.content_version == subject.content_version),
        grounds=tuple(
            (ground, ground.id in standing)
            for ground in sorted(found.grounds, key=lambda one: (-one.starts, one.id))
        ),
        shields=tuple(sorted(shields, key=lambda one: (-one.at, one.clause))),
        tasks=tasks_on(connection, subject),
        notices=notices_where(connection, NOTICES.c.subject_key == subject.key),
        reports=report_where(connection, REPORTS.c.subject_key == subject.key),
    )


def _newest(version: Version) -> tuple[int, int, str]:
    """By when its content was last seen; versions that only people speak of come last."""
    seen = max((one.ts for one in version.decisions), default=0)
    asked = max((ground.starts for ground, _ in version.grounds), default=0)
    return seen, asked, version.subject.content_version
