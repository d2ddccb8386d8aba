"""Every command of every tutorial runs, and says what the page says it says.

A block fenced `sh` is run as it stands, one folder per page. A block fenced `text` right after it is what it
prints: every line, in order, where an ellipsis stands for whatever may differ. A comment `exit: N` before a
block is the status it ends with.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
TUTORIALS = sorted((ROOT / "docs" / "tutorials").glob("*.md"))
BLOCK = re.compile(
    r"(?:<!-- exit: (?P<exit>\d+) -->\n+)?^(?P<fence>`{3,})sh\n(?P<commands>.*?)^(?P=fence)$"
    r"(?:\n\n```text\n(?P<output>.*?)^```$)?",
    re.DOTALL | re.MULTILINE,
)


class Step(NamedTuple):
    commands: str
    output: list[str]
    exit: int


def _steps(page: str) -> list[Step]:
    return [
        Step(found["commands"], (found["output"] or "").splitlines(), int(found["exit"] or 0))
        for found in BLOCK.finditer(page)
    ]


def _run(commands: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "200",
        "NO_COLOR": "1",
    }
    return subprocess.run(
        ["bash", "-eu", "-c", commands],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=240,
    )


def _missing(expected: list[str], said: str) -> str | None:
    """The first expected line that does not come, in order; None if all do."""
    lines = iter(said.splitlines())
    for want in filter(str.strip, expected):
        pattern = re.compile(r"\s*" + re.escape(want.strip()).replace("…", ".*") + r"\s*")
        if not any(pattern.fullmatch(line) for line in lines):
            return want
    return None


@pytest.mark.parametrize("page", TUTORIALS, ids=lambda page: page.stem)
def test_every_command_of_a_tutorial_does_what_the_page_says(page: Path, tmp_path: Path) -> None:
    text = page.read_text()
    folder = tmp_path / "checkout"
    folder.mkdir()
    if "../shared/data" in text:
        if not (SHARED / "data").is_dir():
            pytest.skip(f"{page.name}: no public data in ../shared/data beside the checkout")
        (tmp_path / "shared").symlink_to(SHARED)
    steps = _steps(text)
    assert len(steps) == len(re.findall(r"^`{3,}sh$", text, re.MULTILINE)) > 3
    for step in steps:
        done = _run(step.commands, folder)
        assert done.returncode == step.exit, f"{step.commands}\nended with {done.returncode}:\n{done.stdout}"
        missing = _missing(step.output, done.stdout)
        assert missing is None, f"{step.commands}\ndid not say {missing!r}:\n{done.stdout}"


def test_a_line_that_does_not_come_is_noticed() -> None:
    assert _missing(["one", "t…e"], "one\ntwo\nthree\n") is None
    assert _missing(["three", "one"], "one\ntwo\nthree\n") == "one"
    assert _missing(["four"], "one\n") == "four"
