"""What seawall.yml lets off is let off on every event type it names, as if its file said so."""

from __future__ import annotations

import shutil
from pathlib import Path

from seawall.policy.read import require_project

BASE = Path(__file__).resolve().parents[2] / "golden" / "check" / "base"


def _with(root: Path, allow: str, event: str = "") -> Path:
    shutil.copytree(BASE, root)
    for name, more in (("seawall.yml", allow), ("events/comment.yml", event)):
        path = root / name
        path.write_text(path.read_text("utf-8") + more, "utf-8")
    return root


def test_every_type_is_let_off_unless_some_are_named(tmp_path: Path) -> None:
    drills = "allow:\n  drills:\n    when: source = 'drill'\n"
    allow = f"{drills}  old:\n    on: comment\n    when: account_age_days > 900\n"
    project = require_project(_with(tmp_path / "a", allow))
    assert {name: [each.name for each in event.allow] for name, event in project.events.items()} == {
        "comment": ["drills", "old"],
        "video": ["drills"],
    }


def test_it_is_the_same_project_as_one_whose_events_say_so(tmp_path: Path) -> None:
    said = "allow:\n  old:\n    {on}when: account_age_days > 900\n"
    here = require_project(_with(tmp_path / "a", said.format(on="on: comment\n    ")))
    there = require_project(_with(tmp_path / "b", "", said.format(on="")))
    assert here.version == there.version
