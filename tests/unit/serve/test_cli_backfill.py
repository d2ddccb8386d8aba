"""`seawall backfill` completes what a release brought, and the version of decisions says from when on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from door_fixtures import NOON, comment, open_small, write_project
from typer.testing import CliRunner

from seawall.core.clock import format_time
from seawall.core.decision import Decision
from seawall.serve.backfill import FILLED
from seawall.serve.cli.app import build
from seawall.serve.judge import Incoming
from seawall.serve.process import open_live
from seawall.serve.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from seawall.serve.live import Live

SEEN = "features:\n  seen:\n    on: comment\n    value: count(*)\n    by: actor_id\n    over: 10 minutes\n"


def _said(root: Path) -> str:
    result = CliRunner().invoke(build(), ["backfill", "--project", str(root)], catch_exceptions=False)
    return " ".join(result.output.split())


def _decide(live: Live, number: int, *, at: int) -> Decision:
    [answer] = live.submit([Incoming(comment(number, ts=format_time(at)))]).result(timeout=20)
    assert isinstance(answer, Decision)
    return answer


def test_it_counts_for_the_version_in_force_and_a_start_finds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEAWALL_MIN_FREE_BYTES", "0")
    live, clock = open_small(tmp_path)
    live.start()
    _decide(live, 0, at=NOON - 3_600_000_000)
    for number in range(1, 4):
        _decide(live, number, at=clock.now())
    assert _said(tmp_path) == "a server is running, and every feature of the version in force is complete"
    live.stop()
    write_project(tmp_path, **{"features/seen.yml": SEEN})
    done = CliRunner().invoke(build(), ["release", "--project", str(tmp_path)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert _said(tmp_path) == "complete: seen"
    assert _said(tmp_path) == "every feature is complete; nothing was counted"

    clock.micros = NOON + 1_000_000_000 // 10
    again = open_live(tmp_path, Settings(min_free_bytes=0), clock=clock)
    again.start()
    decided = _decide(again, 9, at=clock.now())
    records = [control for _, control in again.store.controls()]
    again.stop()
    assert decided.features["seen"].value == 4
    assert [record.kind for record in records] == [FILLED]
    assert records[0].reason == "complete from the journal: seen"
    assert decided.effective_version != decided.project_version


def test_there_must_be_a_journal(tmp_path: Path) -> None:
    write_project(tmp_path)
    result = CliRunner().invoke(build(), ["backfill", "--project", str(tmp_path)])
    assert "nothing was decided" in str(result.exception)
