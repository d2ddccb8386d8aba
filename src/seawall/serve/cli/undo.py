"""`seawall undo`: take back what a strategy asked for since a time; a second person for what is large."""

from __future__ import annotations

import getpass
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.console import Console

from seawall.act.repo_undo import APPLIED, UndoRow, list_undos
from seawall.act.undo import Undo
from seawall.act.undo_strategy import Preview, approve, preview, refuse, request
from seawall.core.clock import format_time
from seawall.core.errors import UsageError
from seawall.ingest.scalars import timestamp
from seawall.serve.cli.proof import proved
from seawall.serve.clock import SystemClock
from seawall.serve.effects import Outgoing
from seawall.serve.process import open_ledger
from seawall.serve.settings import Settings
from seawall.serve.undone import seal

if TYPE_CHECKING:
    from collections.abc import Generator

    from sqlalchemy import Connection

    from seawall.store import Ledger

CLOCK = SystemClock()


def undo(
    strategy: str | None = typer.Argument(None, help="The strategy to take back; none to answer or list."),
    project: Path = typer.Option(Path(), "--project", help="The folder that holds seawall.yml."),
    since: str | None = typer.Option(None, "--since", metavar="T", help="First decision, RFC 3339."),
    until: str | None = typer.Option(None, "--until", metavar="T", help="Last decision; now if not given."),
    reason: str = typer.Option("", "--reason", help="Why, for the record."),
    apply: bool = typer.Option(False, "--apply", help="Do it; without it you only see what would change."),
    approve_: str | None = typer.Option(None, "--approve", metavar="ID", help="Allow one that waits."),
    refuse_: str | None = typer.Option(None, "--refuse", metavar="ID", help="Turn down one that waits."),
    by: str | None = typer.Option(None, "--by", metavar="NAME", help="Who does it: a console account."),
    password_stdin: bool = typer.Option(False, "--password-stdin", help="Read the password from there."),
) -> None:
    """Take back everything a strategy asked for since a time.

    What another strategy or a person asked for still holds. A large undo waits for a second person, and
    both prove who they are with their console password.
    """
    with _opened(project) as (ledger, outgoing):
        if approve_ or refuse_:
            who = proved(ledger, by, from_stdin=password_stdin)
            with ledger.begin() as connection:
                _tell(_answer(connection, outgoing, approve_, refuse_, who))
        elif strategy is None:
            with ledger.read() as connection:
                _list(list_undos(connection))
        else:
            wanted = _wanted(strategy, since, until, reason, by or _shell_user())
            with ledger.read() as connection:
                seen = preview(connection, wanted, at=CLOCK.now())
            _show(seen)
            if apply:
                _ask(ledger, outgoing, seen, by, from_stdin=password_stdin)
            elif seen.grounds:
                typer.echo("\nNothing was changed. Add --apply --by NAME to do it.")


def _wanted(strategy: str, since: str | None, until: str | None, reason: str, by: str) -> Undo:
    if since is None:
        raise UsageError("undo needs --since", hint="such as --since 2026-11-22T08:00:00Z")
    now = CLOCK.now()
    return Undo(
        strategy=strategy,
        since=timestamp("--since", since),
        until=now if until is None else timestamp("--until", until),
        reason=reason,
        asked_by=by,
        asked_at=now,
    )


def _ask(ledger: Ledger, outgoing: Outgoing, seen: Preview, by: str | None, *, from_stdin: bool) -> None:
    if by is None:
        raise UsageError("--apply needs --by NAME", hint="the record says who took the decisions back")
    if seen.needs_second:
        proved(ledger, by, from_stdin=from_stdin)
    with ledger.begin() as connection:
        row = request(connection, seen.undo, outgoing.effects)
        act = "undo.ask" if row.state != APPLIED else "undo.apply"
        seal(connection, row, by=by, act=act, at=CLOCK.now())
    _tell(row)


def _answer(
    connection: Connection, outgoing: Outgoing, approved: str | None, refused: str | None, by: str
) -> UndoRow:
    if refused:
        row, act = refuse(connection, refused, by=by, at=CLOCK.now()), "undo.refuse"
    else:
        row, act = (
            approve(connection, approved or "", outgoing.effects, by=by, at=CLOCK.now()),
            "undo.approve",
        )
    seal(connection, row, by=by, act=act, at=CLOCK.now())
    return row


def _show(seen: Preview) -> None:
    undo = seen.undo
    console = Console(highlight=False)
    console.print(f"{undo.strategy}, decisions from {format_time(undo.since)} to {format_time(undo.until)}")
    if not seen.grounds:
        console.print("asked for nothing in that time that the ledger knows of")
        return
    console.print(f"  grounds    {seen.grounds:,} on {seen.accounts:,} accounts")
    for title, counts in (("by action", seen.by_action), ("by market", seen.by_market)):
        console.print(f"  {title}  {', '.join(f'{name} {count:,}' for name, count in counts.items())}")
    became = ", ".join(f"{count:,} {kind}" for kind, count in seen.effects.items())
    console.print(f"  effects    {became} (unchanged: something else asks for the same)")
    for change in seen.sample:
        console.print(f"    {change.key}  {change.action} -> {change.then or 'nothing'}", markup=False)
    if seen.needs_second:
        console.print("  It is large: a second person has to allow it.")


def _list(rows: list[UndoRow]) -> None:
    for row in rows:
        undo, answered = row.undo, f" by {row.answered_by}" if row.answered_by else ""
        typer.echo(
            f"{undo.id}  {row.state}{answered}  {undo.strategy} since {format_time(undo.since)}, "
            f"{row.grounds:,} grounds, asked by {undo.asked_by}"
        )
    if not rows:
        typer.echo("no undo was asked for yet: seawall undo STRATEGY --since T shows what one would do")


def _tell(row: UndoRow) -> None:
    typer.echo(f"undo {row.undo.id} {row.state}" + (f" by {row.answered_by}" if row.answered_by else ""))
    if row.state == APPLIED:
        typer.echo(f"If it still acts, pause it: the strategy {row.undo.strategy} is not stopped by an undo.")
    elif row.answered_by is None:
        typer.echo(f"A second person allows it with: seawall undo --approve {row.undo.id} --by NAME")


def _shell_user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"  # a process without a name, as in some containers


@contextmanager
def _opened(project: Path) -> Generator[tuple[Ledger, Outgoing]]:
    ledger, data = open_ledger(project, Settings())  # pyright: ignore[reportCallIssue]  the environment fills it
    try:
        yield ledger, Outgoing.of(data, clock=CLOCK)
    finally:
        ledger.close()
