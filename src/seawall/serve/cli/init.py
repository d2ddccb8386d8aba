"""`seawall init`: a complete safety project to start from."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  (typer reads it)

import typer

from seawall.policy.scaffold import scaffold

NEXT = """\
Next:
  seawall check {at}        does it hold together?
  seawall test {at}         do its tests get the decisions they expect?
  seawall simulate --project {at} --events 100000 -o events.jsonl
  seawall decide --project {at} events.jsonl -o decisions.jsonl"""


def init(
    directory: Path = typer.Argument(..., metavar="DIR", help="A folder that is empty or does not exist."),
) -> None:
    """Start a safety project: a short-video platform with LIVE, complete, commented and working."""
    paths = scaffold(directory)
    typer.echo(f"Created a safety project of {len(paths)} files in {directory}.\n")
    typer.echo(NEXT.format(at=directory))
