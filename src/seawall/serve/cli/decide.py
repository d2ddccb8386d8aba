"""`seawall decide`: a file of events to a file of decisions."""

from __future__ import annotations

import gc
import os
import sys
import time
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Self

import msgspec
import typer

from seawall.core.errors import Conflict, StorageError, UsageError
from seawall.ingest import FORMATS, DeadLetter, Intake, Mapping, format_of, read
from seawall.ingest.read_lines import read_lines
from seawall.ingest.take_lines import LineIntake
from seawall.policy.near import did_you_mean
from seawall.serve.banks import banks_by_journal, banks_of
from seawall.serve.bulk.processes import Judges, decide_apart
from seawall.serve.bulk.stream import Outlet, decide_lines
from seawall.serve.cli.summary import Closing, write_summary
from seawall.serve.cli.working import counting
from seawall.serve.clock import SystemClock
from seawall.serve.releases import Releases
from seawall.serve.runs import Runs
from seawall.serve.settings import Settings
from seawall.serve.stream import BATCH, decide_stream
from seawall.serve.wiring import (
    configured_kinds,
    data_folder,
    kinds_of,
    make_worker,
    open_project,
    open_store,
    viewer_of,
)
from seawall.serve.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Generator

    from seawall.policy.model import Project
    from seawall.store import Store

_LARGE = 64 * 2**20

SOME_REFUSED = 3
"""Exit status when some records could not be decided."""


def decide(
    source: str = typer.Argument(
        ..., metavar="INPUT", help="JSON lines, CSV or Parquet; - is standard input."
    ),
    project: Path = typer.Option(Path(), "--project", help="The safety project that decides."),
    output: Path | None = typer.Option(
        None, "--output", "-o", help="Where the decisions go, as JSON lines. [default: standard output]"
    ),
    format_: str | None = typer.Option(None, "--format", help="jsonl, csv or parquet; else the name says."),
    as_: str | None = typer.Option(None, "--as", metavar="TYPE", help="The event type of every record."),
    map_: list[str] = typer.Option(
        [], "--map", metavar="COLUMN=FIELD", help="A column and the field it fills."
    ),
    set_: list[str] = typer.Option(
        [], "--set", metavar="FIELD=VALUE", help="A field that is always the same."
    ),
    market: str | None = typer.Option(None, "--market", help="A column, or a market for all."),
    ts: str | None = typer.Option(
        None, "--ts", help="A column, or a time for all; without an offset it is UTC."
    ),
    id_: str | None = typer.Option(None, "--id", help="A column. [default: row-LINE]"),
    encoding: str | None = typer.Option(None, "--encoding", help="Of a CSV. [default: UTF-8]"),
    dead_letters: Path | None = typer.Option(
        None, "--dead-letters", help="Where refused records go. [default: OUTPUT.dead.jsonl, else the run]"
    ),
    warm: bool = typer.Option(
        False, "--warm", help="Features are NULL until their window has passed, as on a live stream."
    ),
    workers: int | None = typer.Option(
        None,
        "--workers",
        min=1,
        help="Processes that decide JSON lines. [default: one per core for a large file, else 1]",
    ),
    enact: bool = typer.Option(False, "--enact", help="Cause effects: feed the live journal and ledger."),
) -> None:
    """Decide the events of a file or pipe, in order, in constant memory: one decision per line.

    The exit status is 0 if every record was decided and 3 if some were refused.
    """
    settings, clock = Settings(), SystemClock()  # pyright: ignore[reportCallIssue]
    checked = open_project(project)
    mapping = mapping_of(
        checked, as_=as_, map_=map_, set_=set_, either={"market": market, "ts": ts, "id": id_}
    )
    kind = format_ or ("jsonl" if source == "-" else format_of(source))
    if kind not in FORMATS:
        raise UsageError(f"unknown format {kind!r}", hint=did_you_mean(kind, FORMATS, what="formats"))
    data = data_folder(checked, project, settings)
    with ExitStack() as stack:
        viewer = viewer_of(settings, project)
        stack.callback(viewer.close)
        stream = stack.enter_context(_input(source))
        sink = stack.enter_context(_output(output))
        run_id = None
        if enact:
            store = open_store(checked, project, settings, clock=clock)
            stack.callback(store.close)
            _must_be_in_force(checked, Releases(store.ledger, data, clock), project)
            controls = list(store.controls())
            kinds = kinds_of(settings, viewer, banks_by_journal(store, clock, controls))
            worker = make_worker(checked, store, clock=clock, warm=warm, kinds=kinds, controls=controls)
        else:
            run, store = Runs(data).begin(checked, root=project, input_=source, warm=warm, clock=clock)
            stack.callback(store.close)
            run_id = run.run_id
            kinds = kinds_of(settings, viewer, banks_of(data))
            worker = Worker(checked, store=store, clock=None, warm=warm, kinds=kinds)
            worker.features.all_told()  # nobody has decided anything in a run
        stack.callback(worker.close)
        beside = (
            output.with_name(f"{output.name}.dead.jsonl") if output else store.path / "dead-letters.jsonl"
        )
        letters = stack.enter_context(_Letters(dead_letters or beside, store if enact else None))
        counted_up = stack.enter_context(counting("Deciding", total=None))

        def progress(records: int) -> None:
            counted_up(records)
            if enact:  # as a server does, so that neither the ledger nor the lake waits for the end
                store.project()
                store.seal()

        intake = Intake(checked)
        _collect_rarely()
        began = time.perf_counter()
        if worker.detectors.memories and (workers or 1) > 1:
            hint = "leave --workers out, or decide without those signals"
            raise UsageError("signals that remember what came before read a stream in one process", hint=hint)
        if kind == "jsonl" and not worker.detectors.memories:
            judge, sequencer = worker.bulk(store, LineIntake(intake, mapping=mapping))
            outlet = Outlet(sequencer, emit=sink.write, bury=letters.bury, progress=progress)
            count = workers or _workers_for(source)
            if count == 1:
                tally = decide_lines(
                    stream,
                    judge=judge,
                    sequencer=sequencer,
                    outlet=outlet,
                    clock=clock,
                    timed=enact,
                    turn=lambda: worker.turn(at=clock.now()),
                )
            else:
                judges = stack.enter_context(
                    Judges(worker.setup(mapping, kinds=partial(configured_kinds, project, data)), count=count)
                )
                tally = decide_apart(
                    read_lines(stream),
                    judges=judges,
                    sequencer=sequencer,
                    outlet=outlet,
                    intake=intake,
                    clock=clock,
                    timed=enact,
                )
        else:
            records = read(stream, kind, types=checked.events, mapping=mapping, encoding=encoding)
            tally = decide_stream(
                records,
                intake=intake,
                worker=worker,
                clock=clock,
                emit=sink.write,
                bury=letters.bury,
                progress=progress,
            )
        seconds = time.perf_counter() - began
        while enact and store.project():
            pass  # until the ledger shows everything that was decided
    counted = worker.features.tally if checked.features else None
    closing = Closing(tally, seconds, intake, counted, letters.path, run_id, project)
    write_summary(closing)
    if tally.refused:
        raise typer.Exit(SOME_REFUSED)


