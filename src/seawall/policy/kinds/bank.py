"""lists/**: banks of terms, domains and hashes as text, and tables by key as CSV."""

from __future__ import annotations

import csv
import re
import unicodedata
from typing import TYPE_CHECKING

import msgspec

from seawall.core.diagnostic import Span
from seawall.policy.kinds.names import PATH_NAME
from seawall.policy.model import Bank
from seawall.policy.near import did_you_mean
from seawall.policy.normal import fingerprint
from seawall.policy.yaml_nodes import shorten

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seawall.policy.diagnostics import Diagnostics
    from seawall.policy.source import Source

MATCHES = ("words", "anywhere", "exact", "domain", "hash")
LONGEST_ENTRY = 1_000

_DIRECTIVE = re.compile(r"#\s+([a-z]+)\s*:\s*(\S+)\s*")
_DOMAIN = re.compile(r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")
_HASH = re.compile(r"([0-9a-f]{2}){1,128}")
_SPACED = re.compile(r"#(\s|$)")


class _Line(msgspec.Struct, frozen=True):
    text: str
    span: Span


def read_bank(source: Source, found: Diagnostics) -> Bank | None:
    """The bank in a list file, or None where it cannot be named."""
    folder_less = source.path.partition("/")[2]
    name, _, suffix = folder_less.rpartition(".")
    if not re.fullmatch(PATH_NAME.pattern or "", name):
        found.error(
            "bad-value",
            Span(source.path),
            f"a list is named by its path, and {name!r} is no name",
            hint=PATH_NAME.hint,
        )
        return None
    body = tuple(_body(source))
    match = _directive(source, body, found) or ("exact" if suffix == "csv" else "words")
    return (_table if suffix == "csv" else _entries)(source, name, match, body, found)


def _body(source: Source) -> Iterator[_Line]:
    """The lines that are neither blank nor comment."""
    for number, line in enumerate(source.lines, start=1):
        text = line.strip()
        if text and not _SPACED.match(text):
            column = len(line) - len(line.lstrip()) + 1
            yield _Line(text, Span(source.path, number, column, column + len(text)))


def _directive(source: Source, body: tuple[_Line, ...], found: Diagnostics) -> str | None:
    """How entries match, as the comments before the first entry say."""
    first = body[0].span.line if body else len(source.lines) + 1
    match: str | None = None
    for number, line in enumerate(source.lines[: first - 1], start=1):
        directive = _DIRECTIVE.fullmatch(line.strip())
        if directive is None or directive[1] != "match":
            continue
        column = line.index(directive[2], line.index(":")) + 1
        span = Span(source.path, number, column, column + len(directive[2]))
        if directive[2] in MATCHES:
            match = directive[2]
        else:
            hint = did_you_mean(directive[2], MATCHES, what="one of")
            found.error("bad-value", span, f"{shorten(directive[2])!r} is no way to match", hint=hint)
    return match


def _entries(source: Source, name: str, match: str, body: tuple[_Line, ...], found: Diagnostics) -> Bank:
    entries: dict[str, _Line] = {}
    for line in body:
        if _check_entry(line, match, found) and line.text in entries:
            first = entries[line.text].span.line
            found.warn("duplicate-entry", line.span, f"{shorten(line.text)!r} is on line {first} already")
        entries.setdefault(line.text, line)
    _warn_if_empty(source, entries, found)
    if match == "hash":
        _check_lengths(tuple(entries.values()), found)
    return Bank(
        name=name,
        match=match,
        entries=tuple(entries),
        version=fingerprint([match, sorted(entries)]),
        span=Span(source.path, 1, 1, 2),
    )


def _check_entry(line: _Line, match: str, found: Diagnostics) -> bool:
    if len(line.text) > LONGEST_ENTRY:
        found.error("bad-entry", line.span, f"an entry has at most {LONGEST_ENTRY} characters")
        return False
    if any(unicodedata.category(character) == "Cc" for character in line.text):
        found.error("bad-entry", line.span, "an entry holds no control characters")
        return False
    if match == "domain" and not _DOMAIN.fullmatch(line.text):
        hint = "write the host alone, in lower case and without a scheme or path: go.example"
        found.error("bad-entry", line.span, f"{shorten(line.text)!r} is no domain", hint=hint)
        return False
    if match == "hash" and not _HASH.fullmatch(line.text):
        hint = "write lower-case hexadecimal, two digits a byte"
        found.error("bad-entry", line.span, f"{shorten(line.text)!r} is no hash", hint=hint)
        return False
    return True


def _check_lengths(lines: tuple[_Line, ...], found: Diagnostics) -> None:
    """Hashes of two lengths come from two algorithms, and no distance lies between them."""
    for line in lines[1:]:
        if len(line.text) != len(lines[0].text):
            message = f"this hash has {len(line.text)} digits, the first one {len(lines[0].text)}"
            found.error(
                "bad-entry", line.span, message, hint="keep hashes of each kind in a list of their own"
            )
            return


def _table(source: Source, name: str, match: str, body: tuple[_Line, ...], found: Diagnostics) -> Bank | None:
    if not body:
        found.error("bad-table", Span(source.path), "a table needs a first row that names its columns")
        return None
    skipped = body[0].span.line - 1
    rows = csv.reader(source.lines[skipped:], strict=True)
    table: dict[str, dict[str, str]] = {}
    columns: tuple[str, ...] = ()
    try:
        columns = tuple(cell.strip() for cell in next(rows))
        _check_columns(columns, body[0].span, found)
        for row in rows:
            _add_row(row, columns, table, Span(source.path, skipped + rows.line_num, 1, 2), found)
    except csv.Error as error:
        found.error(
            "bad-table", Span(source.path, skipped + rows.line_num, 1, 2), f"this is not CSV: {error}"
        )
        return None
    _warn_if_empty(source, table, found)
    return Bank(
        name=name,
        match=match,
        entries=tuple(table),
        table=table,
        columns=columns,
        version=fingerprint([match, columns, table]),
        span=Span(source.path, 1, 1, 2),
    )


def _check_columns(columns: tuple[str, ...], span: Span, found: Diagnostics) -> None:
    for position, column in enumerate(columns):
        if not column:
            found.error("bad-table", span, f"column {position + 1} has no name")
        elif column in columns[:position]:
            found.error("bad-table", span, f"two columns are called {column!r}")


def _add_row(
    row: list[str], columns: tuple[str, ...], table: dict[str, dict[str, str]], span: Span, found: Diagnostics
) -> None:
    cells = [cell.strip() for cell in row]
    if not any(cells) or _SPACED.match(cells[0]):
        return
    if len(cells) != len(columns):
        found.error("bad-table", span, f"this row has {len(cells)} cells, the first row {len(columns)}")
    elif not cells[0]:
        found.error("bad-table", span, "the key, which is the first cell, is empty")
    elif cells[0] in table:
        found.error(
            "duplicate-entry", span, f"the key {shorten(cells[0])!r} stands twice", hint="keep one row"
        )
    else:
        table[cells[0]] = dict(zip(columns[1:], cells[1:], strict=True))


def _warn_if_empty(source: Source, entries: object, found: Diagnostics) -> None:
    if not entries:
        found.warn("empty-list", Span(source.path), "this list has no entries, so nothing ever matches it")
