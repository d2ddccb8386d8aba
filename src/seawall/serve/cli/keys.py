"""`seawall keys`: the keys with which systems call the API."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from seawall.core.clock import format_time
from seawall.serve.auth.keys import Keys
from seawall.serve.auth.roles import Scope
from seawall.serve.clock import SystemClock
from seawall.serve.process import open_ledger
from seawall.serve.settings import Settings

BY = "cli"
KEYS = typer.Typer(help="Keys with which systems call the API.", no_args_is_help=True)
_PROJECT = typer.Option(Path(), "--project", help="The folder that holds seawall.yml.")


@KEYS.command()
def create(
    name: str = typer.Option(..., "--name", help="What it is for; shown in lists and in the audit chain."),
    scope: list[Scope] = typer.Option(..., "--scope", help="What it may do; may be given several times."),
    project: Path = _PROJECT,
) -> None:
    """Make a key and print it as the last line. It is shown this once."""
    with _keys(project) as keys:
        key = keys.create(name, scope, by=BY)
    typer.echo(
        "This key is shown once; only its hash is kept. Send it as Authorization: Bearer KEY.", err=True
    )
    typer.echo(key)


@KEYS.command("list")
def list_(project: Path = _PROJECT) -> None:
    """Every key: its name, how it begins, what it may do, and whether it works."""
    with _keys(project) as keys:
        found = keys.all()
    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("name", "begins", "scopes", "last used", "state"):
        table.add_column(heading, overflow="fold")
    for one in found:
        used = format_time(one.last_used_at)[:19] + "Z" if one.last_used_at else "never"
        table.add_row(
            one.name, one.prefix, ", ".join(one.scopes), used, "revoked" if one.revoked_at else "works"
        )
    Console(highlight=False).print(table if found else "no key yet: seawall keys create makes one")


@KEYS.command()
def revoke(
    name: str = typer.Option(..., "--name", help="The name it was made with."), project: Path = _PROJECT
) -> None:
    """Let a key work no more. A running server notices within two seconds."""
    with _keys(project) as keys:
        keys.revoke(name, by=BY)
    typer.echo(f"{name} works no more")


@contextmanager
def _keys(project: Path) -> Generator[Keys]:
    ledger, _ = open_ledger(project, Settings())  # pyright: ignore[reportCallIssue]  the environment fills it
    try:
        yield Keys(ledger, SystemClock())
    finally:
        ledger.close()
