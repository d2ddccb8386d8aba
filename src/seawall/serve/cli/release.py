"""`seawall release`: put the project in its folder in force."""

from __future__ import annotations

import getpass
from pathlib import Path

import typer

from seawall.serve.clock import SystemClock
from seawall.serve.process import open_ledger
from seawall.serve.releases import Releases
from seawall.serve.settings import Settings


def release(
    project: Path = typer.Option(Path(), "--project", help="The folder that holds seawall.yml."),
    note: str = typer.Option("", "--note", help="What changed, for the record."),
) -> None:
    """Check the project, keep its files, and put it in force.

    A running server switches within two seconds, between two batches. A project that does not check changes
    nothing.
    """
    ledger, data = open_ledger(project, Settings())  # pyright: ignore[reportCallIssue]  the environment fills it
    try:
        done = Releases(ledger, data, SystemClock()).release(project, by=f"cli:{_who()}", note=note)
    finally:
        ledger.close()
    typer.echo(f"released {done.project_version}")


def _who() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"  # a process without a name, as in some containers
