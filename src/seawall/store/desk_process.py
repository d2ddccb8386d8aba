"""The side process of the desk: DuckDB over the files it is told of, and nothing else.

Started by `seawall.store.desk`, it reads requests from standard input and answers on standard output, each a
length of four bytes and a msgpack body, until its input ends. It can neither write, nor reach the network,
nor see other files; a query that hangs or eats too much costs this process, not the server.
"""

from __future__ import annotations

import struct
import sys
from datetime import date, datetime, time, timedelta
from typing import Any, BinaryIO

import duckdb
import msgspec

LENGTH = struct.Struct("<I")


class Request(msgspec.Struct, frozen=True):
    """A query over a list of Parquet files, seen as the view `decisions`."""

    sql: str
    params: dict[str, Any]
    files: list[str]
    columns: dict[str, str]  # of the view while there are no files: name -> DuckDB type
    limit: int


class Reply(msgspec.Struct, frozen=True):
    """Rows, or what DuckDB had to say against the query."""

    columns: list[str] = []
    types: list[str] = []
    rows: list[list[Any]] = []
    more: bool = False
    error: str | None = None


def main(lake: str, memory: str) -> None:
    """Answer until the input ends."""
    connection = _locked(lake, memory)
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while (body := _receive(source)) is not None:
        reply = _answer(connection, msgspec.msgpack.decode(body, type=Request))
        send(sink, msgspec.msgpack.encode(reply, enc_hook=_plain))


def send(sink: BinaryIO, body: bytes) -> None:
    """Write one message."""
    sink.write(LENGTH.pack(len(body)) + body)
    sink.flush()


def _receive(source: BinaryIO) -> bytes | None:
    head = source.read(LENGTH.size)
    return source.read(LENGTH.unpack(head)[0]) if len(head) == LENGTH.size else None


def _locked(lake: str, memory: str) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:")
    for setting in (
        f"SET memory_limit = '{memory}'",
        "SET threads = 1",
        "SET TimeZone = 'UTC'",
        "SET autoinstall_known_extensions = false",
        "SET autoload_known_extensions = false",
        f"SET allowed_directories = [{_quoted(lake)}]",
        "SET enable_external_access = false",
        "SET lock_configuration = true",
    ):
        connection.execute(setting)
    return connection


def _answer(connection: duckdb.DuckDBPyConnection, request: Request) -> Reply:
    try:
        statements = connection.extract_statements(request.sql)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            return Reply(error="one SELECT is taken at a time; nothing can be changed here")
        connection.execute(_view(request))
        result = connection.execute(statements[0], request.params or None)
        described = result.description or []
        rows = result.fetchmany(request.limit + 1)
    except duckdb.Error as error:
        return Reply(error=str(error))
    return Reply(
        [str(column[0]) for column in described],
        [str(column[1]) for column in described],
        [list(row) for row in rows[: request.limit]],
        more=len(rows) > request.limit,
    )


def _view(request: Request) -> str:
    if request.files:
        listed = ", ".join(_quoted(path) for path in request.files)
        source = f"FROM read_parquet([{listed}], hive_partitioning = false, union_by_name = true)"
    else:
        columns = ", ".join(f'NULL::{kind} AS "{name}"' for name, kind in request.columns.items())
        source = f"SELECT {columns} WHERE false"
    return f"CREATE OR REPLACE TEMP VIEW decisions AS {source}"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return value.total_seconds() if isinstance(value, timedelta) else str(value)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
