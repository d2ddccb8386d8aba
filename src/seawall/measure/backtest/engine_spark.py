"""Spark in local mode: tables reach it as Parquet, and all conditions are asked in one query."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as untyped_arrow  # noqa: ICN001  typed below
import pyarrow.compute as untyped_compute
import pyarrow.parquet as untyped_parquet

from seawall.features.functions import in_millionths
from seawall.features.sql_spark import spark_window_sql
from seawall.measure.backtest.session_spark import spark_session
from seawall.policy.conditions.to_spark import expression, spark_columns

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from seawall.policy.conditions.expr import Expr
    from seawall.policy.model import FeatureSpec

pa: Any = untyped_arrow  # it ships no types
pc: Any = untyped_compute
pq: Any = untyped_parquet
_NAIVE, _UTC = pa.timestamp("us"), pa.timestamp("us", "UTC")
_ROWS = 131_072  # in a group, so that every core has some


class SparkEngine:
    """Asks one session; made by `spark_engine`."""

    def __init__(self, session: Any, folder: Path) -> None:
        self._session = session
        self._folder = folder
        self._brought = 0

    def computed(self, exprs: Iterable[Expr]) -> dict[str, Expr]:
        """Whatever `policy.conditions.spark_forms` does not spell out."""
        return spark_columns(exprs)

    def counts(self, spec: FeatureSpec) -> bool:
        """Windows over events; not what people decided, and nothing that has weights."""
        return spec.source is None and spec.among is None and not in_millionths(spec)

    def feature(self, spec: FeatureSpec, table: Any, told: Any, *, where: str | None) -> Any:  # noqa: ARG002 -- of the port
        """As `ports.SqlEngine` says."""
        table = table.sort_by("ordinal")
        self._bring(table, "counted_events")
        found = self._session.sql(spark_window_sql(spec, events="counted_events", where=where)).toArrow()
        values = found["value"].take(pc.sort_indices(found["ordinal"]))
        return values.filter(table["wanted"]).combine_chunks()

    def holding(self, table: Any, exprs: Sequence[Expr]) -> tuple[NDArray[Any], NDArray[Any]]:
        """As `ports.SqlEngine` says."""
        self._bring(table, "judged")
        places = ", ".join(f"CASE WHEN {expression(expr)} THEN '{n}' END" for n, expr in enumerate(exprs))
        query = f"SELECT `row number` AS row, concat_ws(',', {places}) AS holds FROM judged"  # noqa: S608  from typed nodes
        found = self._session.sql(query).toArrow()
        found = found.filter(pc.not_equal(found["holds"], ""))
        lists = pc.split_pattern(found["holds"], ",").combine_chunks()
        rows = np.asarray(found["row"].combine_chunks().take(pc.list_parent_indices(lists)))
        return rows.astype(np.intp), np.asarray(lists.flatten().cast(pa.int64())).astype(np.intp)

    def _bring(self, table: Any, name: str) -> None:
        """Make it a view; moments as Spark's, which are moments of the world and not of a clock on a wall."""
        self._brought += 1
        types = [(each.name, _UTC if each.type == _NAIVE else each.type) for each in table.schema]
        path = self._folder / f"{name}-{self._brought}.parquet"
        pq.write_table(table.cast(pa.schema(types)), path, row_group_size=_ROWS)
        self._session.read.parquet(str(path)).createOrReplaceTempView(name)


@contextmanager
def spark_engine() -> Generator[SparkEngine]:
    """A session for the time of a `with`.

    Raises:
        UsageError: pyspark or Java is missing; says how to get it.
    """
    with spark_session() as (session, folder):
        yield SparkEngine(session, folder)
