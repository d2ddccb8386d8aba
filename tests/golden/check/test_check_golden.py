"""Small broken projects, and what `seawall check` says about each.

A case is a folder: files of its `project/` replace those of `base/`; `expected.txt` is all of its output.
SEAWALL_REGENERATE=1 writes the expected files anew; read the difference before it is committed.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from seawall.policy.codes import GROUPS
from seawall.serve.cli.app import build

HERE = Path(__file__).parent
CASES = sorted(
    path.name for path in HERE.iterdir() if path.is_dir() and path.name not in ("base", "__pycache__")
)
ELSEWHERE = {  # groups and codes whose cases are not text, or which other suites own
    "no-project",
    "leaves-folder",
    "unreadable",
}


def said(project: Path) -> str:
    result = CliRunner().invoke(build(), ["check", str(project)], catch_exceptions=False)
    assert result.exit_code == (1 if ": error: " in result.stdout else 0)
    return result.stdout.replace(f"{project}/", "").replace(str(project), "PROJECT")


@pytest.mark.parametrize("case", CASES)
def test_check_says(case: str, tmp_path: Path) -> None:
    shutil.copytree(HERE / "base", tmp_path, dirs_exist_ok=True)
    if (HERE / case / "project").is_dir():
        shutil.copytree(HERE / case / "project", tmp_path, dirs_exist_ok=True)
    expected = HERE / case / "expected.txt"
    actual = said(tmp_path)
    if os.environ.get("SEAWALL_REGENERATE"):
        expected.write_text(actual, "utf-8")
    assert actual == expected.read_text("utf-8")


def test_every_code_of_the_project_files_has_a_case() -> None:
    seen = "".join((HERE / case / "expected.txt").read_text("utf-8") for case in CASES)
    ours = {code for group in GROUPS if group not in ("Conditions", "Signals") for code in GROUPS[group]}
    constant = {"always-true", "always-false", "computed-in-filter", "cycle", "language-outside-signal"}
    assert not sorted(code for code in (ours | constant) - ELSEWHERE if f"[{code}]" not in seen)


def test_what_is_whole_has_nothing_said_about_it() -> None:
    assert (HERE / "whole" / "expected.txt").read_text("utf-8") == "13 files: no errors\n"
