"""`seawall check`: everything that is wrong with a safety project, at once."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

import msgspec
import typer

from seawall.core.diagnostic import Diagnostic, Severity
from seawall.policy.diagnostics import Diagnostics
from seawall.policy.folder import read_folder
from seawall.policy.read import read_project
from seawall.policy.render import as_document, closing_line, render
from seawall.signals.kinds import KINDS


class Format(StrEnum):
    """How diagnostics are written."""

    TEXT = "text"
    JSON = "json"


def check(
    directory: Path = typer.Argument(Path(), metavar="DIR", help="The folder that holds seawall.yml."),
    output: Format = typer.Option(Format.TEXT, "--format", help="text for people, json for programs."),
) -> None:
    """Check a safety project as a compiler would: every error at once, with its place and the mend.

    The exit status is 1 if anything is an error, else 0.
    """
    found = Diagnostics()
    files = read_folder(directory, found)
    _, diagnostics = read_project(files, found, root=str(directory), kinds=KINDS)
    if output is Format.JSON:
        typer.echo(msgspec.json.format(msgspec.json.encode(as_document(diagnostics, files=len(files)))))
    else:
        _write_text([_seen_from_here(each, directory) for each in diagnostics], files=len(files))
    if any(each.severity is Severity.ERROR for each in diagnostics):
        raise typer.Exit(1)


def _seen_from_here(diagnostic: Diagnostic, directory: Path) -> Diagnostic:
    """With a path that an editor or terminal can open from where the command was given."""
    span = msgspec.structs.replace(diagnostic.span, file=str(directory / diagnostic.span.file))
    return msgspec.structs.replace(diagnostic, span=span)


def _write_text(diagnostics: list[Diagnostic], *, files: int) -> None:
    for diagnostic in diagnostics:
        typer.echo(render(diagnostic) + "\n")
    typer.echo(closing_line(diagnostics, files=files))
