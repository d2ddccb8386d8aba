"""Parquet, batch by batch."""

from __future__ import annotations

import shutil
import tempfile
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import pyarrow as pa
import pyarrow.parquet as pq

from seawall.core.errors import UsageError
from seawall.ingest.cells import plain
from seawall.ingest.model import Record

if TYPE_CHECKING:
    from collections.abc import Iterator

_BATCH = 4_096


def read_parquet(stream: BinaryIO) -> Iterator[Record]:
    """The rows of a Parquet file; times without a zone are UTC, decimals become numbers.

    Raises:
        UsageError: it is no Parquet file.
    """
    with tempfile.TemporaryFile() as spool:
        if not stream.seekable():
            shutil.copyfileobj(
                stream, spool
            )  # the footer comes last: a pipe must be kept before it can be read
            spool.seek(0)
            stream = spool
        try:
            file: Any = pq.ParquetFile(stream)
        except cast("tuple[type[Exception], ...]", (pa.ArrowInvalid, OSError)) as error:
            raise UsageError(f"not a Parquet file: {error}") from error
        row = 0
        for batch in file.iter_batches(batch_size=_BATCH):
            for values in batch.to_pylist():
                row += 1
                yield Record(row, {name: plain(value) for name, value in values.items()})
