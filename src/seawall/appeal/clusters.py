"""Which reporters of one subject may be one and the same, or act as one: they count once.

Two reports are **dependent** when any of these holds:

- they come from the same device;
- both accounts are young (under 30 days when they report) and were made within an hour of each other;
- their accounts have reported three or more other subjects within ten minutes of each other before;
- neither says anything by which it could be told apart (no device and no age of the account).

Whoever is linked through others is one **cluster**. Reporters who hide all of this from us can still act
together; what is measured is independence as far as it can be seen, and it is only ever a reason to look.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select

from seawall.appeal.tables import REPORTS
from seawall.core.clock import MICROS_PER_SECOND

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

    from seawall.appeal.model import Report

YOUNG_US = 30 * 24 * 3600 * MICROS_PER_SECOND
BURST_US = 3600 * MICROS_PER_SECOND
TOGETHER_US = 600 * MICROS_PER_SECOND
TOGETHER = 3
"""So many other subjects reported within `TOGETHER_US` of each other make two reporters dependent."""


def dependent(connection: Connection, report: Report, *, subject_key: str, reporter_key: str) -> set[str]:
    """The clusters on a subject that a new report belongs to; empty: it is independent of all.

    Args:
        connection: for reading.
        report: not kept yet.
        subject_key: digest of its subject.
        reporter_key: digest of its reporter.
    """
    linked = select(REPORTS.c.cluster_id).where(
        REPORTS.c.subject_key == subject_key,
        or_(
            *_looks_alike(report),
            REPORTS.c.reporter_key.in_(_companions(connection, subject_key, reporter_key)),
        ),
    )
    return set(connection.scalars(linked.distinct()))


def _looks_alike(report: Report) -> list[ColumnElement[bool]]:
    ways: list[ColumnElement[bool]] = []
    made = report.account_created
    if report.device is not None:
        ways.append(REPORTS.c.device == report.device)
    if made is None and report.device is None:
        ways.append(and_(REPORTS.c.device.is_(None), REPORTS.c.account_created.is_(None)))
    if made is not None and is_young(report):
        ways.append(
            and_(
                REPORTS.c.account_created.between(made - BURST_US, made + BURST_US),
                REPORTS.c.at - REPORTS.c.account_created < YOUNG_US,
            )
        )
    return ways


def is_young(report: Report) -> bool:
    """The account was young when it reported."""
    return report.account_created is not None and report.at - report.account_created < YOUNG_US


def _companions(connection: Connection, subject_key: str, reporter_key: str) -> list[str]:
    """Reporters of the subject who reported other things together with this one before."""
    mine, theirs, here = REPORTS.alias("mine"), REPORTS.alias("theirs"), REPORTS.alias("here")
    found = (
        select(theirs.c.reporter_key)
        .join(mine, mine.c.subject_key == theirs.c.subject_key)
        .join(here, here.c.reporter_key == theirs.c.reporter_key)
        .where(
            mine.c.reporter_key == reporter_key,
            mine.c.subject_key != subject_key,
            here.c.subject_key == subject_key,
            theirs.c.reporter_key != reporter_key,
            theirs.c.at.between(mine.c.at - TOGETHER_US, mine.c.at + TOGETHER_US),
        )
        .group_by(theirs.c.reporter_key)
        .having(func.count(theirs.c.subject_key.distinct()) >= TOGETHER)
    )
    return list(connection.scalars(found))
