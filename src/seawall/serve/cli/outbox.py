"""`seawall outbox`: effects on their way to the platform, and those that did not arrive."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection

from seawall.act.breaker import Flow, flow
from seawall.act.deliver import circuit_of
from seawall.act.outbox import require_message, send_again
from seawall.act.repo_outbox import DEAD, FAILED, STATES, Message, count_messages, list_messages
from seawall.core.clock import format_time
from seawall.core.errors import UsageError
from seawall.serve.clock import SystemClock
from seawall.serve.effects import Outgoing
from seawall.serve.process import open_ledger
from seawall.serve.settings import Settings
from seawall.store.audit import append

BY = "cli"
CLOCK = SystemClock()
OUTBOX = typer.Typer(help="Effects on their way to the platform.", no_args_is_help=True)
_PROJECT = typer.Option(Path(), "--project", help="The folder that holds seawall.yml.")
_DESTINATION = typer.Option(None, "--destination", help="Only of this destination.")


@OUTBOX.command("list")
def list_(
    project: Path = _PROJECT,
    state: str | None = typer.Option(None, "--state", help=f"Only these: {', '.join(STATES)}."),
    destination: str | None = _DESTINATION,
    limit: int = typer.Option(50, "--limit", min=1, help="At most so many, the newest first."),
) -> None:
    """How much waits, was sent or died, by destination; then the messages themselves."""
    if state is not None and state not in STATES:
        raise UsageError(f"no message is ever {state!r}", hint=f"one of {', '.join(STATES)}")
    console = Console(highlight=False)
    with _opened(project) as (connection, outgoing):
        counts = count_messages(connection)
        for name in sorted({name for name, _ in counts} | {each.name for each in outgoing.destinations}):
            said = [f"{count:,} {kind}" for (where, kind), count in counts.items() if where == name]
            stands = flow(circuit_of(connection, name), CLOCK.now())
            rest = "" if stands is Flow.CLOSED else f"; circuit {stands.value}"
            console.print(f"{name}: {', '.join(said) or 'nothing yet'}{rest}", markup=False)
        found = list_messages(connection, state=state, destination=destination, limit=limit)
    if not counts and not outgoing.destinations:
        console.print("no destination is declared: docs/reference/webhooks.md shows how")
    if found:
        console.print(_table(found))


@OUTBOX.command()
def show(message_id: str, project: Path = _PROJECT) -> None:
    """One message: how it stands, what went wrong last, and its body as it is signed."""
    with _opened(project) as (connection, _):
        message = require_message(connection, message_id)
    typer.echo(f"{message.message_id} to {message.destination}: {message.state}")
    typer.echo(f"created {format_time(message.created)}, {message.attempts} attempts")
    if message.last_error:
        typer.echo(f"last error: {message.last_error}")
    typer.echo(message.body)


@OUTBOX.command()
def retry(
    message_ids: list[str] = typer.Argument(None, help="Ids of messages; none with --all."),
    project: Path = _PROJECT,
    all_: bool = typer.Option(False, "--all", help="Every message that is dead or failed."),
    destination: str | None = _DESTINATION,
) -> None:
    """Tell the destination the state of each message's key again, as it is now."""
    if bool(message_ids) == all_:
        raise UsageError(
            "name the messages, or say --all", hint="`seawall outbox list --state dead` shows them"
        )
    with _opened(project) as (connection, outgoing):
        ids = message_ids or [
            message.message_id
            for state in (DEAD, FAILED)
            for message in list_messages(connection, state=state, destination=destination, limit=1_000_000)
        ]
        for message_id in ids:
            again = send_again(
                connection, message_id, outgoing.effects, outgoing.destinations, at=CLOCK.now()
            )
            append(connection, at=CLOCK.now(), by=BY, act="outbox.retry", target=message_id)
            typer.echo(f"{message_id} goes out again as {again}")
    typer.echo(f"{len(ids):,} to send; a running server does it within a second")


def _table(messages: list[Message]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("message", "to", "state", "attempts", "created", "last error"):
        table.add_column(heading, overflow="fold", no_wrap=heading == "message")
    for one in messages:
        created = format_time(one.created)[:19] + "Z"
        error = one.last_error or ""
        table.add_row(one.message_id, one.destination, one.state, str(one.attempts), created, error)
    return table


@contextmanager
def _opened(project: Path) -> Generator[tuple[Connection, Outgoing]]:
    ledger, data = open_ledger(project, Settings())  # pyright: ignore[reportCallIssue]  the environment fills it
    try:
        outgoing = Outgoing.of(data, clock=CLOCK)
        with ledger.begin() as connection:
            yield connection, outgoing
    finally:
        ledger.close()
