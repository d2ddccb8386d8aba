"""`seawall schema`: what an editor needs to complete and check project files."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  (typer reads it)
from typing import Any

import msgspec
import typer

from seawall.policy.schema import FILE_KINDS, schema_of


def schema(
    kind: str = typer.Argument(
        "", metavar="[KIND]", help=f"One of {', '.join(each.name for each in FILE_KINDS)}."
    ),
    output: Path | None = typer.Option(
        None, "-o", "--output", metavar="DIR", help="Write KIND.schema.json files."
    ),
) -> None:
    """Print the JSON Schema of one kind of project file, or of all; or write them into a folder."""
    kinds = [kind] if kind else [each.name for each in FILE_KINDS]
    schemas = {name: schema_of(name) for name in kinds}
    if output is None:
        typer.echo(_text(schemas[kind] if kind else schemas))
        return
    output.mkdir(parents=True, exist_ok=True)
    for name, each in schemas.items():
        path = output / f"{name}.schema.json"
        path.write_text(_text(each) + "\n", "utf-8")
        typer.echo(str(path))


def _text(document: dict[str, Any]) -> str:
    return msgspec.json.format(msgspec.json.encode(document)).decode()
