"""Every record of an input decided, in the way that is fastest for it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from seawall.core.errors import UsageError
from seawall.ingest import read
from seawall.ingest.read_lines import read_lines
from seawall.ingest.take_lines import MANY, LineIntake
from seawall.serve.bulk.processes import Judges, decide_apart
from seawall.serve.bulk.stream import Outlet, decide_lines
from seawall.serve.stream import decide_stream

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import ExitStack

    from seawall.core.clock import Clock
    from seawall.ingest import DeadLetter, Intake, Mapping
    from seawall.serve.stream import Tally
    from seawall.serve.worker import Worker
    from seawall.store import Store

_LARGE = 64 * 2**20


class Given(NamedTuple):
    """What is to be decided: where it lies, in which format, and what the options say about it."""

    source: str
    kind: str
    mapping: Mapping | None
    encoding: str | None
    workers: int | None

    @property
    def large(self) -> bool:
        """Whether it is worth starting processes and loading a compiler; a pipe does not say."""
        return self.source != "-" and Path(self.source).stat().st_size >= _LARGE

    @property
    def processes(self) -> int:
        """How many judge."""
        return self.workers or ((os.cpu_count() or 1) if self.large else 1)

    @property
    def many(self) -> int:
        """Lines after which it pays to load what is compiled."""
        return 1 if self.large or self.processes > 1 else MANY


class Opened(NamedTuple):
    """Where it is recorded and who decides.

    Attributes:
        store: where.
        worker: who.
        run_id: of a run that causes no effects.
        kinds: gives the detectors there are to another process.
        timed: whether `decided_at` is the clock's.
    """

    store: Store
    worker: Worker
    run_id: str | None
    kinds: Callable[[], Any]
    timed: bool


class Telling(NamedTuple):
    """Who is told: of decisions, of what was refused, and how many records are done."""

    emit: Callable[[Any], object]
    bury: Callable[[DeadLetter], object]
    progress: Callable[[int], object]


def decide_all(
    stack: ExitStack,
    given: Given,
    stream: BinaryIO,
    opened: Opened,
    told: Telling,
    *,
    intake: Intake,
    clock: Clock,
) -> Tally:
    """Decide it, in order.

    Raises:
        UsageError: several processes were asked for, and a signal remembers what came before.
        Stopped: a process ended; what was told up to then is kept.
        StorageError: likewise.
    """
    worker, memories = opened.worker, bool(opened.worker.detectors.memories)
    if memories and (given.workers or 1) > 1:
        hint = "leave --workers out, or decide without those signals"
        raise UsageError("signals that remember what came before read a stream in one process", hint=hint)
    if given.kind != "jsonl" or memories:
        records = read(
            stream, given.kind, types=worker.project.events, mapping=given.mapping, encoding=given.encoding
        )
        return decide_stream(
            records, intake=intake, worker=worker, clock=clock, emit=told.emit, bury=told.bury,
            progress=told.progress,
        )  # fmt: skip
    many = given.many
    lines = LineIntake(intake, mapping=given.mapping, many=many)
    judge, sequencer = worker.bulk(opened.store, lines, many=many)
    outlet = Outlet(sequencer, emit=told.emit, bury=told.bury, progress=told.progress)
    if given.processes == 1:
        return decide_lines(
            stream, judge=judge, sequencer=sequencer, outlet=outlet, clock=clock, timed=opened.timed,
            turn=lambda: worker.turn(at=clock.now()),
        )  # fmt: skip
    setup = worker.setup(given.mapping, kinds=opened.kinds, many=many)
    judges = stack.enter_context(Judges(setup, count=given.processes))
    return decide_apart(
        read_lines(stream), judges=judges, sequencer=sequencer, outlet=outlet, intake=intake, clock=clock,
        timed=opened.timed,
    )  # fmt: skip
