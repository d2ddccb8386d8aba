"""What people decide reaches features: in the server, after a restart, in a replay and in a backtest."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from argon2 import PasswordHasher
from door_fixtures import comment, open_small
from test_review_pages import Desk

from seawall.core.clock import format_time
from seawall.core.decision import Decision, Reading
from seawall.serve.auth import passwords
from seawall.serve.backtest import History, backtest
from seawall.serve.judge import Incoming
from seawall.serve.process import open_live
from seawall.serve.replay import recomputed
from seawall.serve.settings import Settings
from seawall.serve.web import gate

if TYPE_CHECKING:
    from pathlib import Path

    from seawall.core.clock import FixedClock
    from seawall.serve.live import Live

PEOPLE = """features:
  strikes_now:
    on: comment
    from: strikes
    value: count(*)
    by: actor_id
    over: 365 days
  violations_30d:
    on: comment
    from: verdicts
    value: count(*) FILTER (WHERE violates AND policy = 'spam/links')
    by: actor_id
    over: 30 days
  reputation:
    on: comment
    from: labels
    value: mean(violates)
    by: actor_id
    over: 30 days
    half_life: 7 days
  domain_company_1h:
    on: comment
    value: company(actor_id)
    by: link_domain
    among: strikes
    over: 10 seconds
"""
STRATEGY = """strategy: spam.again
describes: Somebody who was found wrong before.
policy: spam/links#c1
on: comment
when: strikes_now >= 1 OR violations_30d >= 1 OR reputation > 0.5 OR domain_company_1h >= 1
then:
  review: links
mode: shadow
owner: integrity
"""
FILES = {"features/people.yml": PEOPLE, "strategies/spam/again.yml": STRATEGY}


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "built", lambda: True)
    monkeypatch.setattr(
        passwords, "PasswordHasher", partial(PasswordHasher, time_cost=1, memory_cost=8, parallelism=1)
    )


def _send(live: Live, clock: FixedClock, number: int, actor: str, domain: str) -> dict[str, object]:
    clock.advance(seconds=1)
    sent = comment(number, actor_id=actor, link_domain=domain) | {"ts": format_time(clock.now())}
    [answer] = live.submit([Incoming(sent)]).result(timeout=20)
    assert isinstance(answer, Decision)
    live.turn()  # projects it, and copies what follows into the journal
    return {
        name: reading.value if reading.null is None else reading.null
        for name, reading in answer.features.items()
    }


def test_people_change_what_the_next_event_reads(tmp_path: Path) -> None:
    live, clock = open_small(tmp_path, FILES)
    live.start(chores=False)
    try:
        fresh = _send(live, clock, 1, "u1", "odd.example")
        clock.advance(seconds=10)  # the window over events has passed; what people decide needs no such wait
        struck = _send(live, clock, 2, "u1", "false-shop.example")
        after = _send(live, clock, 3, "u1", "odd.example")
        friend = _send(live, clock, 4, "u2", "odd.example")
        desk = Desk(live, "moderator")
        assert desk.send(f"{desk.take()}/decide", choice="other", other="spam/links#c1").status_code == 303
        clock.advance(seconds=11)
        live.turn()  # settles it
        live.turn()  # copies it
        judged = _send(live, clock, 5, "u1", "odd.example")
    finally:
        live.stop()
    nothing = {"strikes_now": 0, "violations_30d": 0, "reputation": "absent", "domain_company_1h": 0}
    assert (fresh, struck) == (nothing | {"domain_company_1h": "warming"}, nothing)
    assert after["strikes_now"] == 1
    assert (friend["strikes_now"], friend["domain_company_1h"]) == (0, 1)
    assert (friend["strikes_now"], judged["violations_30d"], judged["reputation"]) == (0, 1, 1.0)

    again = open_live(tmp_path, Settings(min_free_bytes=0), clock=clock)
    again.start(chores=False)
    try:
        recalled = _send(again, clock, 6, "u1", "odd.example")
        replayed = recomputed(again.store.story(), again.project, since=0, until=2**62, warm=True)
        assert [each.difference for each in replayed] == [None] * 6
        _same_in_a_backtest(again, clock)
    finally:
        again.stop()
    assert recalled | {"reputation": 1.0} == judged


def _same_in_a_backtest(live: Live, clock: FixedClock) -> None:
    history = History(store=live.store)
    found = [
        backtest(live.project, history, now=clock.now(), strategies=["spam.again"], engine=engine)
        for engine in ("column", "duckdb")
    ]
    fired = [one.strategies[0].fired for one in found]
    recorded = [each.decision for each in live.store.between() if "spam.again" in each.decision.shadow]
    assert fired == [len(recorded)] * 2, (fired, recorded)


def test_reading_of_nobody(tmp_path: Path) -> None:
    live, clock = open_small(tmp_path, FILES)
    live.start(chores=False)
    try:
        sent = comment(1, link_domain=None) | {"ts": format_time(clock.now())}
        [answer] = live.submit([Incoming(sent)]).result(timeout=20)
    finally:
        live.stop()
    assert isinstance(answer, Decision)
    assert answer.features["domain_company_1h"] == Reading(null="no_key")
