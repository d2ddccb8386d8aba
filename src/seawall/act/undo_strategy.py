"""Undo a strategy: look first, ask, and apply; alone up to a threshold, with a second person beyond it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import select

from seawall.act import repo_undo
from seawall.act.effects import Effects, alone
from seawall.act.facts import Facts, Key
from seawall.act.holding import Effect, holding
from seawall.act.repo import chunks, load
from seawall.act.tables import GROUNDS
from seawall.act.undo import ALONE, Undo, falls_of
from seawall.core.errors import Conflict, NotFound, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from seawall.act.repo_undo import UndoRow

SAMPLE = 10
UNCHANGED, WEAKENED, LIFTED = "unchanged", "weakened", "lifted"


class Change(msgspec.Struct, frozen=True):
    """What an undo does to one key."""

    key: Key
    action: str
    then: str | None  # what holds afterwards; None: nothing


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What an undo would do if it were applied at the time of asking.

    Attributes:
        undo: what is asked for.
        grounds: how many grounds it names, those that fell or ended already included.
        accounts: how many different actors they are about.
        by_action: grounds by action.
        by_market: grounds by the market they were judged in; `-` where there was none.
        effects: what becomes of the effects that hold now: `lifted`, `weakened` or `unchanged` (another
        strategy or a
            human asks for the same).
        sample: some of the effects that change.
        needs_second: it names more grounds than one person may undo alone.
    """

    undo: Undo
    grounds: int
    accounts: int
    by_action: dict[str, int]
    by_market: dict[str, int]
    effects: dict[str, int]
    sample: tuple[Change, ...]
    needs_second: bool


def preview(connection: Connection, undo: Undo, *, at: int, alone_limit: int = ALONE) -> Preview:
    """Look at what an undo would do; changes nothing."""
    columns = (GROUNDS.c.key, GROUNDS.c.action, GROUNDS.c.market, GROUNDS.c.actor)
    named = connection.execute(select(*columns).where(repo_undo.named_by(undo))).all()
    effects: Counter[str] = Counter({LIFTED: 0, WEAKENED: 0, UNCHANGED: 0})
    sample: list[Change] = []
    for kind, change in _changes(connection, undo, sorted({row.key for row in named}), at):
        effects[kind] += 1
        if kind != UNCHANGED and len(sample) < SAMPLE:
            sample.append(change)
    return Preview(
        undo=undo,
        grounds=len(named),
        accounts=len({row.actor for row in named if row.actor is not None}),
        by_action=dict(sorted(Counter(row.action for row in named).items())),
        by_market=dict(sorted(Counter(row.market or "-" for row in named).items())),
        effects=dict(effects),
        sample=tuple(sample),
        needs_second=len(named) > alone_limit,
    )


def request(connection: Connection, undo: Undo, effects: Effects, *, alone_limit: int = ALONE) -> UndoRow:
    """Ask for an undo: applied at once if it is small, otherwise it waits for a second person.

    A repeated request is the same fact and changes nothing.
    """
    alone(connection)
    found = repo_undo.find_undo(connection, undo.id)
    if found is None:
        count = repo_undo.count_named(connection, undo)
        repo_undo.ask(connection, undo, grounds=count)
        if count <= alone_limit:
            return _apply(connection, undo, effects, by=undo.asked_by, at=undo.asked_at)
    return _require(connection, undo.id)


def approve(connection: Connection, undo_id: str, effects: Effects, *, by: str, at: int) -> UndoRow:
    """Allow an undo that waits, as a second person.

    Raises:
        NotFound: nobody asked for it.
        Conflict: it was answered already.
        UsageError: the one who asked may not allow it.
    """
    alone(connection)
    _may_answer(_require(connection, undo_id), by)
    return _apply(connection, _require(connection, undo_id).undo, effects, by=by, at=at)


def refuse(connection: Connection, undo_id: str, *, by: str, at: int) -> UndoRow:
    """Turn down an undo that waits; the one who asked may withdraw it.

    Raises:
        NotFound: nobody asked for it.
        Conflict: it was answered already.
    """
    alone(connection)
    _must_wait(_require(connection, undo_id))
    repo_undo.answer(connection, undo_id, state=repo_undo.REFUSED, by=by, at=at)
    return _require(connection, undo_id)


def _apply(connection: Connection, undo: Undo, effects: Effects, *, by: str, at: int) -> UndoRow:
    repo_undo.answer(connection, undo.id, state=repo_undo.APPLIED, by=by, at=at)
    effects.enact(connection, Facts(falls=repo_undo.falls_now(connection, undo, by=by, at=at)), at=at)
    return _require(connection, undo.id)


def _may_answer(row: UndoRow, by: str) -> None:
    _must_wait(row)
    if row.undo.asked_by.casefold() == by.casefold():
        raise UsageError(
            f"{by} asked for this undo of {row.grounds:,} grounds and cannot allow it too",
            hint="another person has to look at it",
        )


def _must_wait(row: UndoRow) -> None:
    if row.state != repo_undo.WAITING:
        raise Conflict(f"this undo was {row.state} by {row.answered_by} already")


def _require(connection: Connection, undo_id: str) -> UndoRow:
    found = repo_undo.find_undo(connection, undo_id)
    if found is None:
        raise NotFound(f"no undo {undo_id!r} was asked for")
    return found


def _changes(connection: Connection, undo: Undo, key_ids: list[str], at: int) -> Iterator[tuple[str, Change]]:
    for chunk in chunks(key_ids):
        facts = load(connection, GROUNDS.c.key.in_(chunk))
        before = holding(facts.grounds, facts.falls, facts.shields, at)
        falls = facts.falls + falls_of(undo, facts.grounds, by=undo.asked_by, at=at)
        after = holding(facts.grounds, falls, facts.shields, at)
        for key, effect in before.items():
            then = after.get(key)
            yield _kind(effect, then), Change(key, effect.action, then and then.action)


def _kind(before: Effect, after: Effect | None) -> str:
    if after is None:
        return LIFTED
    same = (before.action, before.until) == (after.action, after.until)
    return UNCHANGED if same else WEAKENED
