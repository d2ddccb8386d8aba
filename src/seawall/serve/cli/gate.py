"""`seawall gate`: do the strategies of the folder keep what their owners promise?"""

from __future__ import annotations

from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path

import msgspec
import typer

from seawall.measure.backtest import Promise, Standing, promises, standing
from seawall.measure.backtest.promises import labels_missing
from seawall.measure.backtest.render import heading
from seawall.measure.backtest.render_compare import promises_text
from seawall.serve.backtest import ENGINES, backtest
from seawall.serve.cli.backtest import history_of, labels_of
from seawall.serve.cli.working import counting
from seawall.serve.clock import SystemClock
from seawall.serve.compare import expecting
from seawall.serve.wiring import open_project

EXITS = {Standing.HELD: 0, Standing.MISSED: 1, Standing.TOO_FEW: 3}
"""Exit status by how the promises stand together; 2 is an error, as everywhere."""


class Form(StrEnum):
    """How a verdict is written."""

    TEXT = "text"
    JSON = "json"


class Gated(msgspec.Struct, frozen=True, kw_only=True):
    """What the gate says to programs."""

    version: str
    standing: Standing
    missing: int
    promises: tuple[Promise, ...]


def command(
    project: Path = typer.Option(Path(), "--project", help="The safety project."),
    events: Path | None = typer.Option(None, "--events", help="JSON lines, CSV or Parquet."),
    lake: bool = typer.Option(False, "--lake", help="What the live store of the project holds, instead."),
    run: str | None = typer.Option(None, "--run", help="What a run of `seawall decide` holds, instead."),
    labels: Path | None = typer.Option(None, "--labels", help="A CSV of truths, as `seawall labels import`."),
    strategy: list[str] = typer.Option([], "--strategy", help="Only this one; may be given again."),
    engine: str = typer.Option("column", "--engine", help=f"{' or '.join(ENGINES)}."),
    workers: int | None = typer.Option(None, "--workers", min=1, help="Processes. [default: one a core]"),
    output: Form = typer.Option(Form.TEXT, "--format", help="text or json."),
) -> None:
    """Hold a backtest of the folder against what its strategies promise.

    The exit status is 0 if every promise is held, 1 if one is missed, 3 if labels are too few to say.
    """
    checked, clock = open_project(project), SystemClock()
    now = clock.now()
    with ExitStack() as stack:
        history = history_of(stack, checked, project, events=events, lake=lake, run=run, clock=clock)
        progress = stack.enter_context(counting("Judging", total=None))
        report = backtest(
            checked,
            history,
            now=now,
            strategies=strategy or expecting(checked),
            labels=None if labels is None else labels_of(labels, now=now),
            engine=engine,
            workers=workers,
            progress=progress,
        )
    found = promises(checked, report)
    stands = standing(found)
    if output is Form.JSON:
        gated = Gated(version=report.version, standing=stands, missing=labels_missing(found), promises=found)
        typer.echo(msgspec.json.format(msgspec.json.encode(gated)))
    else:
        typer.echo(promises_text(found, judged=heading(report)), nl=False)
    if EXITS[stands]:
        raise typer.Exit(EXITS[stands])
