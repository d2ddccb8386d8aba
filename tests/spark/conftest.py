"""One session of Spark for the tests of this folder; `make test-spark` installs it and runs them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from seawall.measure.backtest.session_spark import spark_session

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "laws"))  # worlds that the laws draw from


class Spark:
    """Asks Spark about the rows of an Arrow table, which reach it as Parquet."""

    def __init__(self, session: Any, folder: Path) -> None:
        self.session = session
        self.folder = folder
        self._asked = 0

    def table(self, table: pa.Table, name: str) -> None:
        """Make the rows a view of this name."""
        self._asked += 1
        path = self.folder / f"{name}{self._asked}.parquet"
        pq.write_table(table, path)
        self.session.read.parquet(str(path)).createOrReplaceTempView(name)

    def select(self, expressions: list[str], table: pa.Table) -> list[list[Any]]:
        """One list of values for each row, in their order."""
        numbered = table.append_column("row number", pa.array(range(table.num_rows)))
        self.table(numbered, "asked")
        selected = [f"{each} AS c{n}" for n, each in enumerate(expressions)]
        found = self.session.table("asked").orderBy("`row number`").selectExpr(*selected).toArrow()
        return [list(row.values()) for row in found.to_pylist()]


@pytest.fixture(scope="session")
def spark() -> Iterator[Spark]:
    with spark_session(cores=2) as (session, folder):
        session.conf.set("spark.sql.shuffle.partitions", "1")  # for the few rows of a test
        yield Spark(session, folder)
