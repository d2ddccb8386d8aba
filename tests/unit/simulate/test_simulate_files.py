"""The files a simulated day is written to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from seawall.simulate.rhythm import HOUR, Period
from seawall.simulate.write import write_day

if TYPE_CHECKING:
    from pathlib import Path

DAY = Period(1_767_571_200_000_000, 24 * HOUR)


def test_events_and_truth_have_as_many_lines_and_progress_adds_up(tmp_path: Path) -> None:
    events, truth, told = tmp_path / "day.jsonl", tmp_path / "truth.jsonl", []
    write_day(DAY, events=2_345, seed=1, output=events, truth=truth, progress=told.append)
    assert len(events.read_bytes().splitlines()) == len(truth.read_bytes().splitlines()) == sum(told) == 2_345
    assert sorted(path.name for path in tmp_path.iterdir()) == ["day.jsonl", "truth.jsonl"]


def test_a_file_has_its_name_only_when_it_is_whole(tmp_path: Path) -> None:
    events = tmp_path / "day.jsonl"
    events.write_text("of yesterday\n")

    def stop(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_day(DAY, events=5_000, seed=1, output=events, truth=tmp_path / "truth.jsonl", progress=stop)
    assert events.read_text() == "of yesterday\n"
    assert not (tmp_path / "truth.jsonl").exists()
