"""How often a reporter was right: a share that starts at one half and moves as reports are decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import case, func, select

from seawall.act.facts import digest
from seawall.act.repo import chunks
from seawall.appeal.model import ReportOutcome
from seawall.appeal.tables import REPORTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

PRIOR = 2
"""Imagined reports that were right, and as many that were wrong: nobody is judged by a single one."""


class Quality(msgspec.Struct, frozen=True):
    """Reports of one reporter that a person has decided."""

    upheld: int = 0
    decided: int = 0

    @property
    def share(self) -> float:
        """The share that was right, shrunk towards one half (a beta prior of `PRIOR` and `PRIOR`).

        >>> Quality().share, Quality(1, 1).share, Quality(0, 8).share
        (0.5, 0.6, 0.16666666666666666)
        """
        return (self.upheld + PRIOR) / (self.decided + 2 * PRIOR)


def reporter_quality(connection: Connection, reporter_id: str) -> Quality:
    """How often one reporter was right."""
    key = digest("reporter", reporter_id)
    return qualities(connection, [key]).get(key, Quality())


def qualities(connection: Connection, reporter_keys: Iterable[str]) -> dict[str, Quality]:
    """How often reporters were right, by their digests; who has no decided report is left out."""
    right = func.sum(case((REPORTS.c.outcome == ReportOutcome.ACTED, 1), else_=0))
    counted = select(REPORTS.c.reporter_key, right, func.count()).group_by(REPORTS.c.reporter_key)
    return {
        key: Quality(int(upheld), decided)
        for chunk in chunks(sorted(reporter_keys))
        for key, upheld, decided in connection.execute(
            counted.where(REPORTS.c.reporter_key.in_(chunk), REPORTS.c.outcome.is_not(None))
        )
    }
