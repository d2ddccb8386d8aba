"""SQL over the lake, asked of a side process that is killed when it takes too long."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportUnknownLambdaType=false, reportMissingTypeArgument=false
# (pyarrow ships no types)
from __future__ import annotations

import select
import subprocess
import sys
import threading
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import msgspec
import pyarrow as pa

from seawall.core.errors import StorageError, UsageError
from seawall.store import desk_process
from seawall.store.desk_process import LENGTH, Reply, Request, send
from seawall.store.rows import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

ROWS = 10_000


@cache
def named_query(name: str) -> str:
    """The text of `queries/<name>.sql`."""
    return (files("seawall.store") / "queries" / f"{name}.sql").read_text()


class Desk:
    """One query at a time; the process starts with the first and lives until `close`.

    Args:
        lake: the only folder whose files may be read.
        seconds: how long a query may take.
        memory: how much of it, as DuckDB writes it.
    """

    def __init__(self, lake: Path, *, seconds: float = 20.0, memory: str = "1GB") -> None:
        self._lake = lake
        self._seconds = seconds
        self._memory = memory
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def ask(
        self,
        sql: str,
        params: Mapping[str, Any] | None = None,
        *,
        paths: Sequence[str],
        limit: int = ROWS,
    ) -> Reply:
        """Run one SELECT over the view `decisions`.

        Args:
            sql: DuckDB's SQL, with `$name` for parameters.
            params: their values.
            paths: the Parquet files that are the view; see `Lake.paths`.
            limit: rows given back at most; `more` says if there are others.

        Raises:
            UsageError: the query is wrong, is no SELECT, or took too long.
            StorageError: the side process died.
        """
        request = Request(sql, dict(params or {}), list(paths), _COLUMNS, limit)
        with self._turn:
            reply = self._exchange(msgspec.msgpack.encode(request))
        if reply.error is not None:
            raise UsageError(reply.error, hint="SELECT * FROM decisions LIMIT 1 shows the columns there are")
        return reply

    def close(self) -> None:
        """End the process."""
        with self._turn:
            self._stop()

    def _exchange(self, body: bytes) -> Reply:
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            send(cast("BinaryIO", process.stdin), body)
            if not select.select([process.stdout], [], [], self._seconds)[0]:
                self._stop()
                raise UsageError(
                    f"the query took longer than {self._seconds:g} s and was stopped",
                    hint="narrow the time it looks at, or select fewer columns",
                )
            head = process.stdout.read(LENGTH.size)
            answer = process.stdout.read(LENGTH.unpack(head)[0]) if len(head) == LENGTH.size else b""
        except BrokenPipeError:
            answer = b""
        if not answer:
            self._stop()
            raise StorageError("the process that queries the lake died", hint="ask again; it is started anew")
        return msgspec.msgpack.decode(answer, type=Reply)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._stop()
            command = [sys.executable, "-P", desk_process.__file__, f"{self._lake}/", self._memory]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603  our own module
        return self._process

    def _stop(self) -> None:
        if process := self._process:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    pipe.close()
            self._process = None


def _duckdb_type(kind: pa.DataType) -> str:
    if pa.types.is_list(kind):
        return "VARCHAR[]"
    return _TYPES[str(kind)]


_TYPES = {
    "string": "VARCHAR",
    "bool": "BOOLEAN",
    "int32": "INTEGER",
    "int64": "BIGINT",
    "timestamp[us]": "TIMESTAMP",
}
_COLUMNS = {field.name: _duckdb_type(field.type) for field in SCHEMA}
