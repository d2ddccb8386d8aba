"""`seawall labels`: truths that somebody else found, brought into the ledger with their provenance."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from seawall.core.clock import format_time
from seawall.core.errors import UsageError
from seawall.review.labels_csv import Refused, read_labels
from seawall.review.model import Label
from seawall.review.proposals import proposals
from seawall.review.repo import add_labels
from seawall.serve.clock import SystemClock
from seawall.serve.process import open_ledger
from seawall.serve.settings import Settings
from seawall.store import audit

if TYPE_CHECKING:
    from seawall.store import Ledger

BY = "cli"
HEADER = ("at", "source", "attribute", "score", "part", "text", "languages", "community", "session")
SHOWN = 20  # bad rows printed; the rest are counted
LABELS = typer.Typer(help="Truths that people found, with their provenance.", no_args_is_help=True)


@LABELS.command("import")
def import_(
    file: Path = typer.Argument(..., help="CSV with the columns surface, subject, violates and others."),
    source: str = typer.Option(..., "--source", help="Whose labels these are; their provenance says so."),
    project: Path = typer.Option(Path(), "--project", help="The folder that holds seawall.yml."),
    dry_run: bool = typer.Option(False, "--dry-run", help="Check every row and keep nothing."),
) -> None:
    """Check every row of a CSV file, then keep all labels or none. What is there already stays as it is."""
    now = SystemClock().now()
    read = _read(file, source, now)
    refused = [one for one in read if isinstance(one, Refused)]
    if refused:
        _complain(refused)
        typer.echo(f"{len(refused)} of {len(read)} rows are no labels; nothing was kept", err=True)
        raise typer.Exit(1)
    labels = [one for one in read if isinstance(one, Label)]
    if dry_run:
        typer.echo(f"{len(labels)} labels are sound; nothing was kept")
        return
    ledger, _ = open_ledger(project, Settings())  # pyright: ignore[reportCallIssue]  the environment fills it
    try:
        new = _keep(ledger, labels, source=source, file=file.name, now=now)
    finally:
        ledger.close()
    typer.echo(f"{new} new labels of {source}, {len(labels) - new} were there already")


@LABELS.command("proposals")
def proposals_(
    project: Path = typer.Option(Path(), "--project", help="The folder that holds seawall.yml."),
) -> None:
    """Print the scores that callers proposed, as CSV, the oldest first. Nobody has looked at them."""
    ledger, _ = open_ledger(project, Settings())  # pyright: ignore[reportCallIssue]  the environment fills it
    table = csv.writer(typer.get_text_stream("stdout"), lineterminator="\n")
    table.writerow(HEADER)
    try:
        with ledger.read() as connection:
            for each in proposals(connection):
                part = each.text[each.begin : each.end]
                languages = " ".join(each.languages)
                said = (each.attribute, each.score, part, each.text, languages, each.community, each.session)
                table.writerow((format_time(each.at), each.source, *said))
    finally:
        ledger.close()


def _read(file: Path, source: str, now: int) -> list[Label | Refused]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            return list(read_labels(text, name=file.name, source=source, at=now))
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{file} is not UTF-8 at byte {error.start}", hint="save it as UTF-8 and import it again"
        ) from error


def _keep(ledger: Ledger, labels: list[Label], *, source: str, file: str, now: int) -> int:
    with ledger.begin() as connection:
        new = add_labels(connection, labels)
        audit.append(
            connection,
            at=now,
            by=BY,
            act="labels.import",
            target=source,
            detail={"file": file, "rows": len(labels), "new": new},
        )
    return new


def _complain(refused: list[Refused]) -> None:
    for one in refused[:SHOWN]:
        where = f"{one.span.file}:{one.span.line}" + (f" ({one.column})" if one.column else "")
        hint = f"; {one.hint}" if one.hint else ""
        typer.echo(f"{where}: {one.message}{hint}", err=True)
    if len(refused) > SHOWN:
        typer.echo(f"... and {len(refused) - SHOWN} more", err=True)