def _workers_for(source: str) -> int:
    """Starting processes takes a second or two, which a small input does not repay; a pipe does not say."""
    if source == "-" or Path(source).stat().st_size < _LARGE:
        return 1
    return os.cpu_count() or 1


def _must_be_in_force(checked: Project, releases: Releases, root: Path) -> None:
    """Effects are caused by the version in force alone; a project never released is released first.

    Raises:
        Conflict: the folder holds another version.
    """
    release = releases.current() or releases.release(root, by="decide --enact", note="first release")
    if release.project_version != checked.version:
        raise Conflict(
            f"the folder is not the version in force ({release.project_version[:12]})",
            hint=f"put it in force first: seawall release --project {root}",
        )


def _collect_rarely() -> None:
    """Events make no cycles: looking for them as often as Python does takes a fifth of the time.

    A batch is gone before it has made as many objects as the threshold.
    """
    gc.set_threshold(1_000_000, 50, 100)


def mapping_of(
    project: Project, *, as_: str | None, map_: list[str], set_: list[str], either: dict[str, str | None]
) -> Mapping | None:
    """What the options say about columns; None if they say nothing.

    Raises:
        UsageError: an event type or field is unknown, or an option is not NAME=VALUE.
    """
    if as_ is not None and as_ not in project.events:
        hint = did_you_mean(as_, project.events, what="event types")
        raise UsageError(f"there is no event type {as_!r}", hint=hint)
    chosen = {name: word for name, word in either.items() if word is not None}
    if as_ is None and not map_ and not set_ and not chosen:
        return None
    mapping = Mapping(
        event_type=None if as_ is None else project.events[as_],
        columns=dict(_pair(text, "--map", "COLUMN=FIELD") for text in map_),
        either=chosen,
        constants=dict(_pair(text, "--set", "FIELD=VALUE") for text in set_),
    )
    mapping.check()
    return mapping


def _pair(text: str, option: str, form: str) -> tuple[str, str]:
    name, equals, value = text.rpartition("=") if option == "--map" else text.partition("=")
    if not equals or not name:
        raise UsageError(f"{option} {text!r} is not {form}", hint=f"write {option} {form}")
    return name, value


@contextmanager
def _input(source: str) -> Generator[BinaryIO]:
    if source == "-":
        yield sys.stdin.buffer
        return
    try:
        stream = Path(source).open("rb")  # noqa: SIM115 -- closed below, after what it feeds
    except OSError as error:
        raise UsageError(f"cannot read {source}: {error.strerror}") from error
    with stream:
        yield stream


@contextmanager
def _output(path: Path | None) -> Generator[BinaryIO]:
    """Standard output, or a file that appears under its name when it is whole."""
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    part = path.with_name(f"{path.name}.part")
    try:
        stream = part.open("wb")
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from error
    try:
        with stream:
            yield stream
        part.replace(path)
    except OSError as error:
        raise StorageError(
            f"cannot write {path}: {error.strerror}", hint=f"what there is lies in {part}"
        ) from error


class _Letters:
    """The dead-letter file, made with its first letter; one of an earlier run is not left standing.

    What a live store is asked to decide and is refused goes to its dead letters too, where the console looks.
    """

    def __init__(self, path: Path, live: Store | None) -> None:
        self.path = path
        self._live = live
        self._waiting: list[DeadLetter] = []
        self._stream: BinaryIO | None = None

    def __enter__(self) -> Self:
        self.path.unlink(missing_ok=True)
        return self

    def __exit__(self, *failure: object) -> None:
        self._hand_over()
        if self._stream is not None:
            self._stream.close()

    def bury(self, letter: DeadLetter) -> None:
        """Keep one."""
        if self._stream is None:
            self._stream = self.path.open("wb")
        self._stream.write(msgspec.json.encode(letter) + b"\n")
        self._waiting.append(letter)
        if len(self._waiting) >= BATCH:
            self._hand_over()

    def _hand_over(self) -> None:
        if self._live is not None and self._waiting:
            self._live.bury(self._waiting, via="decide --enact")
        self._waiting = []
