"""`seawall features`: how the features of the live stream stand."""

from __future__ import annotations

from pathlib import Path

import typer

from seawall.core.clock import format_time
from seawall.core.errors import NotFound
from seawall.decide.filters import definitions
from seawall.features import FeatureState
from seawall.serve.remembered import Remembered
from seawall.serve.settings import Settings
from seawall.serve.wiring import data_folder, open_project


def features(project: Path = typer.Option(Path(), "--project", help="The safety project.")) -> None:
    """Say how the features of the live stream stand.

    For each feature of the project as it is: until when it is NULL because it warms up, how many keys and
    entries are held. Then what happened to the stream: events that came late, keys that were evicted. It
    reads what the server last kept, which it does every five minutes and when it stops.
    """
    checked = open_project(project)
    data = data_folder(checked, project, Settings())  # pyright: ignore[reportCallIssue]  the environment fills it
    state = FeatureState(definitions(checked))
    if not data.is_dir() or Remembered(data).recall(state, partly=True) is None:
        raise NotFound(
            f"no state of features was kept in {data} yet",
            hint="a server keeps it every five minutes, and when it stops",
        )
    assert state.watermark is not None or not state.entries
    width = max((len(each.name) for each in state.status()), default=0)
    typer.echo(f"{'feature':<{width}}  {'keys':>12}  {'entries':>12}  warm")
    for each in state.status():
        warm = "yes" if each.warm_from is None else f"from {format_time(each.warm_from)}"
        typer.echo(f"{each.name:<{width}}  {each.keys:>12,}  {each.entries:>12,}  {warm}")
    tally = state.tally
    newest = "never" if state.watermark is None else format_time(state.watermark)
    typer.echo(
        f"newest event {newest}; {tally.late:,} late, {tally.too_late:,} too late to count, "
        f"{tally.evicted:,} keys evicted, {tally.saturated:,} times a key was full"
    )
