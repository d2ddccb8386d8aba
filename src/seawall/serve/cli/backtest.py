"""`seawall backtest`: what strategies would have done to events of the past."""

from __future__ import annotations

from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import typer

from seawall.core.errors import UsageError
from seawall.measure.backtest.render import as_markdown, as_text
from seawall.review.labels_csv import Refused, read_labels
from seawall.serve.backtest import ENGINES, History, backtest
from seawall.serve.cli.working import counting
from seawall.serve.clock import SystemClock
from seawall.serve.findings import findings_in
from seawall.serve.runs import Runs
from seawall.serve.settings import Settings
from seawall.serve.wiring import data_folder, open_project, open_store

if TYPE_CHECKING:
    from seawall.policy.model import Project
    from seawall.review.model import Label


class Form(StrEnum):
    """How a backtest is written."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


class Signals(StrEnum):
    """Where the signals of a history come from."""

    ANEW = "anew"
    RECORDED = "recorded"


def command(
    project: Path = typer.Option(Path(), "--project", help="The safety project."),
    strategy: list[str] = typer.Option([], "--strategy", help="Only this one; may be given again."),
    events: Path | None = typer.Option(None, "--events", help="JSON lines, CSV or Parquet."),
    lake: bool = typer.Option(False, "--lake", help="What the live store of the project holds, instead."),
    run: str | None = typer.Option(None, "--run", help="What a run of `seawall decide` holds, instead."),
    labels: Path | None = typer.Option(None, "--labels", help="A CSV of truths, as `seawall labels import`."),
    engine: str = typer.Option("column", "--engine", help=f"{' or '.join(ENGINES)}."),
    signals: Signals = typer.Option(
        Signals.ANEW, "--signals", help="anew, or recorded: as deciding read them, with --lake or --run."
    ),
    workers: int | None = typer.Option(None, "--workers", min=1, help="Processes. [default: one a core]"),
    output: Form = typer.Option(Form.TEXT, "--format", help="text, json or markdown."),
) -> None:
    """Say what strategies would have done to events of the past: by market and day, against labels.

    Features are as they stood at each event. Nothing is decided and nothing is enacted.
    """
    checked, clock = open_project(project), SystemClock()
    with ExitStack() as stack:
        history = history_of(stack, checked, project, events=events, lake=lake, run=run, clock=clock)
        progress = stack.enter_context(counting("Judging", total=None))
        found = backtest(
            checked,
            history,
            now=clock.now(),
            strategies=strategy or None,
            labels=None if labels is None else labels_of(labels, now=clock.now()),
            engine=engine,
            workers=workers,
            recorded=signals is Signals.RECORDED,
            progress=progress,
        )
    match output:
        case Form.JSON:
            typer.echo(msgspec.json.format(msgspec.json.encode(found)))
        case Form.MARKDOWN:
            typer.echo(as_markdown(found), nl=False)
        case Form.TEXT:
            typer.echo(as_text(found), nl=False)


def history_of(
    stack: ExitStack,
    project: Project,
    root: Path,
    *,
    events: Path | None,
    lake: bool,
    run: str | None,
    clock: SystemClock,
) -> History:
    """Where the events are that somebody named.

    Args:
        stack: closes what is opened.
        project: whose store it is.
        root: its folder.
        events: a file.
        lake: or what the live store holds.
        run: or what a run of `seawall decide` holds.
        clock: for the store.

    Raises:
        UsageError: none of the three is named or several are, or what is named is not there.
    """
    if (events is not None) + lake + (run is not None) != 1:
        raise UsageError("say where the events are", hint="one of --events PATH, --lake and --run ID")
    if events is not None:
        return History(path=events_file(events), findings=findings_in(project, root, clock=clock))
    settings = Settings()  # pyright: ignore[reportCallIssue]
    if lake:
        store = open_store(project, root, settings, clock=clock, read_only=True)
    else:
        runs = Runs(data_folder(project, root, settings))
        known = {each.run_id: each for each in runs.all()}
        if run not in known:
            raise UsageError(f"there is no run {run!r}", hint=f"known: {', '.join(known) or 'none'}")
        store = runs.store(known[run], clock=clock)
    stack.callback(store.close)
    return History(store=store)


def events_file(path: Path) -> Path:
    """The file, if there is one.

    Raises:
        UsageError: there is none.
    """
    if not path.is_file():
        raise UsageError(f"there is no file {path}", hint="--events takes JSON lines, CSV or Parquet")
    return path


def labels_of(path: Path, *, now: int) -> list[Label]:
    """The labels of a CSV file.

    Raises:
        UsageError: it cannot be read, or a row is no label; carries where and the mend.
    """
    found: list[Label] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for label in read_labels(file, name=str(path), source=path.stem, at=now):
                if isinstance(label, Refused):
                    raise UsageError(label.message, span=label.span, hint=label.hint)
                found.append(label)
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error
    return found
