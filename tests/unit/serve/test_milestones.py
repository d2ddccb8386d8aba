"""Milestones of views and of reports: a subject is decided once more at each, and struck once at most."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from argon2 import PasswordHasher
from door_fixtures import FILES, Door, a_key, comment, open_small
from sqlalchemy import select

from seawall.act.facts import Shield, Subject
from seawall.act.holding import bars
from seawall.act.repo import of_target
from seawall.act.standing import standing_of
from seawall.core.decision import Decision
from seawall.review.tables import TASKS
from seawall.serve.auth import passwords
from seawall.serve.auth.roles import Scope
from seawall.serve.backfill import events_once
from seawall.serve.judge import Incoming
from seawall.serve.milestones import Due, due
from seawall.serve.process import open_live
from seawall.serve.replay import RecordedInputs
from seawall.serve.settings import Settings
from seawall.store import Filter
from seawall.store.tables import MILESTONES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from seawall.core.clock import FixedClock
    from seawall.serve.live import Live

COMMENT = (
    FILES["events/comment.yml"]
    + "  views: integer?\n  report_clusters: integer?\nmilestones: [1000, 100000]\nreport_clusters: [3, 5]\n"
)
SEEN = """\
strategy: spam.seen
describes: Seen by many.
policy: spam/links#c1
on: comment
when: views >= 1000 AND link_domain = 'false-shop.example'
then:
  - remove
  - strike
  - review: links
mode: live
owner: integrity
expect: {precision: 0.97, disturbance_per_10k: 500}
"""
TOLD = SEEN.replace("spam.seen", "spam.told").replace("views >= 1000", "report_clusters >= 3")
RATE = """\
features:
  comments_1h:
    on: comment
    value: count(*)
    by: actor_id
    over: 1 hour
"""
BUSY = """\
strategy: spam.busy
describes: Many comments.
policy: spam/links#c1
on: comment
when: comments_1h >= 3
then: [label]
mode: shadow
"""
PROJECT = {
    "events/comment.yml": COMMENT,
    "strategies/spam/seen.yml": SEEN,
    "strategies/spam/told.yml": TOLD,
    "features/rate.yml": RATE,
    "strategies/spam/busy.yml": BUSY,
}


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        passwords, "PasswordHasher", partial(PasswordHasher, time_cost=1, memory_cost=8, parallelism=1)
    )


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[tuple[Live, FixedClock]]:
    live, clock = open_small(tmp_path, PROJECT)
    live.test_key = a_key(live, Scope.EVENTS_WRITE, Scope.REPORTS_WRITE)
    live.start(chores=False)
    yield live, clock
    live.stop()


def send(live: Live, number: int, **more: object) -> Decision:
    sent = comment(number, link_domain="false-shop.example", **more)
    (answer,) = live.submit([Incoming(sent)]).result(timeout=20)
    live.store.project()
    assert isinstance(answer, Decision)
    return answer


def tell(live: Live, views: int, subject: str = "c1", surface: str = "comment") -> dict[str, int]:
    door = Door(live, **live.test_key)
    answer = door.post("/v1/views", json={"views": [{"surface": surface, "id": subject, "views": views}]})
    assert answer.status_code == 200, answer.text
    return answer.json()


def turn(live: Live) -> None:
    """Let the chore find and the worker's thread decide."""
    live.look_for_milestones()
    live.submit([]).result(timeout=20)  # the worker looks between two batches
    live.submit([]).result(timeout=20)
    live.store.project()


def rounds(live: Live, subject: str = "c1") -> list[Decision]:
    found = live.store.search(Filter(subject=subject)).decisions
    return [one.decision for one in found][::-1]


def states(live: Live) -> dict[int, str]:
    with live.store.ledger.read() as connection:
        return dict(connection.execute(select(MILESTONES.c.milestone, MILESTONES.c.state)).all())


