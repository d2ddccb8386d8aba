"""Wherever the process dies on the way back, it goes on from there: nothing lost, nothing twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from appeal_ledgers import SCAM, Platform, decided, empty_ledger, ledger, remove, strike
from sqlalchemy import event, select

from seawall.act.tables import FALLS, GROUNDS, HOLDING, OUTBOX, SHIELDS
from seawall.appeal.tables import APPEALS, NOTICES, REPORTS
from seawall.review.model import Outcome
from seawall.review.tables import BARS, LABELS, TASKS, VERDICTS
from seawall.store.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["empty_ledger", "ledger"]
TABLES = (GROUNDS, FALLS, SHIELDS, HOLDING, OUTBOX, NOTICES, APPEALS, REPORTS, TASKS, VERDICTS, BARS, LABELS)
STRIDE = 7
"""Between every seventh statement, after the first few: that meets every step of several statements."""


class Killed(BaseException):
    """The process is gone: nothing catches it, and an open transaction never commits."""


def undisturbed(step: Callable[[], object], ledger: Ledger) -> int:
    """Kill a step before each of some of its statements and its commit, then let it run; gives the deaths."""
    deaths = survived = 0
    while True:
        left = survived

        def die(*_: object) -> None:
            nonlocal left
            left -= 1
            if left < 0:
                raise Killed

        event.listen(ledger.engine, "before_cursor_execute", die)
        event.listen(ledger.engine, "commit", die)
        try:
            step()
        except Killed:
            deaths += 1
            survived += STRIDE if deaths > 3 else 1
        else:
            return deaths
        finally:
            event.remove(ledger.engine, "before_cursor_execute", die)
            event.remove(ledger.engine, "commit", die)


def day(platform: Platform, run: Callable[[Callable[[], object]], object]) -> None:
    """Told, appealed, taken, concluded, put right; each step is one transaction."""
    decisions = [
        decided("e1", remove(), strike()),
        decided("e2", remove(), subject="c2", actor="u2"),
    ]
    run(lambda: platform.decide(*decisions, text="double your coins"))
    (notice,) = platform.notices("u1")
    run(lambda: platform.appeal(notice))
    (task,) = platform.tasks("appeal")
    run(lambda: platform.take("ben", task))
    run(lambda: conclude(platform, task))
    platform.clock.advance(seconds=11)
    run(platform.chore)
    run(platform.chore)


def conclude(platform: Platform, task: str) -> None:
    platform.conclude("ben", task, Outcome.NO_VIOLATION)
    platform.clock.advance(seconds=-11)


def everything(ledger: Ledger) -> list[list[str]]:
    with ledger.read() as connection:
        return [sorted(map(str, connection.execute(select(table)))) for table in TABLES]


def test_wherever_it_dies_the_day_ends_the_same(ledger: Ledger, tmp_path: Path) -> None:
    calm = Ledger.open(f"sqlite:///{tmp_path / 'calm.db'}")
    day(Platform(calm), lambda step: step())
    wanted = everything(calm)
    calm.close()
    deaths = []
    day(Platform(ledger), lambda step: deaths.append(undisturbed(step, ledger)))
    assert min(deaths) > 0
    assert sum(deaths) > 20
    assert everything(ledger) == wanted
    assert Platform(ledger).held() == {}


def test_a_decision_and_its_notice_are_one(ledger: Ledger) -> None:
    """Effects were kept and the process died before the notice: neither is there, and both come back."""
    platform = Platform(ledger)
    one = decided("e1", remove(), strike())

    def die(*_: object) -> None:
        raise Killed

    effects, notices = platform.projections
    platform.projections = (effects, die)
    with pytest.raises(Killed):
        platform.decide(one)
    assert platform.held() == {}
    platform.projections = (effects, notices)
    platform.decide(one)
    assert len(platform.notices()) == 1
    assert SCAM.policy in str(platform.notices()[0].clauses)
