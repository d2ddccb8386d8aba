"""What a reviewer may cite, and what citing it brings."""

from __future__ import annotations

import msgspec
import pytest

from seawall.act.facts import Subject
from seawall.core.action import Action, Ground
from seawall.core.decision import Decision
from seawall.policy.model import Project
from seawall.policy.scaffold import scaffold
from seawall.review.model import Purpose, Reason, Task
from seawall.serve.web.clauses import asked_for, choices, elsewhere
from seawall.serve.wiring import open_project

SURE_PROFIT = "fraud/scams#c3"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    root = tmp_path_factory.mktemp("choices") / "platform"
    scaffold(root)
    return open_project(root)


def a_task(**more: object) -> Task:
    task = Task(
        task_id="t1",
        queue="scam",
        purpose=Purpose.MACHINE,
        subject=Subject("video", "v1"),
        clause=SURE_PROFIT,
        severity="medium",
        reasons=(Reason("fraud.sure_profit", SURE_PROFIT, "medium"),),
        created=0,
    )
    return msgspec.structs.replace(task, **more)


def decided(*actions: str) -> Decision:
    ground = Ground("fraud.sure_profit", SURE_PROFIT, "medium", "terms")
    return Decision(
        decision_id="d1",
        event_id="e1",
        type="video",
        ts=0,
        actions=tuple(
            Action(axis="visibility", action=each, target="subject", grounds=(ground,)) for each in actions
        ),
    )


def test_rules_come_before_exceptions_and_the_gravest_is_marked(project: Project) -> None:
    found = choices(project, a_task(), None)
    assert [one.clause.exception for one in found] == [False, False, False, True]
    assert [one.digit for one in found] == ["1", "2", "3", "4"]
    assert [one.value for one in found if one.at_issue] == [SURE_PROFIT]


def test_a_market_reads_its_own_clause_with_examples_apart(project: Project) -> None:
    here, there = (
        {one.value: one for one in choices(project, a_task(market=market), None)} for market in ("SG", "MY")
    )
    assert here[SURE_PROFIT].overlay == "SG"
    assert "licence" in here[SURE_PROFIT].text
    assert there[SURE_PROFIT].overlay is None
    assert there["fraud/scams#c1"].examples.startswith('"Send 50 coins')
    assert "Send 50 coins" not in there["fraud/scams#c1"].text


def test_a_blind_task_lists_every_policy_alike(project: Project) -> None:
    task = a_task(purpose=Purpose.RANDOM)
    assert choices(project, task, decided("remove")) == []
    assert [policy.name for policy, _ in elsewhere(project, [], None)] == list(project.policies)


def test_what_machines_asked_for_is_confirmed_but_a_hold_is_not(project: Project) -> None:
    assert asked_for(project, decided("ineligible"), SURE_PROFIT, "MY") == ()
    assert asked_for(project, decided("hold"), SURE_PROFIT, "MY") == ("ineligible",)
    assert asked_for(project, decided("hold"), SURE_PROFIT, "SG") == ("remove",)


def test_another_clause_brings_what_its_own_strategies_ask_for(project: Project) -> None:
    assert asked_for(project, decided("ineligible"), "fraud/scams#c2", "MY") == ("remove", "strike")


def test_a_clause_of_help_brings_help_and_nothing_else(project: Project) -> None:
    helps = next(
        f"{one.policy}#{one.clause}"
        for one in project.strategies.values()
        if any(then.action == "offer_help" for then in one.then)
    )
    assert asked_for(project, None, helps, "MY") == ("offer_help",)