def test_a_milestone_decides_once_more_and_strikes_once(opened: tuple[Live, FixedClock]) -> None:
    live, _ = opened
    first = send(live, 1)
    assert (first.action, first.fired) == ("remove", ("spam.shop",))
    assert tell(live, 999) == {"taken": 1, "milestones": 0}
    turn(live)
    assert len(rounds(live)) == 1
    assert tell(live, 1_200) == {"taken": 1, "milestones": 1}
    turn(live)
    turn(live)
    assert tell(live, 1_300) == {"taken": 1, "milestones": 0}
    assert tell(live, 1_200) == {"taken": 1, "milestones": 0}  # overtaken by what was told before
    turn(live)
    _, again = rounds(live)
    assert again.event_id == "e1#views=1000"
    assert again.because == ("views:1200",)
    assert again.fired == ("spam.seen", "spam.shop")
    assert (again.subject, again.actor, again.content_version) == (
        first.subject,
        first.actor,
        first.content_version,
    )
    recorded = live.store.find(again.decision_id)
    assert recorded is not None
    assert recorded.event is not None
    assert recorded.event.fields["views"] == 1_200
    with live.store.ledger.read() as connection:
        facts = of_target(connection, "account", "u1")
        task = connection.execute(select(TASKS.c.event_id, TASKS.c.views)).one()
    standing = standing_of("u1", facts.grounds, facts.falls, facts.shields, live.clock.now())
    assert len(standing.strikes) == 1  # one occasion
    assert tuple(task) == ("e1#views=1000", 1_300)
    assert states(live) == {1000: "decided"}


def test_several_at_once_are_one_decision_at_the_highest(opened: tuple[Live, FixedClock]) -> None:
    live, _ = opened
    send(live, 1)
    assert tell(live, 250_000)["milestones"] == 1
    turn(live)
    assert [one.because for one in rounds(live)] == [(), ("views:250000",)]
    assert states(live) == {1000: "overtaken", 100000: "decided"}


def test_nothing_is_counted_and_counts_are_those_of_then(
    opened: tuple[Live, FixedClock],
) -> None:
    live, clock = opened
    for number in (1, 2):
        assert send(live, number).features["comments_1h"].value is None  # warming since the start
    clock.advance(seconds=7_200)
    ts = "2026-11-22T14:00:00Z"
    seen = send(live, 3, ts=ts).features["comments_1h"]
    tell(live, 5_000, "c3")
    turn(live)
    first, again = rounds(live, "c3")
    assert again.features["comments_1h"] == first.features["comments_1h"] == seen
    assert send(live, 4, ts=ts).features["comments_1h"].value == (seen.value or 0) + 1
    replayer = RecordedInputs(live.releases.open, live.store.controls())
    assert [replayer.replay(one).difference for one in live.store.between()] == [None] * 5
    counted = [one.id for one in events_once(live.store.between())]
    assert counted == ["e1", "e2", "e3", "e4"]  # as after a restart


def test_a_milestone_told_before_the_upload_waits_for_it(opened: tuple[Live, FixedClock]) -> None:
    live, clock = opened
    assert tell(live, 2_000)["milestones"] == 1
    turn(live)
    assert states(live) == {1000: "waiting"}
    send(live, 1)
    clock.advance(seconds=31)
    turn(live)
    assert states(live) == {1000: "decided"}
    assert len(rounds(live)) == 2


def test_a_subject_that_nobody_decides_is_given_up(opened: tuple[Live, FixedClock]) -> None:
    live, clock = opened
    tell(live, 2_000, "nobody")
    clock.advance(seconds=25 * 3_600)
    turn(live)
    assert states(live) == {1000: "unknown"}


def test_it_is_decided_once_wherever_the_process_died(
    opened: tuple[Live, FixedClock], tmp_path: Path
) -> None:
    live, clock = opened
    send(live, 1)
    tell(live, 2_000)
    live._judge.again(_due(live))  # recorded, and dead before the milestone was settled
    live.stop()
    again = open_live(tmp_path, Settings(min_free_bytes=0), clock=clock)
    again.start(chores=False)
    turn(again)
    assert [one.because for one in rounds(again)] == [(), ("views:2000",)]
    assert states(again) == {1000: "decided"}
    again.stop()


def _due(live: Live) -> list[Due]:
    return due(live.store, live.project, live.releases.open, now=live.clock.now())


def test_what_was_erased_cannot_be_decided_again(opened: tuple[Live, FixedClock]) -> None:
    live, _ = opened
    send(live, 1)
    live.store.erase(["e1"])
    tell(live, 2_000)
    turn(live)
    assert states(live) == {1000: "gone"}
    assert len(rounds(live)) == 1


