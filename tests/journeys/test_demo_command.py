"""`seawall demo`: a day that is decided, a way in for every role, stories that end on a page."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from seawall.core.clock import FixedClock
from seawall.policy.scaffold import scaffold
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


def _rows(folder: Path, query: str, database: str = "ledger.db") -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(folder / ".seawall" / database)) as connection:
        return connection.execute(query).fetchall()


def _count(folder: Path, query: str, database: str = "ledger.db") -> int:
    return _rows(folder, query, database)[0][0]


def _decisions(demo: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (demo / "decisions.jsonl").read_text().splitlines()]


def _pages(folder: Path) -> dict[str, list[str]]:
    """The paths of each story's pages, in the order of the guide."""
    kept = json.loads((folder / ".seawall" / "demo" / "stories.json").read_text())["pages"]
    return {page["story"]: [step["path"] for step in page["steps"]] for page in kept}


def test_it_says_what_it_makes_and_how_every_role_signs_in(made: tuple[Path, str]) -> None:
    _, said = made
    assert "made the safety project" in said
    assert f"decided {EVENTS:,} events" in said
    assert set(_sign_ins(said)) == set(Role)
    assert "Key for the HTTP API (shown once): swk_" in said


def test_every_event_is_decided_in_the_journal_and_every_storys_page_is_there(made: tuple[Path, str]) -> None:
    folder, said = made
    pages = _pages(folder)
    assert next(iter(pages)) == "asking_first"
    assert {"cry_for_help", "brigade", "everyday", "unsupported_language"} <= set(pages)
    project = open_project(folder)
    store = open_store(project, folder, Settings(), clock=FixedClock(2**50))
    try:
        assert store.lag == 0
        for path in [path for paths in pages.values() for path in paths]:
            kind, _, name = path.strip("/").partition("/")
            assert path in said or kind in {"n", "platform:"}
            if kind == "strategies":
                assert name in project.strategies
            elif kind == "decisions":
                assert store.find(name) is not None
    finally:
        store.close()


def test_the_platform_has_what_holds_and_has_told_people(made: tuple[Path, str]) -> None:
    folder, _ = made
    states = dict(_rows(folder, "SELECT state, count(*) FROM outbox GROUP BY state"))
    assert set(states) <= {"sent", "superseded"}
    holds = "SELECT count(*) FROM {} WHERE action IS NOT NULL"
    assert _count(folder, holds.format("effects"), "demo/platform.db") == _count(
        folder, holds.format("holding")
    )
    told = _count(folder, "SELECT count(*) FROM words WHERE kind = 'notice'", "demo/platform.db")
    assert told == _count(folder, "SELECT count(*) FROM notices") > 0


def test_people_look_as_the_day_goes_and_leave_something_for_whoever_opens_it(
    made: tuple[Path, str],
) -> None:
    folder, said = made
    verdicts = int(re.findall(r"([\d,]+) verdicts by people", said)[0].replace(",", ""))
    assert verdicts == _count(folder, "SELECT count(*) FROM verdicts WHERE settled IS NOT NULL") > 0
    early = "SELECT count(*) FROM verdicts JOIN tasks USING (task_id) WHERE decided_at <= created"
    assert _count(folder, early) == 0
    assert _count(folder, "SELECT count(*) FROM tasks WHERE state = 'waiting'") > 0


def test_somebody_who_only_asked_is_told_in_malay_appeals_and_is_restored(made: tuple[Path, str]) -> None:
    folder, _ = made
    truths = (folder / ".seawall" / "demo" / "truth.jsonl").read_text().splitlines()
    asked = next(one["event_id"] for one in map(json.loads, truths) if one["story"] == "asking_first")
    ((notice, locale, reviewer, outcome),) = _rows(
        folder,
        "SELECT notice_id, locale, reviewer, appeals.outcome FROM notices JOIN appeals USING (notice_id)"
        f" JOIN verdicts USING (verdict_id) WHERE event_id = '{asked}'",
    )
    assert (locale, outcome) == ("ms", "overturned")
    assert reviewer
    stands = (
        f"SELECT count(*) FROM grounds WHERE event_id = '{asked}'"
        " AND ground_id NOT IN (SELECT ground_id FROM falls)"
    )
    assert _count(folder, stands) == 0
    told = _rows(folder, "SELECT body FROM words WHERE kind = 'notice'", "demo/platform.db")
    mine = [json.loads(body) for (body,) in told if notice in body]
    assert "/n/" in mine[0]["link"]


def test_the_honest_failure_is_a_decision_that_says_it_could_not_read(made: tuple[Path, str]) -> None:
    folder, _ = made
    demo = folder / ".seawall" / "demo"
    (path,) = _pages(folder)["unsupported_language"]
    decision = next(one for one in _decisions(demo) if path.endswith(one["decision_id"]))
    assert decision["action"] == "allow"
    assert decision["signals"]["scam_score"]["null"] == "unsupported_language"
    assert decision["shadow"] == ["fraud.unscored_link"]


def test_run_again_it_reuses_what_is_there_and_renews_the_passwords(made: tuple[Path, str]) -> None:
    folder, first = made
    before = (folder / ".seawall" / "demo" / "decisions.jsonl").read_bytes()
    again = _demo(folder)
    assert "reuses the safety project" in again
    assert f"reuses the day of {EVENTS:,} events" in again
    assert "reuses the day as it was lived" in again
    assert (folder / ".seawall" / "demo" / "decisions.jsonl").read_bytes() == before
    assert not set(_sign_ins(first).values()) & set(_sign_ins(again).values())


def test_interrupted_before_the_guide_it_lives_the_same_day_again_without_doubling(
    made: tuple[Path, str],
) -> None:
    folder, _ = made
    demo = folder / ".seawall" / "demo"
    ids = [one["event_id"] for one in _decisions(demo)]
    (demo / "stories.json").unlink()
    said = _demo(folder)
    assert f"decided {EVENTS:,} events" in said
    assert [one["event_id"] for one in _decisions(demo)] == ids
    assert _count(folder, "SELECT count(*) FROM releases") == 2


def test_data_that_no_demo_made_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "platform"
    scaffold(folder)
    (folder / ".seawall").mkdir()
    (folder / ".seawall" / "ledger.db").write_bytes(b"somebody's")
    for more in ((), ("--fresh",)):
        result = CliRunner().invoke(build(), ["demo", "--dir", str(folder), "--no-serve", *more])
        assert "data that no demo made" in str(result.exception)
    assert (folder / ".seawall" / "ledger.db").read_bytes() == b"somebody's"


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    result = CliRunner().invoke(build(), ["demo", "--dir", str(tmp_path), "--no-serve"])
    assert result.exit_code != 0
    assert "is not empty" in str(result.exception)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
