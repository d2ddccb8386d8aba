"""The project that `seawall init` copies: clean, complete, and made for what the simulator does."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

import seawall.policy
from seawall.core.types import parse_type
from seawall.policy.model import Mode, Project
from seawall.policy.read import load_project, require_project
from seawall.signals.kinds import KINDS
from seawall.simulate.shapes import SHAPES, misfits
from seawall.simulate.stories.table import STORIES

STARTER = Path(seawall.policy.__file__).parent / "starter"


@pytest.fixture(scope="module")
def project() -> Project:
    return require_project(STARTER, kinds=KINDS)


def test_it_checks_without_a_word() -> None:
    _, diagnostics = load_project(STARTER, kinds=KINDS)
    assert [f"{one.span}: {one.message}" for one in diagnostics] == []


def test_it_is_complete(project: Project) -> None:
    assert set(project.events) == {"video", "live_segment", "comment", "account", "report"}
    assert len(project.policies) >= 8
    assert len(project.strategies) >= 25
    assert any(policy.overlays for policy in project.policies.values())
    assert {strategy.mode for strategy in project.strategies.values()} == set(Mode)


def test_every_policy_has_an_exception_and_words_for_each_clause(project: Project) -> None:
    for policy in project.policies.values():
        assert any(clause.exception for clause in policy.clauses.values()), policy.name
        assert all(len(clause.text) > 50 for clause in policy.clauses.values()), policy.name


def test_the_grounds_include_law_in_some_places_and_terms_everywhere(project: Project) -> None:
    grounds = Counter(
        clause.ground for policy in project.policies.values() for clause in policy.clauses.values()
    )
    assert grounds["law"] >= 2
    assert grounds["terms"] > grounds["law"]


def test_a_market_makes_a_clause_a_matter_of_law(project: Project) -> None:
    scams = project.policies["fraud/scams"]
    assert scams.clauses["c3"].ground == "terms"
    assert scams.overlays["SG"]["c3"].ground == "law"


def test_a_person_at_risk_is_never_struck(project: Project) -> None:
    for strategy in project.strategies.values():
        if strategy.policy == "wellbeing/self-harm":
            assert {then.action for then in strategy.then} <= {"offer_help"}, strategy.name


def test_reports_alone_never_touch_what_was_reported(project: Project) -> None:
    for strategy in project.strategies.values():
        if "report" in strategy.on:
            assert all(then.target == "reporter" for then in strategy.then), strategy.name


def test_every_strategy_that_is_not_off_is_named_by_a_test(project: Project) -> None:
    named = {name for case in project.cases for name in case.fired or ()}
    acting = {name for name, strategy in project.strategies.items() if strategy.mode is not Mode.OFF}
    assert acting - named == set()


def test_every_live_strategy_that_acts_on_someone_has_a_test_in_which_it_must_not_fire(
    project: Project,
) -> None:
    spared = {name for case in project.cases for name in case.not_fired}
    silent = {case.events[-1]["type"] for case in project.cases if case.only_fired and not case.fired}
    for name, strategy in project.strategies.items():
        if strategy.mode is Mode.LIVE and strategy.then:
            assert name in spared or silent & set(strategy.on), name


def test_the_simulator_makes_its_events_and_all_of_their_fields(project: Project) -> None:
    assert misfits(project.events) == []
    for name, shape in SHAPES.items():
        declared = project.events[name].fields
        assert {field: str(kind) for field, kind in declared.items()} == {
            field: str(parse_type(kind)) for field, kind in shape.items()
        }


def test_every_story_cites_a_clause_that_a_strategy_enforces(project: Project) -> None:
    enforced = {f"{strategy.policy}#{strategy.clause}" for strategy in project.strategies.values()}
    assert {story.clause for story in STORIES if story.clause} <= enforced


def test_nothing_in_it_leads_to_a_real_place() -> None:
    for path in STARTER.rglob("*"):
        if path.is_file():
            text = path.read_text()
            assert "http" not in text
            assert not [word for word in text.split() if word.endswith((".com", ".net", ".org"))], path
