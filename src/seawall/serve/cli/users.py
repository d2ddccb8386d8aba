"""`seawall users`: who may sign in to the console."""

import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from seawall.core.clock import format_time
from seawall.serve.auth.passwords import generate_password
from seawall.serve.auth.repo import Users
from seawall.serve.auth.roles import Role
from seawall.serve.clock import SystemClock
from seawall.serve.process import open_ledger
from seawall.serve.settings import Settings

BY = "cli"
USERS = typer.Typer(help="Who may sign in to the console.", no_args_is_help=True)
_PROJECT = typer.Option(Path(), "--project", help="The folder that holds seawall.yml.")
_NAME = typer.Option(..., "--name", help="What is typed at sign-in.")
_STDIN = typer.Option(False, "--password-stdin", help="Read the password from standard input.")


@USERS.command()
def create(
    name: str = _NAME,
    role: list[Role] = typer.Option(
        ..., "--role", help="What they are here to do; may be given several times."
    ),
    project: Path = _PROJECT,
    password_stdin: bool = _STDIN,
) -> None:
    """Make an account. Without --password-stdin a password is made and printed as the last line."""
    password = _password(from_stdin=password_stdin)
    with _users(project) as users:
        users.create(name, role, password, by=BY)
    typer.echo(f"{name} may sign in as {', '.join(role)}", err=True)
    _tell(password, from_stdin=password_stdin)


@USERS.command("list")
def list_(project: Path = _PROJECT) -> None:
    """Every account with its roles."""
    with _users(project) as users:
        found = users.all()
    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("name", "roles", "since", "state"):
        table.add_column(heading, overflow="fold")
    for one in found:
        state = "disabled" if one.disabled_at else "cleared" if one.cleared_at else "may sign in"
        table.add_row(one.name, ", ".join(one.roles), format_time(one.created_at)[:19] + "Z", state)
    Console(highlight=False).print(table if found else "no account yet: seawall users create makes one")


@USERS.command()
def password(name: str = _NAME, project: Path = _PROJECT, password_stdin: bool = _STDIN) -> None:
    """Give an account another password and end its sessions."""
    fresh = _password(from_stdin=password_stdin)
    with _users(project) as users:
        users.set_password(name, fresh, by=BY)
    _tell(fresh, from_stdin=password_stdin)


@USERS.command()
def disable(name: str = _NAME, project: Path = _PROJECT) -> None:
    """Let an account sign in no more, and end its sessions."""
    with _users(project) as users:
        users.disable(name, by=BY)
    typer.echo(f"{name} may sign in no more")


@USERS.command()
def clear(
    name: str = _NAME,
    project: Path = _PROJECT,
    revoke: bool = typer.Option(False, "--revoke", help="End the clearance."),
) -> None:
    """Clear an account for sealed queues, where the most severe content is."""
    with _users(project) as users:
        users.clear(name, by=BY, revoke=revoke)
    typer.echo(f"{name} {'no longer sees' if revoke else 'may see'} sealed queues")


def _password(*, from_stdin: bool) -> str:
    return sys.stdin.readline().rstrip("\n") if from_stdin else generate_password()


def _tell(password: str, *, from_stdin: bool) -> None:
    if not from_stdin:
        typer.echo("This password is shown once; only its hash is kept.", err=True)
        typer.echo(password)


@contextmanager
def _users(project: Path) -> Generator[Users]:
    ledger, _ = open_ledger(project, Settings())  # pyright: ignore[reportCallIssue]  the environment fills it
    try:
        yield Users(ledger, SystemClock())
    finally:
        ledger.close()
