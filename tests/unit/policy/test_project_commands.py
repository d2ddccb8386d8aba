from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from seawall.core.errors import NotFound
from seawall.policy.schema import FILE_KINDS
from seawall.serve.cli.app import build

BASE = Path(__file__).resolve().parents[2] / "golden" / "check" / "base"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(build(), [str(each) for each in arguments], catch_exceptions=False)


def test_json_has_every_diagnostic_with_its_place(tmp_path: Path) -> None:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    (tmp_path / "queues" / "spam.yml").write_text("queue: spam\ntitle: Spam\nroles: boss\nsla: 4h\n")
    result = run("check", tmp_path, "--format", "json")
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {
        "errors": 1,
        "warnings": 0,
        "files": 13,
        "diagnostics": [
            {
                "file": "queues/spam.yml",
                "line": 3,
                "column": 8,
                "end_column": 12,
                "severity": "error",
                "code": "bad-value",
                "message": "'boss' is not a role",
                "hint": "one of: "
                "admin, analyst, auditor, lead, legal, moderator, policy_manager, quality and 1 more",
            }
        ],
    }


def test_warnings_alone_are_no_failure(tmp_path: Path) -> None:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    (tmp_path / "lists" / "quiet.txt").write_text("word\n")
    result = run("check", tmp_path)
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, "14 files: no errors, 1 warning")


def test_paths_can_be_opened_from_where_the_command_was_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(BASE, tmp_path / "mine")
    (tmp_path / "mine" / "queues" / "spam.yml").write_text("queue: spam\n")
    monkeypatch.chdir(tmp_path)
    assert run("check", "mine").stdout.startswith("mine/queues/spam.yml:1:1: error: ")
    monkeypatch.chdir(tmp_path / "mine")
    assert run("check").stdout.startswith("queues/spam.yml:1:1: error: ")


def test_three_hundred_errors_are_all_said(tmp_path: Path) -> None:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    for number in range(300):
        (tmp_path / "queues" / f"q{number}.yml").write_text(
            f"queue: q{number}\ntitle: Q\nroles: lead\nsla: soon\n"
        )
    result = run("check", tmp_path)
    assert result.stdout.count(": error: ") == 300
    assert result.stdout.splitlines()[-1] == "313 files: 300 errors"


def test_a_schema_of_every_kind_can_be_printed_and_written(tmp_path: Path) -> None:
    everything = json.loads(run("schema").stdout)
    assert list(everything) == [kind.name for kind in FILE_KINDS]
    strategy = json.loads(run("schema", "strategy").stdout)
    assert strategy == everything["strategy"]
    assert strategy["properties"]["mode"]["enum"] == ["off", "shadow", "live"]
    run("schema", "-o", tmp_path / "schemas")
    assert json.loads((tmp_path / "schemas" / "strategy.schema.json").read_text()) == strategy
    with pytest.raises(NotFound, match="no kind of file 'stratgy'"):
        run("schema", "stratgy")


def test_a_new_project_says_what_to_do_next_and_checks(tmp_path: Path) -> None:
    made = run("init", tmp_path / "new")
    assert f"seawall check {tmp_path / 'new'}" in made.stdout
    checked = run("check", tmp_path / "new")
    assert (checked.exit_code, checked.stdout.count("\n")) == (0, 1), checked.stdout
