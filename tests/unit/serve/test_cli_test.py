"""`seawall test`: what a failing test shows, and what no test exercises."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from seawall.serve.cli.app import build

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "explain" / "project"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return Path(shutil.copytree(GOLDEN, tmp_path / "project"))


def _run(project: Path, *words: str, status: int = 0) -> str:
    result = CliRunner().invoke(build(), ["test", str(project), *words])
    assert result.exit_code == status, result.output
    return result.stdout


def test_a_project_whose_tests_pass_says_what_they_leave_out(project: Path) -> None:
    said = _run(project)
    assert "no test exercises these strategies: spam.german_law" in said
    assert "no test exercises these clauses: spam#c2" in said
    assert said.endswith("3 passed, 0 failed\n")


def test_a_failing_test_shows_expectation_outcome_and_the_strategy_behind(project: Path) -> None:
    tests = project / "tests" / "more.yml"
    tests.write_text(
        "tests:\n"
        "  - name: a single link is removed\n"
        "    event: {type: comment, comment_id: c1, actor_id: u1, text: hi, link_domain: shop.example}\n"
        "    expect: {action: remove, review: [spam], fired: [spam.burst], not_fired: [spam.promo_words]}\n"
    )
    said = _run(project, status=1)
    assert f"FAILED {project}/tests/more.yml:2:11: a single link is removed" in said
    assert "  action\n    - remove\n    + allow\n" in said
    assert "  review\n    - spam\n    + none\n" in said
    assert "  fired\n    - spam.burst\n    + not fired\n      ○ spam.burst" in said
    assert "○ actor_links_10m >= 2   [actor_links_10m = 1]" in said
    assert "3 passed, 1 failed" in said


def test_an_event_that_does_not_fit_fails_its_test_and_no_other(project: Path) -> None:
    (project / "tests" / "more.yml").write_text(
        "tests:\n  - name: misfit\n"
        "    event: {type: comment, comment_id: c1, actor_id: u1, text: hi, tz: Mars/Olympus}\n"
        "    expect: {action: allow}\n"
    )
    said = _run(project, status=1)
    assert "+ tz is no time zone" in said
    assert "3 passed, 1 failed" in said


def test_given_features_and_signals_stand_in_for_computed_ones(project: Path) -> None:
    (project / "tests" / "more.yml").write_text(
        "tests:\n"
        "  - name: stand-ins\n"
        "    event: {type: comment, comment_id: c1, actor_id: u1, text: hi, link_domain: x.example}\n"
        "    features: {actor_links_10m: 9}\n"
        "    signals: {spam_score: 0.9}\n"
        "    expect: {actions: [strike, remove], fired: [spam.burst]}\n"
    )
    assert "4 passed" in _run(project)


def test_only_fired_names_what_fired_too(project: Path) -> None:
    (project / "tests" / "more.yml").write_text(
        "tests:\n"
        "  - name: nothing fires\n"
        "    event: {type: comment, comment_id: c1, actor_id: u1, text: free coins, language: en}\n"
        "    expect: {fired: [], only_fired: true}\n"
    )
    said = _run(project, status=1)
    assert "only_fired\n    - none\n    + spam.promo_words fired too" in said


def test_some_tests_can_be_picked_by_name(project: Path) -> None:
    assert _run(project, "--match", "promotion") == "1 passed, 0 failed\n"
