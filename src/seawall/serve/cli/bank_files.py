"""`seawall bank import`, `export` and `share`: files of hashes."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import typer

from seawall.core.errors import StorageError, UsageError
from seawall.serve.cli.banked import CLOCK, entries, number, opened, who
from seawall.signals.bank import Entry, Opinion
from seawall.signals.bank.change import addition, hash_lines
from seawall.signals.bank.forms import FORMS, form_of
from seawall.signals.bank.share import WHY, choose_shared
from seawall.store.audit import append

if TYPE_CHECKING:
    from collections.abc import Generator

    from seawall.signals.bank.forms import Parsed

_SHOWN = 20
_PROJECT = typer.Option(Path(), "--project", help="The folder that holds seawall.yml.")
_FORM = typer.Option("list", "--form", help=f"What the file is: {', '.join(FORMS)}.")


def import_(
    bank: str = typer.Argument(..., help="The bank."),
    file: Path = typer.Argument(..., help="The file, or - for standard input."),
    form: str = _FORM,
    source: str = typer.Option(
        ..., "--source", help="Whose they are; own: your people's, or as the file says of each."
    ),
    opinion: Opinion = typer.Option(
        Opinion.TRUE_POSITIVE, "--opinion", help="What is thought of those the file says nothing of."
    ),
    clause: str = typer.Option("", "--clause", help="The clause they break; default the bank's."),
    tag: list[str] = typer.Option([], "--tag", help="A word for all of them; repeatable."),
    ref: str = typer.Option("", "--ref", help="What one video is called that the file gives no name."),
    shareable: bool = typer.Option(False, "--shareable", help="They may go to partners; see `share`."),
    skip_bad: bool = typer.Option(False, "--skip-bad", help="Bring in the rest where lines cannot be read."),
    dry_run: bool = typer.Option(False, "--dry-run", help="Read every line and ask for nothing."),
    reason: str = typer.Option("", "--reason", help="Why, for the record."),
    project: Path = _PROJECT,
) -> None:
    """Bring hashes in: all of a file or, where a line cannot be read, none."""
    content = _content(file)
    with opened(project, bank) as there:
        common = Entry(
            source=source, opinion=opinion, ref=ref, clause=there.clause(clause), tags=tuple(tag),
            added_at=CLOCK.now(), added_by=who(), share=shareable,
        )  # fmt: skip
        change = hash_lines(bank, there.kind, content, common) if form == "list" and not ref else None
        if change is not None:
            count = content.count(b"\n")
        else:
            parsed = form_of(form, there.kind).read(content, there.kind, common)
            _complain(parsed, file, skip=skip_bad)
            count = len(parsed.items)
            change = addition(bank, there.kind, parsed.items, common)
        if dry_run:
            typer.echo(f"{entries(count)} sound; nothing was asked for")
            return
        if not count:
            raise UsageError(f"{file} holds no {there.kind.name} hash", hint="--form says what a file is")
        before = there.bank.size if there.bank else 0
        there.ask(change, by=common.added_by, reason=reason or f"import of {file.name}")
        after = there.bank.size if there.bank else 0
    typer.echo(f"{entries(count)} asked to come into {bank}: {before:,} hashes now, {after:,} with them")


def export(
    bank: str = typer.Argument(..., help="The bank."),
    form: str = typer.Option("csv", "--form", help=f"What the file shall be: {', '.join(FORMS)}."),
    out: Path | None = typer.Option(None, "--out", help="The file; default standard output."),
    source: str | None = typer.Option(None, "--source", help="Only what this source says."),
    project: Path = _PROJECT,
) -> None:
    """Write everything that is in a bank, for yourselves: see `share` for what may go to others."""
    with opened(project, bank) as there, _written(out) as sink:
        wanted = form_of(form, there.kind)
        kept = there.bank.entries() if there.bank else ()
        if source is not None:
            kept = (each for each in kept if each[0].source == source)
        for part in wanted.write(kept, there.kind, bank):
            sink.write(part)


def share(
    bank: str = typer.Argument(..., help="The bank."),
    to: str = typer.Option(..., "--to", help="The partner, as the bank's file names it."),
    form: str = typer.Option("csv", "--form", help=f"What the file shall be: {', '.join(FORMS)}."),
    out: Path | None = typer.Option(None, "--out", help="The file."),
    dry_run: bool = typer.Option(False, "--dry-run", help="Print what the file would hold, and write none."),
    reason: str = typer.Option("", "--reason", help="Why entries of severe clauses go there."),
    project: Path = _PROJECT,
) -> None:
    """Write the file that may go to a partner; nothing is sent.

    Entries leave that your own people added, are sure of and marked shareable, and that hold now. Those of
    severe clauses only for a partner that the bank's file names under severe_to, and with a reason. The audit
    keeps it.
    """
    if not dry_run and out is None:
        raise UsageError("a file must be named: --out FILE", hint="--dry-run prints what it would hold")
    with opened(project, bank) as there:
        wanted = form_of(form, there.kind)
        now = CLOCK.now()
        kept = there.bank.entries() if there.bank else ()
        found = choose_shared(
            kept, there.project, there.declared, kind=there.kind, to=to, reason=reason, now=now
        )
        parts = wanted.write(found.leaves, there.kind, there.project.name)
        if dry_run:
            for part in parts:
                sys.stdout.buffer.write(part)
            sys.stdout.buffer.flush()
        else:
            with _written(out) as sink:
                for part in parts:
                    sink.write(part)
            detail = {"to": to, "reason": reason, "entries": len(found.leaves), "severe": found.severe,
                      "form": form}  # fmt: skip
            with there.ledger.begin() as connection:
                append(connection, at=now, by=who(), act="bank.share", target=bank, detail=detail)
    said = "would leave" if dry_run else f"now in {out}"
    typer.echo(
        f"{number(len(found.leaves))} {said} for {to}, {found.severe:,} of them of severe clauses", err=True
    )
    for word, why in WHY.items():
        if found.stays[word]:
            typer.echo(f"{found.stays[word]:,} of the rest: {why}", err=True)


def _content(file: Path) -> bytes:
    if str(file) == "-":
        return sys.stdin.buffer.read()
    try:
        return file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from error


def _complain(parsed: Parsed, file: Path, *, skip: bool) -> None:
    for line, why in parsed.bad[:_SHOWN]:
        typer.echo(f"{file}:{line}: {why}", err=True)
    if len(parsed.bad) > _SHOWN:
        typer.echo(f"... and {len(parsed.bad) - _SHOWN:,} more", err=True)
    if parsed.elsewhere:
        typer.echo(f"{parsed.elsewhere:,} hashes of other kinds were passed over", err=True)
    if parsed.bad and not skip:
        typer.echo("nothing was asked for; --skip-bad brings the rest in", err=True)
        raise typer.Exit(1)


@contextmanager
def _written(path: Path | None) -> Generator[BinaryIO]:
    """Standard output, or a file that appears under its name when it is whole."""
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as stream:
            yield stream
        part.replace(path)
    except OSError as error:
        raise StorageError(f"cannot write {path}: {error.strerror}") from error
