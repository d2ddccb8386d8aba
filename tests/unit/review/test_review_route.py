"""Which tasks a decision makes, and what the random lane draws."""

from __future__ import annotations

import msgspec
import pytest

from seawall.core.action import Action, Ground, Review
from seawall.core.decision import Decision
from seawall.core.diagnostic import Span
from seawall.policy.model import Queue
from seawall.review.again import again
from seawall.review.lane import EVERYTHING, Lane, draw
from seawall.review.model import Chance, Purpose
from seawall.review.route import tasks_of

SCAM = Ground("scam.giveaway", "scam/fraud#c2", "high", "terms")
SPAM = Ground("spam.links", "spam/commercial#c1", "low", "terms")
MINUTE = 60_000_000


def _queue(name: str, **more: object) -> Queue:
    return Queue(
        name=name, title=name, roles=("moderator",), sla_s=3600, span=Span(f"queues/{name}.yml"), **more
    )


QUEUES = {name: _queue(name) for name in ("scam", "random")} | {"sealed": _queue("sealed", sealed=True)}
DECISION = Decision(
    decision_id="d1",
    event_id="e1",
    type="comment",
    ts=0,
    market="SG",
    language="en",
    source="app",
    subject="c1",
    actor="u1",
    actions=(Action("visibility", "hold", "subject", grounds=(SCAM, SPAM)),),
    review=(Review("scam", (SPAM, SCAM), timeout_s=1800, on_timeout="allow"),),
    fired=("scam.giveaway", "spam.links"),
    project_version="v1",
    decided_at=10 * MINUTE,
)
ALL = Lane(queue="random", salt="pepper", rate=1.0)


def test_a_route_becomes_a_task_with_all_it_needs() -> None:
    (task,) = tasks_of(DECISION, surface="comment", queues=QUEUES, views=7)
    assert (task.queue, task.purpose, task.inclusion_probability) == ("scam", Purpose.MACHINE, 1.0)
    assert (task.clause, task.severity) == ("scam/fraud#c2", "high")  # the gravest
    assert [reason.strategy for reason in task.reasons] == ["scam.giveaway", "spam.links"]
    assert (task.due, task.expires, task.on_timeout) == (70 * MINUTE, 40 * MINUTE, "allow")
    assert (task.views, task.market, task.actor, task.project_version) == (7, "SG", "u1", "v1")
    assert not task.blind


def test_a_later_round_makes_the_same_task() -> None:
    later = msgspec.structs.replace(DECISION, decision_id="d2", round=2, supersedes="d1")
    (first,) = tasks_of(DECISION, surface="comment", queues=QUEUES)
    (second,) = tasks_of(later, surface="comment", queues=QUEUES)
    assert first.task_id == second.task_id


def test_a_report_makes_a_task_of_its_own_kind() -> None:
    (task,) = tasks_of(DECISION, surface="report", queues=QUEUES)
    assert task.purpose is Purpose.REPORT


def test_nothing_to_judge_makes_no_task() -> None:
    nobody = msgspec.structs.replace(DECISION, subject=None)
    assert tasks_of(nobody, surface="account", queues=QUEUES, lane=ALL) == ()


def test_the_lane_adds_a_blind_task_that_remembers_its_chances() -> None:
    lane = msgspec.structs.replace(ALL, rates={"spam.links": 0.0})
    _, drawn = tasks_of(DECISION, surface="comment", queues=QUEUES, lane=lane)
    assert (drawn.queue, drawn.purpose, drawn.blind) == ("random", Purpose.RANDOM, True)
    assert drawn.chances == (Chance("scam.giveaway", 1.0),)
    assert [reason.strategy for reason in drawn.reasons] == ["scam.giveaway"]


def test_what_nothing_fired_on_can_be_drawn_too() -> None:
    quiet = msgspec.structs.replace(DECISION, actions=(), review=(), fired=())
    assert tasks_of(quiet, surface="comment", queues=QUEUES, lane=ALL) == ()
    lane = msgspec.structs.replace(ALL, everything=1.0)
    (drawn,) = tasks_of(quiet, surface="comment", queues=QUEUES, lane=lane)
    assert (drawn.clause, drawn.chances) == ("", (Chance(EVERYTHING, 1.0),))


def test_only_the_final_round_is_drawn() -> None:
    first = msgspec.structs.replace(DECISION, final=False)
    assert [task.purpose for task in tasks_of(first, surface="comment", queues=QUEUES, lane=ALL)] == [
        "machine"
    ]


def test_what_is_sealed_is_never_drawn() -> None:
    sealed = msgspec.structs.replace(DECISION, review=(Review("sealed", (SCAM,)), Review("scam", (SCAM,))))
    tasks = tasks_of(sealed, surface="comment", queues=QUEUES, lane=ALL)
    assert [(task.queue, task.sealed) for task in tasks] == [("sealed", True), ("scam", False)]


def test_a_queue_that_left_the_project_keeps_its_task() -> None:
    (task,) = tasks_of(DECISION, surface="comment", queues={})
    assert (task.queue, task.due) == ("scam", None)


def test_a_second_look_starts_afresh_and_is_blind() -> None:
    (task,) = tasks_of(DECISION, surface="comment", queues=QUEUES)
    appeal = again(task, Purpose.APPEAL, QUEUES["random"], occasion="appeal-1", now=99 * MINUTE)
    assert appeal.task_id != task.task_id
    assert appeal.task_id == again(task, Purpose.APPEAL, QUEUES["random"], occasion="appeal-1", now=5).task_id
    assert (appeal.blind, appeal.expires, appeal.subject) == (True, None, task.subject)


def test_the_lane_draws_as_often_as_it_says_and_each_strategy_at_its_own_rate() -> None:
    lane = Lane(queue="random", salt="pepper", rate=0.05, rates={"rare": 0.5}, everything=0.01)
    counts = {"rare": 0, "common": 0, EVERYTHING: 0}
    for number in range(20_000):
        for chance in draw(lane, f"d{number}", ["rare", "common"]):
            counts[chance.frame] += 1
            assert chance.probability == {"rare": 0.5, "common": 0.05, EVERYTHING: 0.01}[chance.frame]
    assert counts["rare"] == pytest.approx(10_000, abs=300)
    assert counts["common"] == pytest.approx(1_000, abs=130)
    assert counts[EVERYTHING] == pytest.approx(200, abs=60)


def test_another_salt_draws_others() -> None:
    lanes = [Lane(queue="random", salt=salt, rate=0.5) for salt in ("a", "b")]
    drawn = [{n for n in range(1000) if draw(lane, f"d{n}", ["s"])} for lane in lanes]
    assert len(drawn[0] & drawn[1]) == pytest.approx(250, abs=60)
