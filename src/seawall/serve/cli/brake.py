"""`seawall brake`: which strategies left their budget, and letting one go again."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from seawall.core.clock import format_time
from seawall.core.errors import UsageError
from seawall.serve.asked import ask, controls_in
from seawall.serve.cli.proof import proved
from seawall.serve.clock import SystemClock
from seawall.serve.process import open_ledger
from seawall.serve.settings import Settings
from seawall.store import Control
from seawall.store.held import RELEASE, Held

if TYPE_CHECKING:
    from collections.abc import Generator

    from seawall.store import Ledger

CLOCK = SystemClock()


def brake(
    strategy: str | None = typer.Argument(None, help="The strategy to let go; none lists what waits."),
    project: Path = typer.Option(Path(), "--project", help="The folder that holds seawall.yml."),
    let_go: bool = typer.Option(
        False, "--let-go", help="Let it act again, or answer the call; it counts anew."
    ),
    reason: str = typer.Option("", "--reason", help="Why, for the record."),
    by: str | None = typer.Option(None, "--by", metavar="NAME", help="Who does it: a console account."),
    password_stdin: bool = typer.Option(False, "--password-stdin", help="Read the password from there."),
) -> None:
    """List strategies that left their budget, or let one go.

    A braked strategy is in shadow. A severe one goes on, with all it does before people, and a person is
    called. A running server hears of the answer within two seconds; without one it holds from the next start.
    """
    with _opened(project) as ledger:
        with ledger.read() as connection:
            held = Held().after(controls_in(connection))
        if strategy is None:
            _list(held)
            return
        if strategy not in held.braked and strategy not in held.called:
            raise UsageError(
                f"{strategy} is not braked, and nobody is called to it",
                hint="`seawall brake` lists what is; a pause is ended at the console",
            )
        if not let_go:
            _list(held, strategy)
            typer.echo("\nNothing was changed. Add --let-go --reason WHY --by NAME to let it act again.")
            return
        if not reason.strip():
            raise UsageError("--let-go needs --reason", hint="the record says why it may act again")
        who = proved(ledger, by, from_stdin=password_stdin, doing="let a strategy go")
        asked = Control(kind=RELEASE, target=strategy, by=who, reason=reason.strip(), at=CLOCK.now())
        with ledger.begin() as connection:
            ask(connection, asked)
    typer.echo(f"{strategy} is let go; it counts anew from {format_time(asked.at)}")


def _list(held: Held, only: str | None = None) -> None:
    rows = [
        (word, name, one)
        for word, records in (("called", held.called), ("braked", held.braked))
        for name, one in sorted(records.items())
        if only in {None, name}
    ]
    for word, name, one in rows:
        typer.echo(f"{word}  {name} since {format_time(one.at)}: {one.reason}")
    if not rows:
        typer.echo("no strategy is braked, and nobody is called to one")


@contextmanager
def _opened(project: Path) -> Generator[Ledger]:
    ledger, _ = open_ledger(project, Settings())  # pyright: ignore[reportCallIssue]  the environment fills it
    try:
        yield ledger
    finally:
        ledger.close()
