"""Puts the subcommands together and turns errors into sentences and exit codes."""

from __future__ import annotations

import sys

import typer
from rich.console import Console

from seawall import __version__
from seawall.core.errors import SeawallError
from seawall.serve.cli.on_demand import Entry, OnDemandGroup

COMMANDS: tuple[Entry, ...] = (
    Entry(
        "init",
        "init:init",
        "Start a safety project: a short-video platform with LIVE, complete, commented and working.",
    ),
    Entry(
        "check",
        "check:check",
        "Check a safety project as a compiler would: every error at once, with its place and the mend.",
    ),
    Entry(
        "test",
        "test:test",
        "Run the tests of a safety project, and name the strategies and clauses that none of them exercises.",
    ),
    Entry(
        "show",
        "show:show",
        "Print a strategy as it stands in a market and language, with what its overlays change there.",
    ),
    Entry(
        "schema",
        "schema:schema",
        "Print the JSON Schema of one kind of project file, or of all; or write them into a folder.",
    ),
    Entry(
        "simulate",
        "simulate:simulate",
        "Simulate a day: people, adversaries and accidents over markets, languages and surfaces.",
    ),
    Entry(
        "decide",
        "decide:decide",
        "Decide the events of a file or pipe, in order, in constant memory: one decision per line.",
    ),
    Entry(
        "explain",
        "explain:explain",
        "Explain a decision: of each strategy in scope, which parts were true, false, NULL or not looked at.",
    ),
    Entry("replay", "replay:replay", "Decide again what was decided between two times."),
    Entry(
        "backtest",
        "backtest:command",
        "Say what strategies would have done to events of the past: by market and day, against labels.",
    ),
    Entry(
        "diff",
        "diff:command",
        "Backtest the strategies that differ between two revisions, and write what a pull request carries.",
    ),
    Entry("gate", "gate:command", "Hold a backtest of the folder against what its strategies promise."),
    Entry("release", "release:release", "Check the project, keep its files, and put it in force."),
    Entry("features", "features:features", "Say how the features of the live stream stand."),
    Entry("backfill", "backfill:backfill", "Make new features complete from the journal."),
    Entry(
        "signals",
        "signals:signals",
        "Say what each signal was bought for, what that cost, and what came of it.",
    ),
    Entry("serve", "serve:serve", "Serve a safety project: events in, decisions out, and the console."),
    Entry("undo", "undo:undo", "Take back everything a strategy asked for since a time."),
    Entry("brake", "brake:brake", "List strategies that left their budget, or let one go."),
    Entry("bank", "bank:BANKS", "Banks of hashes: what is in them, and what comes and goes."),
    Entry("sweep", "sweep:sweep", "Judge the catalogue again: what would the project in force decide today?"),
    Entry("demo", "demo:demo", "Make a project, live a simulated day in it, and serve the console."),
    Entry(
        "doctor", "doctor:doctor", "Say what is set up and what is missing; exit 1 when something needed is."
    ),
    Entry("keys", "keys:KEYS", "Keys with which systems call the API."),
    Entry("users", "users:USERS", "Who may sign in to the console."),
    Entry("judge", "judge:judge", "Apply a written policy to texts by a language model, and measure it."),
    Entry("train", "train:TRAIN", "Labels to models, for people to read before they are used."),
    Entry("labels", "labels:LABELS", "Truths that people found, with their provenance."),
    Entry("outbox", "outbox:OUTBOX", "Effects on their way to the platform."),
)
"""Every subcommand, in the order `seawall --help` shows them; each is imported when it is called."""


class _Root(OnDemandGroup):
    table = COMMANDS


def build() -> typer.Typer:
    """The whole command line."""
    app = typer.Typer(
        name="seawall",
        cls=_Root,
        help="Content safety: written policies in, explained decisions out.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.callback(invoke_without_command=True)(_root)
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
