"""`seawall decide`: a file of events to a file of decisions."""

from __future__ import annotations

import gc
import time
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from seawall.core.errors import Conflict, UsageError
from seawall.ingest import FORMATS, Intake, format_of
from seawall.policy.near import did_you_mean
from seawall.serve.banks import banks_by_journal, banks_of
from seawall.serve.cli.decide_all import Given, Opened, Telling, decide_all
from seawall.serve.cli.decide_files import Letters, input_of, output_to
from seawall.serve.cli.decide_mapping import mapping_of
from seawall.serve.cli.summary import Closing, write_summary
from seawall.serve.cli.working import counting
from seawall.serve.clock import SystemClock
from seawall.serve.releases import Releases
from seawall.serve.runs import Runs
from seawall.serve.settings import Settings
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
    from seawall.policy.model import Project

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
    clock = SystemClock()
    checked = open_project(project)
    mapping = mapping_of(
        checked, as_=as_, map_=map_, set_=set_, either={"market": market, "ts": ts, "id": id_}
    )
    kind = format_ or ("jsonl" if source == "-" else format_of(source))
    if kind not in FORMATS:
        raise UsageError(f"unknown format {kind!r}", hint=did_you_mean(kind, FORMATS, what="formats"))
    given = Given(source, kind, mapping, encoding, workers)
    with ExitStack() as stack:
        opened = _opened(stack, checked, project, source, clock=clock, warm=warm, enact=enact)
        beside = (
            output.with_name(f"{output.name}.dead.jsonl")
            if output
            else opened.store.path / "dead-letters.jsonl"
        )
        stream = stack.enter_context(input_of(source))
        sink = stack.enter_context(output_to(output))
        letters = stack.enter_context(Letters(dead_letters or beside, opened.store if enact else None))
        counted_up = stack.enter_context(counting("Deciding", total=None))

        def progress(records: int) -> None:
            counted_up(records)
            if enact:  # as a server does, so that neither the ledger nor the lake waits for the end
                opened.store.project()
                opened.store.seal()

        intake = Intake(checked)
        _collect_rarely()
        began = time.perf_counter()
        told = Telling(emit=sink.write, bury=letters.bury, progress=progress)
        tally = decide_all(stack, given, stream, opened, told, intake=intake, clock=clock)
        seconds = time.perf_counter() - began
        while enact and opened.store.project():
            pass  # until the ledger shows everything that was decided
    counted = opened.worker.features.tally if checked.features else None
    write_summary(Closing(tally, seconds, intake, counted, letters.path, opened.run_id, project))
    if tally.refused:
        raise typer.Exit(SOME_REFUSED)


def _opened(
    stack: ExitStack,
    checked: Project,
    root: Path,
    source: str,
    *,
    clock: SystemClock,
    warm: bool,
    enact: bool,
) -> Opened:
    """The live store, or that of a run that causes no effects, and who decides."""
    settings = Settings()  # pyright: ignore[reportCallIssue]
    data = data_folder(checked, root, settings)
    viewer = viewer_of(settings, root)
    stack.callback(viewer.close)
    apart = partial(configured_kinds, root, data)
    if enact:
        store = open_store(checked, root, settings, clock=clock)
        stack.callback(store.close)
        _must_be_in_force(checked, Releases(store.ledger, data, clock), root)
        controls = list(store.controls())
        kinds = kinds_of(settings, viewer, banks_by_journal(store, clock, controls))
        worker = make_worker(checked, store, clock=clock, warm=warm, kinds=kinds, controls=controls)
        stack.callback(worker.close)
        return Opened(store, worker, None, apart, timed=True)
    run, store = Runs(data).begin(checked, root=root, input_=source, warm=warm, clock=clock)
    stack.callback(store.close)
    kinds = kinds_of(settings, viewer, banks_of(data))
    worker = Worker(checked, store=store, clock=None, warm=warm, kinds=kinds)
    worker.features.all_told()  # nobody has decided anything in a run
    stack.callback(worker.close)
    return Opened(store, worker, run.run_id, apart, timed=False)


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
