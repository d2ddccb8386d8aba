"""Numbers read from the ledger on both backends, each with the rows that it was made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from act_ledgers import SCAM, decided, remove
from review_ledgers import ledger, postgres_server
from sqlalchemy import insert

from seawall.act import repo as facts
from seawall.act.facts import Facts
from seawall.act.grounds import grounds_of
from seawall.act.tables import OUTBOX
from seawall.act.verdict import Cause, confirm
from seawall.core.action import Ladders, Review
from seawall.core.diagnostic import Span
from seawall.measure import Step, Window
from seawall.measure.backlog import attainment, backlog
from seawall.measure.flows import MINUTE_US, automation, flows
from seawall.measure.leaked import leaked_items
from seawall.measure.query import rows_of
from seawall.measure.strategy import ruling, strategy_disturbance, strategy_precision, touched
from seawall.measure.times import time_to_platform, time_to_verdict
from seawall.policy.model import Clause, Expectation, Mode, Policy, Queue, Strategy, Then
from seawall.review.conclude import conclude, undo
from seawall.review.expire import expire
from seawall.review.lane import Lane
from seawall.review.lease import lease
from seawall.review.model import Outcome, Reviewer
from seawall.review.repo import add_tasks
from seawall.review.route import tasks_of
from seawall.review.settle import settle
from seawall.store.tables import ROLLUPS_MINUTE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seawall.core.decision import Decision
    from seawall.store.ledger import Ledger

__all__ = ["ledger", "postgres_server"]
S = 1_000_000
T0 = 1_700_000_000_000_000
DAY = Window(T0, T0 + 86_400 * S)
ADA = Reviewer(name="ada", role="moderator")
SPAN = Span("x.yml")
QUEUES = {
    name: Queue(name=name, title=name, roles=("moderator",), sla_s=60, span=SPAN)
    for name in ("scam", "random")
}
CLAUSE = Clause(id="c1", title="c1", text="c1", ground="terms", severity="high", span=SPAN)
POLICIES = {
    name: Policy(name=name, title=name, owner="p", version="1", text="", clauses={"c1": CLAUSE}, span=SPAN)
    for name in ("scam/fraud", "spam/commercial")
}
GIVEAWAY = Strategy(
    name="scam.giveaway",
    policy="scam/fraud",
    clause="c1",
    on=("comment",),
    when="true",
    then=(Then(action="remove", target="subject"),),
    mode=Mode.LIVE,
    expect=Expectation(precision=0.9, disturbance_per_10k=5.0),
    span=SPAN,
    when_span=SPAN,
)
LANE = Lane(queue="random", salt="pepper", rates={"scam.giveaway": 0.5}, everything=0.3)


def _decide(number: int, *, users: int = 1_000) -> Decision:
    one = decided(
        f"e{number}", remove(SCAM), subject=f"c{number}", actor=f"u{number % users}", at=T0 + number
    )
    return msgspec.structs.replace(one, fired=("scam.giveaway",))


def _enact(ledger: Ledger, decisions: Sequence[Decision], *, lane: Lane | None = LANE) -> None:
    ladders = Ladders.extended()
    with ledger.begin() as connection:
        for one in decisions:
            facts.add(connection, Facts(grounds=grounds_of(one, ladders=ladders, surface="comment")))
            add_tasks(connection, tasks_of(one, surface="comment", queues=QUEUES, lane=lane))


def _clear(
    ledger: Ledger, *, violates: set[str], clause: str = "scam/fraud#c1", queue: str = "random"
) -> int:
    done = 0
    with ledger.begin() as connection:
        while task := lease(connection, QUEUES[queue], ADA, now=T0 + 5 * S):
            wrong = task.subject.id not in violates
            conclude(
                connection,
                task.task_id,
                ADA,
                outcome=Outcome.NO_VIOLATION if wrong else Outcome.VIOLATES,
                clause="" if wrong else clause,
                policies=POLICIES,
                now=T0 + 30 * S,
            )
            done += 1
        settle(connection, now=T0 + 60 * S)
    return done


def test_precision_comes_from_the_random_lane_and_lists_its_rows(ledger: Ledger) -> None:
    _enact(ledger, [_decide(number) for number in range(120)])
    with ledger.read() as connection:
        assert strategy_precision(connection, GIVEAWAY, DAY).sentence == "too few labels: have 0 of 30 needed"
    reviewed = _clear(ledger, violates={f"c{number}" for number in range(120) if number % 10})
    with ledger.read() as connection:
        estimate = strategy_precision(connection, GIVEAWAY, DAY)
        assert estimate.rows is not None
        rows = rows_of(connection, estimate.rows)
        elsewhere = strategy_precision(connection, GIVEAWAY, Window(0, T0))
    assert reviewed >= len(rows) == estimate.n > 40
    assert {row["probability"] for row in rows} == {0.5}
    right = sum(bool(row["violates"]) for row in rows)
    assert estimate.value == pytest.approx(right / len(rows))
    assert not elsewhere.known


def test_a_violation_of_another_policy_is_right_but_not_by_policy(ledger: Ledger) -> None:
    _enact(ledger, [_decide(number) for number in range(100)])
    _clear(ledger, violates={f"c{number}" for number in range(100)}, clause="spam/commercial#c1")
    with ledger.read() as connection:
        assert strategy_precision(connection, GIVEAWAY, DAY).value == 1.0
        assert strategy_precision(connection, GIVEAWAY, DAY, same_policy=True).value == 0.0
        assert strategy_precision(connection, GIVEAWAY, DAY, version="other").n == 0
        assert strategy_precision(connection, GIVEAWAY, DAY, by_views=True).n == 0  # nobody sent views


def test_labels_of_referred_tasks_do_not_count(ledger: Ledger) -> None:
    """They are chosen by the machine that is measured."""
    routed = [
        msgspec.structs.replace(_decide(number), review=(Review("scam", (SCAM,)),)) for number in range(40)
    ]
    _enact(ledger, routed, lane=None)
    assert _clear(ledger, violates=set(), queue="scam") == 40
    with ledger.read() as connection:
        assert strategy_precision(connection, GIVEAWAY, DAY).n == 0


def test_disturbance_is_bounded_by_the_promise_until_labels_speak(ledger: Ledger) -> None:
    _enact(ledger, [_decide(number, users=60) for number in range(120)])
    with ledger.read() as connection:
        met = touched(connection, GIVEAWAY, DAY, active=10_000)
        before = strategy_disturbance(connection, GIVEAWAY, DAY, active=10_000)
    assert (met.users, met.fires, met.most) == (60, 120, 2)
    assert (before.basis, before.low) == ("promise", 0.0)
    assert before.high == pytest.approx(12.0)  # 120 x (1 - 0.9)
    _clear(ledger, violates=set())
    with ledger.read() as connection:
        after = strategy_disturbance(connection, GIVEAWAY, DAY, active=10_000)
    assert (after.basis, after.value, after.high) == ("labels", 60.0, 60.0)  # all wrong: everybody touched


def test_the_brake_reads_the_ledger_and_goes_by_severity(ledger: Ledger) -> None:
    _enact(ledger, [_decide(number) for number in range(300)])
    with ledger.read() as connection:
        calm = ruling(connection, GIVEAWAY, DAY, severity="high", active=1_000_000)
        wild = ruling(connection, GIVEAWAY, DAY, severity="high", active=2_000)
        severe = ruling(connection, GIVEAWAY, DAY, severity="severe", active=2_000)
    assert (calm.step, wild.step, severe.step) == (Step.KEEP, Step.TO_SHADOW, Step.CALL_A_PERSON)
    _clear(ledger, violates={f"c{number}" for number in range(300)})
    with ledger.read() as connection:
        cleared = ruling(connection, GIVEAWAY, DAY, severity="high", active=2_000)
    assert (cleared.step, cleared.basis) == (Step.KEEP, "labels")


def test_leakage_counts_violating_items_on_which_nobody_acted(ledger: Ledger) -> None:
    quiet = [msgspec.structs.replace(_decide(number), actions=(), fired=()) for number in range(200, 400)]
    _enact(ledger, [_decide(number) for number in range(200)] + quiet)
    _clear(ledger, violates={f"c{number}" for number in range(400) if number < 200 or number % 4 == 0})
    with ledger.read() as connection:
        estimate = leaked_items(connection, DAY)
    assert estimate.low is not None
    assert estimate.high is not None
    assert estimate.low < 50 / 250 < estimate.high


def test_automation_knows_who_took_part(ledger: Ledger) -> None:
    decisions = [_decide(number) for number in range(10)]
    _enact(ledger, decisions)
    with ledger.begin() as connection:
        grounds = facts.of_decision(connection, decisions[0].decision_id).grounds
        confirmed = confirm(grounds, Cause(fact_id="v1", reason="verdict", by="ada", at=T0 + S))
        facts.add(connection, confirmed)
    with ledger.read() as connection:
        rates = automation(connection, DAY)
    assert rates["comment", "SG"].value == pytest.approx(0.9)
    assert rates["comment", "SG"].n == 10


def test_flows_by_type_market_and_language(ledger: Ledger) -> None:
    minute = T0 // MINUTE_US
    key = {"minute": minute, "type": "comment", "market": "SG", "language": "ms", "automated": True}
    rows = [
        {**key, "action": "allow", "reviewed": False, "decisions": 900},
        {**key, "action": "remove", "reviewed": False, "decisions": 60},
        {**key, "action": "hold", "reviewed": True, "decisions": 40},
        {**key, "minute": minute + 1, "language": "", "action": "allow", "reviewed": False, "decisions": 5},
        {**key, "minute": minute - 1, "action": "remove", "reviewed": False, "decisions": 7},
    ]
    with ledger.begin() as connection:
        connection.execute(insert(ROLLUPS_MINUTE), rows)
    with ledger.read() as connection:
        found = flows(connection, Window(minute * MINUTE_US, (minute + 60) * MINUTE_US))
    unknown, malay = sorted(found, key=lambda flow: flow.language)
    assert (malay.decisions, malay.acted, malay.routed) == (1000, 100, 40)
    assert malay.unrouted is not None
    assert malay.unrouted.value == pytest.approx(0.6)
    assert (unknown.decisions, unknown.unrouted) == (5, None)


def test_backlog_time_to_verdict_and_attainment(ledger: Ledger) -> None:
    routed = [
        msgspec.structs.replace(
            _decide(number), actions=(), review=(Review("scam", (SCAM,), timeout_s=3600),)
        )
        for number in range(6)
    ]
    _enact(ledger, routed, lane=None)
    with ledger.begin() as connection:
        for seconds in (10, 20, 30, 90):
            task = lease(connection, QUEUES["scam"], ADA, now=T0 + S)
            assert task is not None
            conclude(
                connection, task.task_id, ADA,
                outcome=Outcome.NO_VIOLATION, policies=POLICIES, now=T0 + seconds * S,
            )  # fmt: skip
        undo(connection, task.task_id, ADA, now=T0 + 91 * S)  # the last one is open again
        lease(connection, QUEUES["scam"], ADA, now=T0 + 91 * S, seconds=5)
    now = T0 + 100 * S
    with ledger.read() as connection:
        (queue,) = backlog(connection, now=now)
        listed = rows_of(connection, queue.rows)
        median, _, slowest = time_to_verdict(connection, DAY, now=now, queue="scam")
        rate = attainment(connection, DAY)["scam"]
        nothing = time_to_verdict(connection, DAY, now=now, queue="other")[0]
    assert (queue.waiting, queue.held, queue.overdue) == (2, 1, 3)
    assert queue.oldest_age_s == pytest.approx(100, abs=1)
    assert len(listed) == 3
    assert median.value == pytest.approx(30, abs=0.1)
    assert (slowest.known, slowest.n, slowest.missing) == (False, 3, 3)
    assert (rate.value, rate.n) == (0.5, 6)
    assert not nothing.known
    with ledger.begin() as connection:
        assert len(expire(connection, now=T0 + 7200 * S)) == 3
        assert backlog(connection, now=T0 + 7200 * S) == ()
        assert attainment(connection, DAY)["scam"].value == 0.5  # what nobody saw stays a miss


def test_time_to_platform_counts_what_is_still_on_its_way(ledger: Ledger) -> None:
    def message(name: str, state: str, settled: int | None) -> dict[str, object]:
        return {
            "message_id": name,
            "destination": "platform",
            "key": name,
            "version": 1,
            "body": "{}",
            "state": state,
            "attempts": 1,
            "next_attempt": T0,
            "give_up_at": T0,
            "created": T0,
            "settled": settled,
        }

    with ledger.begin() as connection:
        connection.execute(
            insert(OUTBOX),
            [
                message("a", "sent", T0 + S),
                message("b", "sent", T0 + 2 * S),
                message("c", "superseded", T0 + 3 * S),
                message("d", "waiting", None),
            ],
        )
    with ledger.read() as connection:
        median, _, slowest = time_to_platform(connection, DAY, now=T0 + 9 * S)
    assert (median.value, median.n) == (2.0, 3)
    assert not slowest.known
