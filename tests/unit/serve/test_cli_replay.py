"""`seawall replay`: the same inputs and version give the same decision."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner

from seawall.core.errors import UsageError
from seawall.serve.cli.app import build
from seawall.serve.clock import SystemClock
from seawall.serve.replay import RecordedInputs
from seawall.serve.wiring import open_project
from seawall.store import Store

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "explain" / "project"
ALL_DAY = ["--from", "2026-03-01T00:00:00Z", "--to", "2026-03-02T00:00:00Z"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = Path(shutil.copytree(GOLDEN, tmp_path / "project"))
    lines = [
        json.dumps(
            {
                "id": f"e{n}",
                "type": "comment",
                "ts": f"2026-03-01T{n // 60:02}:{n % 60:02}:00Z",
                "market": "DE" if n % 3 else "SG",
                "language": "en" if n % 4 else "de",
                "comment_id": f"c{n}",
                "actor_id": f"u{n % 5}",
                "text": "free coins" if n % 2 else "HELLO",
                "link_domain": [None, "shop.example", "fake.example"][n % 3],
                "account_age_days": n % 7,
            }
        )
        for n in range(300)
    ]
    (tmp_path / "ev.jsonl").write_text("\n".join(lines))
    _run("decide", "--project", root, tmp_path / "ev.jsonl", "-o", tmp_path / "out.jsonl")
    return root


def _run(*words: object, status: int = 0) -> str:
    result = CliRunner().invoke(build(), [str(word) for word in words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == status, result.output
    return result.stdout


def test_recorded_inputs_give_the_recorded_decisions(project: Path) -> None:
    assert "300 the same, 0 different" in _run("replay", *ALL_DAY, "--project", project)


def test_inputs_computed_anew_are_the_same_while_nothing_changed(project: Path) -> None:
    assert "300 the same, 0 different" in _run("replay", *ALL_DAY, "--project", project, "--recomputed")


def test_windows_that_began_before_the_range_are_filled(project: Path) -> None:
    middle = ["--from", "2026-03-01T02:00:00Z", "--to", "2026-03-01T03:00:00Z"]
    assert "60 the same, 0 different" in _run("replay", *middle, "--project", project, "--recomputed")


def test_a_changed_condition_is_listed_when_recomputed_but_does_not_change_the_record(project: Path) -> None:
    strategy = project / "strategies" / "young.yml"
    strategy.write_text(strategy.read_text().replace("account_age_days < 3", "account_age_days < 5"))
    said = _run("replay", *ALL_DAY, "--project", project, "--recomputed")
    links = [n for n in range(300) if n % 3 and n % 7 in {3, 4}]
    assert f"{300 - len(links)} the same, {len(links)} different" in said
    assert 'fired: [] -> ["spam.young_link"]' in said
    assert "300 the same, 0 different" in _run("replay", *ALL_DAY, "--project", project)


def test_a_record_that_does_not_follow_from_its_inputs_is_found(project: Path) -> None:
    [run] = (project / ".seawall" / "runs").iterdir()
    store = Store.open(run, clock=SystemClock(), effects=False, read_only=True)
    now = open_project(project)
    inputs = RecordedInputs(lambda version: now, ())
    recorded = [each for each in store.between() if each.decision.fired]
    store.close()
    assert recorded
    for each in recorded:
        assert inputs.replay(each).difference is None
        forged: Any = msgspec.structs.replace(each.decision, fired=())
        difference = inputs.replay(msgspec.structs.replace(each, decision=forged)).difference
        assert difference is not None
        assert list(difference.fields) == ["fired"]


def test_erased_events_are_counted_not_replayed(project: Path) -> None:
    [run] = (project / ".seawall" / "runs").iterdir()
    store = Store.open(run, clock=SystemClock(), effects=False)
    store.erase(["e7"])
    store.close()
    said = _run("replay", *ALL_DAY, "--project", project)
    assert "299 the same, 0 different, 1 not replayed" in said


def test_a_range_that_ends_before_it_begins_is_refused(project: Path) -> None:
    with pytest.raises(UsageError, match="not before"):
        _run("replay", "--from", "2026-03-02T00:00:00Z", "--to", "2026-03-01T00:00:00Z", "--project", project)
