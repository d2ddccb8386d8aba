"""`seawall demo`: a day that is decided, a way in for every role, stories that end on a page."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from seawall.core.clock import FixedClock
from seawall.serve.auth.roles import Role
from seawall.serve.cli.app import build
from seawall.serve.settings import Settings
from seawall.serve.wiring import open_project, open_store

EVENTS = 2_000


def _demo(folder: Path, *more: str) -> str:
    result = CliRunner().invoke(
        build(), ["demo", "--dir", str(folder), "--events", str(EVENTS), "--no-serve", *more]
    )
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("demo") / "project"
    return folder, _demo(folder)


def _sign_ins(said: str) -> dict[str, str]:
    return dict(re.findall(r"^\s+([a-z_]+)\s+([0-9a-z]{4}(?:-[0-9a-z]{4}){4})\s*$", said, re.MULTILINE))


def _decisions(demo: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (demo / "decisions.jsonl").read_text().splitlines()]


def test_it_says_what_it_makes_and_how_every_role_signs_in(made: tuple[Path, str]) -> None:
    _, said = made
    assert "made the safety project" in said
    assert f"decided {EVENTS:,} events" in said
    assert set(_sign_ins(said)) == set(Role)
    assert "Key for the HTTP API (shown once): swk_" in said


def test_every_event_is_decided_in_the_journal_and_every_storys_page_is_there(made: tuple[Path, str]) -> None:
    folder, said = made
    pages = json.loads((folder / ".seawall" / "demo" / "stories.json").read_text())["pages"]
    assert pages[0]["story"] == "double_your_coins"
    assert pages[1]["story"] == "unsupported_language"
    assert len(pages) >= 5
    project = open_project(folder)
    store = open_store(project, folder, Settings(), clock=FixedClock(2**50))
    try:
        assert store.lag == 0
        for page in pages:
            assert page["path"] in said
            kind, _, name = page["path"].strip("/").partition("/")
            assert (name in project.strategies) if kind == "strategies" else store.find(name) is not None
    finally:
        store.close()


def test_the_honest_failure_is_a_decision_that_says_it_could_not_read(made: tuple[Path, str]) -> None:
    folder, _ = made
    demo = folder / ".seawall" / "demo"
    page = json.loads((demo / "stories.json").read_text())["pages"][1]
    decision = next(one for one in _decisions(demo) if page["path"].endswith(one["decision_id"]))
    assert decision["action"] == "allow"
    assert decision["signals"]["scam_score"]["null"] == "unsupported_language"
    assert decision["shadow"] == ["fraud.unscored_link"]


def test_run_again_it_reuses_what_is_there_and_renews_the_passwords(made: tuple[Path, str]) -> None:
    folder, first = made
    before = (folder / ".seawall" / "demo" / "decisions.jsonl").read_bytes()
    again = _demo(folder)
    assert "reuses the safety project" in again
    assert f"reuses the day of {EVENTS:,} events" in again
    assert "reuses their decisions" in again
    assert (folder / ".seawall" / "demo" / "decisions.jsonl").read_bytes() == before
    assert not set(_sign_ins(first).values()) & set(_sign_ins(again).values())


def test_interrupted_before_the_guide_it_decides_the_same_day_again_without_doubling(
    made: tuple[Path, str],
) -> None:
    folder, _ = made
    demo = folder / ".seawall" / "demo"
    ids = [one["decision_id"] for one in _decisions(demo)]
    (demo / "stories.json").unlink()
    said = _demo(folder)
    assert f"decided {EVENTS:,} events" in said
    assert [one["decision_id"] for one in _decisions(demo)] == ids


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    result = CliRunner().invoke(build(), ["demo", "--dir", str(tmp_path), "--no-serve"])
    assert result.exit_code != 0
    assert "is not empty" in str(result.exception)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
