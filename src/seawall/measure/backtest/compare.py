"""Two backtests of one history beside one another: what a change of the project changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from seawall.measure.backtest.model import Backtest, Example, Tested

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """One strategy that is not the same on both sides.

    Attributes:
        strategy: its name.
        changes: what differs: `added`, `removed`, keys of its file, or what it reads (`list promises`).
        modes: its mode before and after; "" where it does not exist.
        before: what it would have done before; None where it was off or did not exist.
        after: likewise after.
        newly: events on which it fires after and did not before.
        no_longer: the other way round.
        as_before: events on which it fires on both sides.
        newly_examples: the first few of these.
        no_longer_examples: likewise.
    """

    strategy: str
    changes: tuple[str, ...]
    modes: tuple[str, str]
    before: Tested | None
    after: Tested | None
    newly: int
    no_longer: int
    as_before: int
    newly_examples: tuple[Example, ...] = ()
    no_longer_examples: tuple[Example, ...] = ()


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Every strategy that differs between two versions of a project, over one history.

    Attributes:
        project: its name.
        names: what the two sides are called: revisions, or `working folder`.
        before: the backtest of the strategies that differ, as they were.
        after: the same as they are.
        strategies: in the order of their names.
    """

    project: str
    names: tuple[str, str]
    before: Backtest
    after: Backtest
    strategies: tuple[Compared, ...]


def compare(
    names: tuple[str, str],
    sides: tuple[Backtest, Backtest],
    *,
    fired: tuple[Mapping[str, Collection[str]], Mapping[str, Collection[str]]],
    changes: Mapping[str, tuple[str, ...]],
    modes: Mapping[str, tuple[str, str]],
) -> Comparison:
    """Put two backtests beside one another.

    Args:
        names: what the sides are called.
        sides: the backtests, before and after.
        fired: ids of the events on which each strategy fires, before and after.
        changes: for each strategy that differs, what does.
        modes: its mode before and after.
    """
    by_name = [{each.strategy: each for each in side.strategies} for side in sides]
    return Comparison(
        project=sides[1].project,
        names=names,
        before=sides[0],
        after=sides[1],
        strategies=tuple(
            _compared(
                name,
                changes[name],
                modes[name],
                (by_name[0].get(name), by_name[1].get(name)),
                frozenset(fired[0].get(name, ())),
                frozenset(fired[1].get(name, ())),
            )
            for name in sorted(changes)
        ),
    )


def _compared(
    name: str,
    changes: tuple[str, ...],
    modes: tuple[str, str],
    sides: tuple[Tested | None, Tested | None],
    was: frozenset[str],
    now: frozenset[str],
) -> Compared:
    before, after = sides
    return Compared(
        strategy=name,
        changes=changes,
        modes=modes,
        before=before,
        after=after,
        newly=len(now - was),
        no_longer=len(was - now),
        as_before=len(now & was),
        newly_examples=_examples(after, "newly", now - was),
        no_longer_examples=_examples(after, "no longer", was - now) or _examples(before, "fired", was - now),
    )


def _examples(tested: Tested | None, kind: str, ids: frozenset[str]) -> tuple[Example, ...]:
    """Those kept as such; where none were (it is new, or gone), those of what it fired on."""
    if tested is None:
        return ()
    kept = tested.examples.get(kind) or tested.examples.get("fired", ())
    return tuple(each for each in kept if each.event_id in ids)
