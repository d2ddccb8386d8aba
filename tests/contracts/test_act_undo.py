"""A lead takes back a strategy's day: looks first, asks, and a second person allows what is large."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from act_ledgers import PLATFORM, SCAM, SPAM, T0, decided, ledger, ledger_url, mute, remove, strike

from seawall.act.effects import Effects
from seawall.act.facts import Facts
from seawall.act.grounds import grounds_of
from seawall.act.repo_holding import told_target
from seawall.act.repo_undo import list_undos
from seawall.act.undo import Undo
from seawall.act.undo_strategy import Change, approve, preview, refuse, request
from seawall.act.verdict import Cause, confirm
from seawall.core.action import Ladders
from seawall.core.errors import Conflict, NotFound, UsageError

if TYPE_CHECKING:
    from seawall.core.action import Action
    from seawall.core.decision import Decision
    from seawall.store.ledger import Ledger

__all__ = ["ledger", "ledger_url"]
EFFECTS = Effects([PLATFORM])
HOUR = 3600 * 1_000_000


def asked(*decisions: Decision) -> Facts:
    ladders = Ladders.extended()
    return Facts(tuple(g for one in decisions for g in grounds_of(one, ladders=ladders, surface="comment")))


def enact(ledger: Ledger, facts: Facts, at: int) -> None:
    with ledger.begin() as connection:
        EFFECTS.enact(connection, facts, at=at)


def the_undo(since: int = T0, at: int = T0 + 2 * HOUR) -> Undo:
    return Undo(
        strategy=SPAM.strategy,
        since=since,
        until=at,
        reason="the list was wrong",
        asked_by="Lena",
        asked_at=at,
    )


def on(n: int, *actions: Action, at: int = T0) -> Decision:
    return decided(f"e{n}", *actions, subject=f"c{n}", actor=f"u{n % 3}", at=at)


def visible(ledger: Ledger, n: int) -> str | None:
    with ledger.read() as connection:
        return told_target(connection, "comment", f"c{n}")[0].action


def a_day(ledger: Ledger) -> None:
    enact(ledger, asked(*(on(n, remove(SPAM), strike(SPAM), at=T0 + n) for n in range(6))), T0 + 6)
    enact(ledger, asked(on(6, remove(SPAM, SCAM)), on(7, remove(SCAM)), on(8, mute(60))), T0 + 6)
    upheld = asked(on(0, remove(SPAM), at=T0))
    enact(ledger, confirm(upheld.grounds, Cause(fact_id="v1", reason="verdict", by="r1", at=T0 + 7)), T0 + 7)


def test_looking_says_what_would_change_and_changes_nothing(ledger: Ledger) -> None:
    a_day(ledger)
    with ledger.read() as connection:
        seen = preview(connection, the_undo(), at=T0 + 2 * HOUR, alone_limit=10)
    assert seen.grounds == 14
    assert seen.accounts == 3
    assert seen.by_action == {"mute": 1, "remove": 7, "strike": 6}
    assert seen.by_market == {"SG": 14}
    assert seen.effects == {"lifted": 8, "weakened": 0, "unchanged": 2}  # one human, one another strategy
    assert seen.needs_second
    assert all(isinstance(change, Change) and change.then is None for change in seen.sample)
    assert visible(ledger, 1) == "remove"
    with ledger.read() as connection:
        assert list_undos(connection) == []


def test_a_small_one_is_applied_at_once_and_asking_twice_is_asking_once(ledger: Ledger) -> None:
    a_day(ledger)
    for _ in range(2):
        with ledger.begin() as connection:
            row = request(connection, the_undo(), EFFECTS)
        assert (row.state, row.answered_by, row.grounds) == ("applied", "Lena", 14)
    assert [visible(ledger, n) for n in (0, 1, 5, 6, 7)] == ["remove", None, None, "remove", "remove"]


def test_only_what_was_decided_since_then_is_taken_back(ledger: Ledger) -> None:
    a_day(ledger)
    with ledger.begin() as connection:
        request(connection, the_undo(since=T0 + 3), EFFECTS)
    assert [visible(ledger, n) for n in (1, 2, 3, 4)] == ["remove", "remove", None, None]


def test_a_large_one_waits_for_a_second_person(ledger: Ledger) -> None:
    a_day(ledger)
    with ledger.begin() as connection:
        row = request(connection, the_undo(), EFFECTS, alone_limit=13)
    assert row.state == "waiting"
    assert visible(ledger, 1) == "remove"
    with ledger.begin() as connection, pytest.raises(UsageError, match="cannot allow it too"):
        approve(connection, row.undo.id, EFFECTS, by="lena", at=T0 + 3 * HOUR)
    assert visible(ledger, 1) == "remove"
    with ledger.begin() as connection:
        row = approve(connection, row.undo.id, EFFECTS, by="Omar", at=T0 + 3 * HOUR)
    assert (row.state, row.answered_by) == ("applied", "Omar")
    assert visible(ledger, 1) is None
    with ledger.begin() as connection, pytest.raises(Conflict, match="applied by Omar"):
        approve(connection, row.undo.id, EFFECTS, by="Nadia", at=T0 + 4 * HOUR)


def test_it_can_be_turned_down(ledger: Ledger) -> None:
    a_day(ledger)
    with ledger.begin() as connection:
        row = request(connection, the_undo(), EFFECTS, alone_limit=0)
        assert refuse(connection, row.undo.id, by="Omar", at=T0 + 3 * HOUR).state == "refused"
    with ledger.begin() as connection, pytest.raises(Conflict):
        approve(connection, row.undo.id, EFFECTS, by="Omar", at=T0 + 3 * HOUR)
    assert visible(ledger, 1) == "remove"
    with ledger.begin() as connection, pytest.raises(NotFound):
        approve(connection, "no-such", EFFECTS, by="Omar", at=T0)
