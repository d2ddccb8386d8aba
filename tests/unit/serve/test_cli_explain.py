"""`seawall explain` by id: from what was recorded, by the version that decided."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from seawall.core.errors import EventError, NotFound, UsageError
from seawall.serve.cli.app import build
from seawall.serve.clock import SystemClock
from seawall.store import Store

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "explain"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = Path(shutil.copytree(GOLDEN / "project", tmp_path / "project"))
    events = json.loads((GOLDEN / "cases" / "burst.json").read_text())
    (tmp_path / "ev.jsonl").write_text("".join(json.dumps(event) + "\n" for event in events))
    _run("decide", "--project", root, tmp_path / "ev.jsonl", "-o", tmp_path / "out.jsonl")
    return root


def _run(*words: object) -> str:
    result = CliRunner().invoke(build(), [str(word) for word in words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.stdout


def test_a_decided_event_is_found_by_its_id_and_by_that_of_its_decision(
    project: Path, tmp_path: Path
) -> None:
    by_event = _run("explain", "e2", "--project", project)
    assert "● spam.burst  [live] fired" in by_event
    assert "(run 2" in by_event
    decision = json.loads((tmp_path / "out.jsonl").read_text().splitlines()[1])
    assert _run("explain", decision["decision_id"], "--project", project) == by_event


def test_the_version_that_decided_explains_even_after_the_folder_changed(project: Path) -> None:
    before = _run("explain", "e2", "--project", project)
    strategy = project / "strategies" / "burst.yml"
    strategy.write_text(strategy.read_text().replace("spam_score > 0.5", "spam_score > 0.95"))
    assert _run("explain", "e2", "--project", project) == before


def test_the_document_form_holds_the_same(project: Path) -> None:
    document: dict[str, Any] = json.loads(_run("explain", "e2", "--project", project, "--json"))
    states = {each["strategy"]: each["state"] for each in document["strategies"]}
    assert states["spam.burst"] == "fired"
    assert document["decision"]["fired"] == ["spam.burst"]


def test_after_erasure_it_says_so_and_shows_what_remains(project: Path) -> None:
    [run] = (project / ".seawall" / "runs").iterdir()
    store = Store.open(run, clock=SystemClock(), effects=False)
    assert store.erase(["e2"]) == 1
    store.close()
    said = _run("explain", "e2", "--project", project)
    assert "The event was erased" in said
    assert "feature actor_links_10m = 2" in said
    assert "spam.burst  [live]" not in said
    assert "FREE coins" not in said


def test_one_strategy_can_be_asked_for(project: Path) -> None:
    said = _run("explain", "e2", "--project", project, "--strategy", "spam.young_link")
    assert "spam.young_link" in said
    assert "spam.promo_words" not in said
    with pytest.raises(UsageError, match="does not hold"):
        _run("explain", "e2", "--project", project, "--strategy", "spam.german_law")


def test_what_nobody_decided_is_said_to_be_so(project: Path) -> None:
    with pytest.raises(NotFound, match="no decision on 'e9'"):
        _run("explain", "e9", "--project", project)


def test_a_file_with_an_event_that_does_not_fit_is_refused_by_field(project: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text('{"id": "e1", "type": "comment", "ts": "yesterday"}')
    with pytest.raises(EventError) as caught:
        _run("explain", bad, "--project", project)
    assert caught.value.field == "ts"
