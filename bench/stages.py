"""Microseconds of processor time per event and stage, in one process, durable."""

# ruff: noqa: SLF001 -- it watches the inner stages, which nobody else may know
from __future__ import annotations

import functools
import gc
import io
import tempfile
import time
from pathlib import Path
from typing import Any

from seawall.core.compiler import compiled
from seawall.ingest import Intake
from seawall.ingest.scanned import ScannedRows
from seawall.ingest.take_lines import LineIntake
from seawall.serve.bulk import judge as judging
from seawall.serve.bulk.piece import Piece
from seawall.serve.bulk.stream import Outlet, decide_lines
from seawall.serve.clock import SystemClock
from seawall.serve.wiring import open_project
from seawall.serve.worker import Worker
from seawall.store import Store


class Stages:
    """Time by stage; a stage within a stage is taken from it."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._inside: list[float] = []

    def watch(self, owner: Any, name: str, stage: str) -> None:
        """Count the calls of one function as a stage."""
        work = getattr(owner, name)

        @functools.wraps(work)
        def timed(*args: Any, **more: Any) -> Any:
            began = time.process_time()
            self._inside.append(0.0)
            try:
                return work(*args, **more)
            finally:
                whole = time.process_time() - began
                own = whole - self._inside.pop()
                self.seconds[stage] = self.seconds.get(stage, 0.0) + own
                if self._inside:
                    self._inside[-1] += whole

        setattr(owner, name, timed)


def stages(project_folder: Path, data: bytes) -> tuple[dict[str, float], float]:
    """Microseconds per event by stage, and of all of it."""
    project, clock, events = open_project(project_folder), SystemClock(), data.count(b"\n")
    gc.set_threshold(1_000_000, 50, 100)
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder), clock=clock, effects=False)
        worker = Worker(project, store=store, clock=None, warm=False)
        judge, sequencer = worker.bulk(store, LineIntake(Intake(project), many=1), many=1)
        found = Stages()
        intake = judge._intake
        found.watch(intake, "_scan", "decode, validate and canonical form, by scan")
        found.watch(ScannedRows, "_hashed", "digest")
        found.watch(intake, "_decode", "decode")
        for form in intake._forms.values():
            found.watch(form, "settle", "validate")
        found.watch(intake, "_rows", "canonical form and digest")
        found.watch(Piece, "leave_repeats", "repeats")
        found.watch(sequencer, "decided", "repeats")
        found.watch(Piece, "ask", "keys, columns and requests of features")
        found.watch(sequencer, "count", "features")
        found.watch(judging, "merge", "features")
        for name, program in judge._programs.items():
            judge._programs[name] = _Watched(found, program)
        found.watch(judging, "identify", "decision ids and audit draw")
        for typed in judge._typed.values():
            plain = typed.plain
            found.watch(plain, "write", "decisions by outcome: line and record")
            found.watch(typed, "numbers", "outcomes")
        if (writing := compiled("seawall.serve.bulk.write")) is not None:
            found.watch(writing, "write_rows", "decisions by outcome: line and record")
        found.watch(judge, "_decide_cases", "cases: cascade, decision, line and record")
        found.watch(store._decisions.payloads, "write_all", "journal of events, fdatasync")
        found.watch(store, "record_all", "journal of decisions, index, fdatasync")
        out = io.BytesIO()
        outlet = Outlet(sequencer, emit=out.write, bury=lambda _: None, progress=lambda _: None)
        found.watch(outlet, "tell", "out")
        began = time.process_time()
        decide_lines(
            io.BytesIO(data), judge=judge, sequencer=sequencer, outlet=outlet, clock=clock, timed=False,
            turn=lambda: worker.turn(at=clock.now()),
        )  # fmt: skip
        whole = time.process_time() - began
        worker.close()
        store.close()
    per = {stage: seconds / events * 1e6 for stage, seconds in found.seconds.items()}
    per["everything else"] = whole / events * 1e6 - sum(per.values())
    return per, whole / events * 1e6


class _Watched:
    """A column program whose calls are a stage."""

    def __init__(self, stages: Stages, program: Any) -> None:
        self.reads = program.reads
        self._run = program.__call__
        stages.watch(self, "_run", "rules")

    def __call__(self, *args: Any, **more: Any) -> Any:
        return self._run(*args, **more)
