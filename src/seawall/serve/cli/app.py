"""Puts the subcommands together and turns errors into sentences and exit codes."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer
from rich.console import Console

from seawall import __version__
from seawall.core.errors import SeawallError
from seawall.serve.cli.check import check
from seawall.serve.cli.decide import decide
from seawall.serve.cli.demo import demo
from seawall.serve.cli.doctor import doctor
from seawall.serve.cli.explain import explain
from seawall.serve.cli.init import init
from seawall.serve.cli.keys import KEYS
from seawall.serve.cli.labels import LABELS
from seawall.serve.cli.outbox import OUTBOX
from seawall.serve.cli.release import release
from seawall.serve.cli.replay import replay
from seawall.serve.cli.schema import schema
from seawall.serve.cli.serve import serve
from seawall.serve.cli.simulate import simulate
from seawall.serve.cli.test import test
from seawall.serve.cli.undo import undo
from seawall.serve.cli.users import USERS

if TYPE_CHECKING:
    from collections.abc import Callable

COMMANDS: tuple[tuple[str, Callable[..., None]], ...] = (
    ("init", init),
    ("check", check),
    ("test", test),
    ("schema", schema),
    ("simulate", simulate),
    ("decide", decide),
    ("explain", explain),
    ("replay", replay),
    ("release", release),
    ("serve", serve),
    ("undo", undo),
    ("demo", demo),
    ("doctor", doctor),
)
"""Name and function of every subcommand, in the order `seawall --help` shows them."""

GROUPS: tuple[tuple[str, typer.Typer], ...] = (
    ("keys", KEYS),
    ("users", USERS),
    ("labels", LABELS),
    ("outbox", OUTBOX),
)
"""Subcommands that have subcommands of their own (`seawall keys create`)."""


def build() -> typer.Typer:
    """The whole command line."""
    app = typer.Typer(
        name="seawall",
        help="Content safety: written policies in, explained decisions out.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.callback(invoke_without_command=True)(_root)
    for name, command in COMMANDS:
        app.command(name)(command)
    for name, group in GROUPS:
        app.add_typer(group, name=name)
    return app


def _root(version: bool = typer.Option(False, "--version", help="Print the version and exit.")) -> None:
    if version:
        typer.echo(f"seawall {__version__}")
        raise typer.Exit


def main() -> None:
    """Run the command line; an error of ours is one sentence on standard error and exit status 2."""
    try:
        build()()
    except SeawallError as error:
        console = Console(stderr=True, soft_wrap=True, highlight=False)
        where = f"{error.span}: " if error.span else ""
        console.print(f"[bold red]error[/]: {where}", end="")
        console.print(f"{error.message} [{error.code}]", markup=False)
        if error.hint:
            console.print(f"  hint: {error.hint}", markup=False)
        sys.exit(2)
    except BrokenPipeError:
        sys.exit(141)  # `seawall ... | head` is no error
