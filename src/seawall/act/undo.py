"""Taking back everything a strategy asked for between two times: one fact, whatever arrives later."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from seawall.act.facts import Fall, Ground, digest

if TYPE_CHECKING:
    from collections.abc import Iterable

ALONE = 100
"""One person may undo up to so many grounds; more needs a second one."""


class Undo(msgspec.Struct, frozen=True, kw_only=True):
    """What one strategy asked for in [since, until] is to be taken back.

    Attributes:
        strategy: whose grounds.
        since: the first decision taken back, microseconds.
        until: the last, microseconds; when it was asked for unless said.
        reason: in words, for whoever reads it later.
        asked_by: who asked for it.
        asked_at: when.
    """

    strategy: str
    since: int
    until: int
    reason: str
    asked_by: str
    asked_at: int

    @property
    def id(self) -> str:
        """One request is one fact."""
        times = (str(self.since), str(self.until), str(self.asked_at))
        return digest("undo", self.strategy, *times, self.asked_by)

    def names(self, ground: Ground) -> bool:
        """Whether a ground is taken back, be it known already or still on its way."""
        return ground.strategy == self.strategy and self.since <= ground.starts <= self.until


def falls_of(undo: Undo, grounds: Iterable[Ground], *, by: str, at: int) -> tuple[Fall, ...]:
    """The falls that an undo brings once it is allowed.

    Args:
        undo: what was asked for.
        grounds: any grounds; those it does not name stay.
        by: who allowed it.
        at: when it was allowed.
    """
    return tuple(
        Fall(ground_id=ground.id, fact_id=undo.id, reason="undo", at=at, by=by)
        for ground in grounds
        if undo.names(ground)
    )
