"""`seawall diff`: what a change of the project changes, as the Markdown of a pull request."""

from __future__ import annotations

from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path

import msgspec
import typer

from seawall.measure.backtest.render_compare import comparison_markdown
from seawall.serve.backtest import ENGINES
from seawall.serve.cli.backtest import history_of, labels_of
from seawall.serve.cli.working import counting
from seawall.serve.clock import SystemClock
from seawall.serve.compare import compared
from seawall.serve.revision import project_at
from seawall.serve.wiring import open_project

FOLDER = "working folder"


class Form(StrEnum):
    """How a comparison is written."""

    MARKDOWN = "markdown"
    JSON = "json"


def command(
    before: str = typer.Argument(..., metavar="REV", help="A revision of git."),
    after: str | None = typer.Argument(None, metavar="[REV]", help="Another. [default: the folder as it is]"),
    project: Path = typer.Option(Path(), "--project", help="The safety project, in a git repository."),
    events: Path | None = typer.Option(None, "--events", help="JSON lines, CSV or Parquet."),
    lake: bool = typer.Option(False, "--lake", help="What the live store of the project holds, instead."),
    run: str | None = typer.Option(None, "--run", help="What a run of `seawall decide` holds, instead."),
    labels: Path | None = typer.Option(None, "--labels", help="A CSV of truths, as `seawall labels import`."),
    engine: str = typer.Option("column", "--engine", help=f"{' or '.join(ENGINES)}."),
    workers: int | None = typer.Option(None, "--workers", min=1, help="Processes. [default: one a core]"),
    output: Form = typer.Option(Form.MARKDOWN, "--format", help="markdown or json."),
) -> None:
    """Backtest the strategies that differ between two revisions, and write what a pull request carries.

    The files on disk stay as they are; nothing is decided and nothing is enacted.
    """
    clock = SystemClock()
    now = clock.now()
    sides = (
        project_at(project, before),
        open_project(project) if after is None else project_at(project, after),
    )
    with ExitStack() as stack:
        history = history_of(stack, sides[1], project, events=events, lake=lake, run=run, clock=clock)
        progress = stack.enter_context(counting("Judging", total=None))
        found = compared(
            *sides,
            history,
            names=(before, FOLDER if after is None else after),
            now=now,
            labels=None if labels is None else labels_of(labels, now=now),
            engine=engine,
            workers=workers,
            progress=progress,
        )
    if output is Form.JSON:
        typer.echo(msgspec.json.format(msgspec.json.encode(found)))
    else:
        typer.echo(comparison_markdown(found), nl=False)
