"""Several processes decide as one does; one that is killed stops the run, and nothing told is lost."""

from __future__ import annotations

import io
import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from seawall.core.clock import FixedClock
from seawall.core.errors import Stopped
from seawall.decide.model import Sample
from seawall.ingest import Intake
from seawall.ingest.read_lines import read_lines
from seawall.ingest.take_lines import LineIntake
from seawall.policy.model import Then
from seawall.serve.bulk.process import Setup
from seawall.serve.bulk.processes import Judges, decide_apart
from seawall.serve.bulk.stream import Outlet, decide_pieces
from seawall.serve.worker import Worker
from seawall.store import Store
from seawall.testing import projects
from seawall.testing.signals import TEST_KINDS, scripted_kinds

NOW = 1_772_000_000_000_000
PROJECT = projects.project(
    strategies=[
        projects.strategy("burst", "seen >= 3 AND risk > 0.5", Then(action="remove", target="subject")),
        projects.strategy("many", "others >= 2", Then(action="label", target="subject")),
    ],
    features=[
        projects.feature("seen"),
        projects.feature("others", ("link_domain",), function="count_distinct", argument="actor_id"),
    ],
    signals=[projects.signal("risk")],
)
SAMPLE = Sample(0.1, "salt")


def _input(count: int = 400) -> bytes:
    lines: list[bytes] = []
    for n in range(count):
        record = {
            "id": f"e{n if n % 17 else n // 2}",  # some come again, with the same content or another
            "type": "comment",
            "ts": f"2026-02-01T10:{n // 60:02}:{n % 60:02}Z",
            "comment_id": f"c{n}",
            "actor_id": f"u{n % 7}",
            "text": f"risk=0.{n % 10}",
            "link_domain": f"d{n % 5}.example" if n % 3 else None,
            "strange": n,
        }
        lines.append(json.dumps(record).encode() if n % 31 else b"{")
        if n % 29 == 0:
            lines.append(lines[len(lines) // 2])
    return b"\n".join(lines)


class Told:
    def __init__(self, folder: Path) -> None:
        self.clock = FixedClock(NOW)
        self.store = Store.open(folder, clock=self.clock, effects=False)
        self.worker = Worker(
            PROJECT, store=self.store, clock=None, warm=False, kinds=TEST_KINDS, sample=SAMPLE
        )
        self.intake = Intake(PROJECT)
        self.judge, self.sequencer = self.worker.bulk(self.store, LineIntake(self.intake, many=0, few=0))
        self.out, self.letters = list[bytes](), list[Any]()
        self.after = lambda: None
        self.outlet = Outlet(
            self.sequencer,
            emit=lambda some: self.out.append(bytes(some)),
            bury=self.letters.append,
            progress=lambda _: self.after(),
        )

    def alone(self, data: bytes, size: int) -> None:
        decide_pieces(
            read_lines(io.BytesIO(data), size=size), judge=self.judge, sequencer=self.sequencer,
            outlet=self.outlet, clock=self.clock, timed=False, turn=lambda: self.worker.turn(at=NOW),
        )  # fmt: skip

    def apart(self, data: bytes, size: int, judges: Judges) -> None:
        decide_apart(
            read_lines(io.BytesIO(data), size=size), judges=judges, sequencer=self.sequencer,
            outlet=self.outlet, intake=self.intake, clock=self.clock, timed=False,
        )  # fmt: skip

    def kept(self) -> list[Any]:
        return [(one.event, one.decision) for one in self.store.between()]

    def close(self) -> None:
        self.worker.close()
        self.store.close()


def _judges() -> Judges:
    return Judges(Setup(PROJECT, Worker(PROJECT, store=None, clock=None, kinds=TEST_KINDS).in_force,
                        sample=SAMPLE, kinds=scripted_kinds, many=0), count=2)  # fmt: skip


def test_two_processes_decide_as_one(tmp_path: Path) -> None:
    data, one, two = _input(), Told(tmp_path / "one"), Told(tmp_path / "two")
    one.alone(data, 4_000)
    with _judges() as judges:
        two.apart(data, 4_000, judges)
    assert b"".join(two.out) == b"".join(one.out)
    assert two.letters == one.letters
    assert two.kept() == one.kept()
    assert two.intake.ignored == one.intake.ignored
    assert two.outlet.tally == one.outlet.tally
    assert one.outlet.tally.repeated > 3  # or this would show little
    assert {"remove", "label"} <= one.outlet.tally.actions.keys()
    one.close()
    two.close()


def test_a_killed_process_stops_the_run_and_nothing_told_is_lost(tmp_path: Path) -> None:
    told = Told(tmp_path)
    with _judges() as judges:
        told.after = lambda: os.kill(judges.pids[1], signal.SIGKILL)
        with pytest.raises(Stopped, match=str(judges.pids[1])):
            told.apart(_input(4_000), 4_000, judges)
    lines = b"".join(told.out).splitlines()
    assert lines
    told.close()
    again = Store.open(tmp_path, clock=FixedClock(NOW), effects=False)
    kept = {one.decision.decision_id for one in again.between()}
    assert {json.loads(line)["decision_id"] for line in lines} <= kept
    again.close()
