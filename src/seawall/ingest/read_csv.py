"""CSV with a header: quotes, ragged rows, byte order marks, delimiters, encodings; in constant memory."""

from __future__ import annotations

import codecs
import csv
import io
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from seawall.core.errors import UsageError
from seawall.ingest.model import DeadLetter, Record, kept

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_CELL = 1_000_000
"""Characters a cell, and a line, may have."""

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DELIMITERS = (",", ";", "\t", "|")


class _LineTooLong(Exception):
    """Stops the csv module at a line that must not be kept."""


class _Lines:
    """Lines for the csv module; keeps those of the record being read: a bad one costs only its first."""

    def __init__(self, text: io.TextIOBase) -> None:
        self._text = text
        self._ahead: list[str] = []
        self.number = 0  # of the line given last
        self.current: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._ahead.pop() if self._ahead else self._text.readline(LONGEST_CELL + 1)
        if not line:
            raise StopIteration
        self.number += 1
        self.current.append(line)
        if len(line) > LONGEST_CELL:
            self._skip(line)
            raise _LineTooLong
        return line

    def begin(self) -> None:
        """A new record begins with the next line."""
        self.current.clear()

    def retreat(self) -> str:
        """Give up the first line of this record and read on from the second; the line given up."""
        first, *rest = self.current
        self.number -= len(rest)
        self._ahead.extend(reversed(rest))
        self.current.clear()
        return first

    def _skip(self, line: str) -> None:
        while line and not line.endswith("\n"):
            line = self._text.readline(LONGEST_CELL)


def read_csv(stream: BinaryIO, *, encoding: str | None = None) -> Iterator[Record | DeadLetter]:
    """The rows of a CSV under the names of its header, every value text.

    Args:
        stream: the bytes.
        encoding: of the text; UTF-8, or what a byte order mark says, unless given. Bytes that do not fit are
            read as lone surrogates, which the check of the event refuses by field.

    Raises:
        UsageError: the encoding is unknown, or the header is missing or names a column twice.
    """
    csv.field_size_limit(LONGEST_CELL)
    text = _decoded(stream, encoding)
    try:
        yield from _rows(_Lines(text))
    finally:
        text.detach()  # the stream is the caller's to close


def _rows(lines: _Lines) -> Iterator[Record | DeadLetter]:
    header, delimiter = _header(lines)
    rows = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        lines.begin()
        line = lines.number + 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except (csv.Error, _LineTooLong) as error:
            reason = f"not CSV: {error}" if str(error) else f"a line of more than {LONGEST_CELL:,} characters"
            yield DeadLetter(
                line=line,
                field=None,
                reason=reason,
                hint="a quote that never closes takes the lines after it; they were read again without it",
                raw=kept(lines.retreat()),
            )
            rows = csv.reader(lines, delimiter=delimiter, strict=True)
            continue
        if not row:
            continue
        raw = "".join(lines.current)
        if len(row) != len(header):
            yield DeadLetter(
                line=line,
                field=None,
                reason=f"{len(row)} columns where the header has {len(header)}",
                hint="a value with a comma in it needs quotes" if len(row) > len(header) else None,
                raw=kept(raw),
            )
            continue
        yield Record(line, dict(zip(header, row, strict=True)), kept(raw))


def _decoded(stream: BinaryIO, encoding: str | None) -> io.TextIOWrapper:
    known = isinstance(stream, io.BufferedReader)
    buffered = cast("io.BufferedReader[Any]", stream if known else io.BufferedReader(cast("Any", stream)))
    if encoding is None:
        start = buffered.peek(4)[:4]
        encoding = next((name for mark, name in _MARKS if start.startswith(mark)), "utf-8")
    try:
        codecs.lookup(encoding)
    except LookupError as error:
        raise UsageError(
            f"unknown encoding {encoding!r}", hint="like utf-8, utf-16, latin-1, gb18030"
        ) from error
    errors = "surrogateescape" if encoding.startswith("utf-8") else "replace"
    return io.TextIOWrapper(buffered, encoding=encoding, errors=errors, newline="")


def _header(lines: _Lines) -> tuple[list[str], str]:
    try:
        first = next(lines)
    except StopIteration:
        raise UsageError("the CSV is empty", hint="its first line names the columns") from None
    except _LineTooLong:
        raise UsageError(
            "the first line of the CSV is endless", hint="its first line names the columns"
        ) from None
    delimiter = max(_DELIMITERS, key=first.count)
    try:
        header = [name.strip() for name in next(csv.reader([first], delimiter=delimiter))]
    except (csv.Error, StopIteration):
        raise UsageError("the first line of the CSV names no columns") from None
    twice = {name for name in header if header.count(name) > 1}
    if twice:
        raise UsageError(f"the CSV has the column {min(twice)!r} twice", hint="rename one of them")
    return header, delimiter
