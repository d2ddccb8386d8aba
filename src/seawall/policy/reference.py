"""The tables of the reference, from the declarations that read the files and the codes that name mistakes."""

from __future__ import annotations

from typing import Any

from seawall.policy.codes import GROUPS
from seawall.policy.records import Record, fields_of
from seawall.policy.schema import FILE_KINDS
from seawall.policy.shapes import ListOf, MapOf, Shape


def key_tables() -> str:
    """Every key of every kind of file as Markdown: what it takes and what it says."""
    sections = list[str]()
    for kind in FILE_KINDS:
        sections.append(f"### {kind.name}\n\nIn {_code(kind.where)}.\n\n{_table(kind.shape)}")
        sections.extend(
            f"Under `{path}`:\n\n{_table(nested)}" for path, nested in _nested(kind.shape, prefix="")
        )
    return "\n\n".join(sections) + "\n"


def _code(where: str) -> str:
    return f"`{where}`" if " " not in where else where


def _table(record: Record[Any]) -> str:
    rows = [
        f"| `{field.name}` | {required} | {_cell(field.shape.words)} | {_cell(field.about)} |"
        for field in fields_of(record.struct)
        for required in ("yes" if field.required else "",)
    ]
    return "\n".join(("| key | required | takes | says |", "|---|---|---|---|", *rows))


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _nested(record: Record[Any], *, prefix: str) -> list[tuple[str, Record[Any]]]:
    found = list[tuple[str, Record[Any]]]()
    for field in fields_of(record.struct):
        path, inner = _inner(f"{prefix}{field.name}", field.shape)
        if inner is not None:
            found.append((path, inner))
            found.extend(_nested(inner, prefix=f"{path}."))
    return found


def _inner(path: str, shape: Shape[Any]) -> tuple[str, Record[Any] | None]:
    """The record that stands under a key, directly or in a list or map, and the way there."""
    match shape:
        case Record():
            return path, shape
        case ListOf(item=Record() as item):
            return f"{path}[]", item
        case MapOf(value=Record() as value):
            return f"{path}.NAME", value
        case _:
            return path, None


def code_tables() -> str:
    """Every diagnostic code as Markdown, a table per group."""
    sections = list[str]()
    for group, codes in GROUPS.items():
        rows = "\n".join(f"| `{code}` | {_cell(meaning)} |" for code, meaning in codes.items())
        sections.append(f"## {group}\n\n| code | what is wrong |\n|---|---|\n{rows}")
    return "\n\n".join(sections) + "\n"
