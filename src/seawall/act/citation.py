"""What a person is to be told of one decision: which clauses hold, and what was done for each."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import msgspec

from seawall.act.facts import Key
from seawall.act.holding import carrying
from seawall.act.standing import WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seawall.act.facts import Fall, Ground, Shield


class Citation(msgspec.Struct, frozen=True, kw_only=True):
    """One clause that a decision rests on, and what it asks for."""

    clause: str
    severity: str
    ground: str  # terms | law
    machine: bool  # no human took part
    actions: tuple[tuple[Key, str], ...]  # where, what


def cited(
    decision_id: str, grounds: Iterable[Ground], falls: Iterable[Fall], shields: Iterable[Shield], at: int
) -> tuple[Citation, ...]:
    """The clauses that carry what holds of a decision at `at`, gravest first; none when all of it fell."""
    own = [ground for ground in grounds if ground.decision_id == decision_id]
    felt = sorted(carrying(own, falls, shields, at), key=_by_clause)
    return tuple(_citation(list(group)) for _, group in groupby(felt, key=_by_clause))


def _by_clause(ground: Ground) -> tuple[int, str]:
    return -WEIGHTS[ground.severity], ground.clause


def _citation(grounds: list[Ground]) -> Citation:
    first = grounds[0]
    return Citation(
        clause=first.clause,
        severity=first.severity,
        ground=first.ground,
        machine=all(ground.machine for ground in grounds),
        actions=tuple(sorted({(ground.key, ground.action) for ground in grounds})),
    )
