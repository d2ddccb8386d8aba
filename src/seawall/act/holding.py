"""What holds: a function of the set of facts and the time, whatever the order in which the facts arrived."""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

import msgspec

from seawall.act.facts import Ground, Key
from seawall.core.action import SUPPORT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seawall.act.facts import Fall, Shield


STRIKE = "strike"


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """An action that holds, with the grounds that ask for it."""

    key: Key
    action: str
    until: int | None  # microseconds; when it stops holding if nothing else happens; None: never
    grounds: tuple[Ground, ...]  # that ask for this action, oldest first

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clauses it rests on, sorted."""
        return tuple(sorted({ground.clause for ground in self.grounds}))


def holding(
    grounds: Iterable[Ground], falls: Iterable[Fall], shields: Iterable[Shield], at: int
) -> dict[Key, Effect]:
    """The strongest action of the grounds that stand, for each target, axis and territory.

    A weaker action goes on standing beneath a stronger one, and holds again when that falls or ends.
    Territories do not mix: what a person in a market meets is the stronger of that market's effect and the
    one everywhere.

    Args:
        grounds: every ground known, in any order, repeats allowed.
        falls: every fall known; it may name a ground that is not.
        shields: every shield known.
        at: the time, microseconds.
    """
    standing = sorted(stand(grounds, falls, shields, at), key=attrgetter("key"))
    return {key: _strongest(key, list(group)) for key, group in groupby(standing, key=attrgetter("key"))}


def stand(
    grounds: Iterable[Ground], falls: Iterable[Fall], shields: Iterable[Shield], at: int
) -> list[Ground]:
    """The grounds that stand (begun, not ended, not fallen, not barred), oldest first, each once."""
    fallen = {fall.ground_id for fall in falls if fall.at <= at}
    raised: defaultdict[object, list[Shield]] = defaultdict(list)
    for shield in shields:
        if shield.at <= at:
            raised[shield.subject, shield.clause].append(shield)
    found = {
        ground.id: ground
        for ground in grounds
        if ground.starts <= at
        and (ground.ends is None or at < ground.ends)
        and ground.id not in fallen
        and not any(bars(shield, ground) for shield in raised[ground.subject, ground.clause])
    }
    return sorted(found.values(), key=lambda ground: (ground.starts, ground.id))


def carrying(
    grounds: Iterable[Ground], falls: Iterable[Fall], shields: Iterable[Shield], at: int
) -> list[Ground]:
    """The grounds that stand and are felt: those that ask for what holds, and every strike.

    What lies beneath something stronger is kept and not felt; a strike is a record, whatever lies above it.
    """
    standing = stand(grounds, falls, shields, at)
    tops: dict[Key, tuple[int, str]] = {}
    for ground in standing:
        tops[ground.key] = max(tops.get(ground.key, (-1, "")), (ground.rung, ground.action))
    return [one for one in standing if one.action in {STRIKE, tops[one.key][1]}]


def bars(shield: Shield, ground: Ground) -> bool:
    """Whether a shield keeps a ground from standing.

    It bars what machines bring on the same version and clause, before or after, unless it cites evidence
    that did not lie before the human: edits and reports lie before whoever judges later. What a human brings
    is never barred, nor is help: it is no sanction.
    """
    return (
        ground.machine
        and ground.key.axis != SUPPORT
        and ground.subject == shield.subject
        and ground.clause == shield.clause
        and all(item in shield.known or _known_by(item, shield.at) for item in ground.evidence)
    )


def _known_by(item: str, at: int) -> bool:
    """Whether a piece of evidence is an edit that was made by then, or reports that had come by then.

    >>> _known_by("edit:5", 7), _known_by("reports:5", 7), _known_by("edit:9", 7), _known_by("bank:a=1", 7)
    (True, True, False, False)
    """
    kind, _, micros = item.partition(":")
    return kind in {"edit", "reports"} and micros.isdecimal() and int(micros) <= at


def next_change(
    grounds: Iterable[Ground], falls: Iterable[Fall], shields: Iterable[Shield], at: int
) -> int | None:
    """The first time after `at` when what holds could become different by itself; None if never."""
    times = [fall.at for fall in falls] + [shield.at for shield in shields]
    for ground in grounds:
        times.append(ground.starts)
        if ground.ends is not None:
            times.append(ground.ends)
    return min((time for time in times if time > at), default=None)


def _strongest(key: Key, standing: list[Ground]) -> Effect:
    action = max(standing, key=lambda ground: (ground.rung, ground.action)).action
    asking = tuple(ground for ground in standing if ground.action == action)
    ends = [ground.ends for ground in asking]
    until = None if None in ends else max(end for end in ends if end is not None)
    return Effect(key=key, action=action, until=until, grounds=asking)