def test_views_of_what_has_no_milestones_are_kept(opened: tuple[Live, FixedClock]) -> None:
    live, _ = opened
    assert tell(live, 5, "r1", "room") == {"taken": 1, "milestones": 0}
    refused = Door(live, **live.test_key).post("/v1/views", json={"views": [{"surface": "x", "id": "y"}]})
    assert refused.status_code == 422


def report(live: Live, *names: str, device: str | None = None, made: str = "2024-05-01T00:00:00Z") -> None:
    """Each from a device of their own, unless one is given."""
    door = Door(live, **live.test_key)
    for name in names:
        who = {"id": name, "device": device or f"d-{name}", "account_created": made}
        sent = {"reporter": who, "subject": {"surface": "comment", "id": "c1"}, "reason": "scam"}
        answer = door.post("/v1/reports", json=sent)
        assert answer.status_code == 200, answer.text


def test_reports_decide_once_more_at_each_step_and_not_beyond_the_last(
    opened: tuple[Live, FixedClock],
) -> None:
    live, clock = opened
    first = send(live, 1)
    report(live, "r1", "r2")
    turn(live)
    assert len(rounds(live)) == 1
    report(live, "r3", "r3", "r2")
    turn(live)
    turn(live)
    clock.advance(seconds=60)
    report(live, "r4", "r5")
    turn(live)
    report(live, *(f"more{n}" for n in range(6)))
    turn(live)
    _, third, fifth = rounds(live)
    assert (third.event_id, third.because) == ("e1#report_clusters=3", ("reports:3",))
    assert (fifth.event_id, fifth.because) == ("e1#report_clusters=5", ("reports:5",))
    assert first.fired == ("spam.shop",)
    assert third.fired == fifth.fired == ("spam.shop", "spam.told")
    assert third.features == first.features
    assert states(live) == {3: "decided", 5: "decided"}
    with live.store.ledger.read() as connection:
        facts = of_target(connection, "account", "u1")
    standing = standing_of("u1", facts.grounds, facts.falls, facts.shields, live.clock.now())
    assert len(standing.strikes) == 1  # one occasion


def test_reporters_who_are_not_independent_change_nothing(opened: tuple[Live, FixedClock]) -> None:
    live, _ = opened
    send(live, 1)
    report(live, *(f"same{n}" for n in range(10)), device="one")
    report(live, *(f"young{n}" for n in range(10)), made="2026-11-21T00:00:00Z")
    turn(live)
    assert states(live) == {}
    assert len(rounds(live)) == 1


def test_steps_of_reports_pass_a_shield_of_before_for_what_reads_them(
    opened: tuple[Live, FixedClock],
) -> None:
    live, clock = opened
    send(live, 1)
    report(live, "r1", "r2", "r3")
    clock.advance(seconds=60)
    turn(live)
    with live.store.ledger.read() as connection:
        at = connection.scalar(select(MILESTONES.c.passed_at))
        grounds = of_target(connection, "comment", "c1").grounds
    brought = {one.strategy: one for one in grounds if one.event_id == "e1#report_clusters=3"}
    assert f"reports:{at}" in brought["spam.told"].evidence
    assert not any(one.startswith("reports:") for one in brought["spam.shop"].evidence)
    for ground in brought.values():
        known = tuple(one for one in ground.evidence if not one.startswith("reports:"))
        before, after = (
            Shield(subject=Subject("comment", "c1"), clause=ground.clause, fact_id="v1", at=when, known=known)
            for when in (at - 1, at)
        )
        assert bars(after, ground)
        assert bars(before, ground) == (ground.strategy == "spam.shop")


def test_what_was_seen_and_reported_is_decided_with_both(opened: tuple[Live, FixedClock]) -> None:
    live, _ = opened
    send(live, 1)
    tell(live, 2_000)
    turn(live)
    report(live, "r1", "r2", "r3")
    turn(live)
    newest = rounds(live)[-1]
    assert newest.fired == ("spam.seen", "spam.shop", "spam.told")
    recorded = live.store.find(newest.decision_id)
    assert recorded is not None
    assert recorded.event is not None
    assert (recorded.event.fields["views"], recorded.event.fields["report_clusters"]) == (2_000, 3)
