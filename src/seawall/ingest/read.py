"""A file or pipe of any known format to records under the names of their events."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, BinaryIO

from seawall.core.errors import UsageError
from seawall.ingest.mapping import Mapping, typed
from seawall.ingest.model import DeadLetter, Record
from seawall.ingest.read_csv import read_csv
from seawall.ingest.read_jsonl import read_jsonl
from seawall.ingest.read_parquet import read_parquet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seawall.policy.model import EventType

FORMATS = ("jsonl", "csv", "parquet")
"""What can be read."""

_SUFFIXES = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
}


def format_of(name: str) -> str:
    """The format a file's name promises.

    Raises:
        UsageError: it promises none.

    >>> format_of("comments.CSV")
    'csv'
    """
    suffix = PurePath(name).suffix.lower()
    if suffix not in _SUFFIXES:
        raise UsageError(
            f"the name {name!r} does not say what the input is", hint=f"add --format: {', '.join(FORMATS)}"
        )
    return _SUFFIXES[suffix]


def read(
    stream: BinaryIO,
    format_: str,
    *,
    types: dict[str, EventType],
    mapping: Mapping | None = None,
    encoding: str | None = None,
) -> Iterator[Record | DeadLetter]:
    """The records of the input, in order, under the names of their events.

    Args:
        stream: the bytes.
        format_: one of `FORMATS`.
        types: the event types of the project, so that the text of a cell can be read as its field wants it.
        mapping: how columns become names; a table without one has the names of the event as its header.
        encoding: of a CSV.

    Raises:
        UsageError: the input as a whole is not of the format, or the mapping does not fit it.
    """
    tables = {"csv": lambda: read_csv(stream, encoding=encoding), "parquet": lambda: read_parquet(stream)}
    if format_ == "jsonl":
        for item in read_jsonl(stream):
            if mapping is None or isinstance(item, DeadLetter):
                yield item
            else:
                yield Record(item.line, mapping.apply(item.data, line=item.line), item.raw)
        return
    chosen = mapping or Mapping()
    chosen.check()
    checked = False
    for item in tables[format_]():
        if isinstance(item, DeadLetter):
            yield item
            continue
        if not checked:
            chosen.check(tuple(item.data))
            checked = True
        named = chosen.apply(item.data, line=item.line)
        event_type = types.get(str(named.get("type")))
        yield Record(item.line, typed(named, event_type) if format_ == "csv" else named, item.raw)
