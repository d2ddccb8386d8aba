"""DuckDB in this process: one WHERE for each condition, which is faster than one wide projection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import duckdb
import numpy as np

from seawall.features import Limits
from seawall.features.sql import window_sql
from seawall.features.sql_people import company_sql, people_sql
from seawall.policy.conditions.computed import computed_columns
from seawall.policy.conditions.to_duckdb import expression

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from types import TracebackType

    from numpy.typing import NDArray

    from seawall.policy.conditions.expr import Expr
    from seawall.policy.model import FeatureSpec


class DuckdbEngine:
    """A database in memory, for the time of a `with`."""

    def __init__(self) -> None:
        self._database: Any = duckdb.connect()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    def computed(self, exprs: Iterable[Expr]) -> dict[str, Expr]:
        """Banks and local hours."""
        return computed_columns(exprs)

    def counts(self, spec: FeatureSpec) -> bool:  # noqa: ARG002 -- of the port
        """Every feature."""
        return True

    def feature(self, spec: FeatureSpec, table: Any, told: Any, *, where: str | None) -> Any:
        """As `ports.SqlEngine` says."""
        self._database.register("counted_events", table)
        if told is not None:
            self._database.register("told", told)
        query = _query(spec, where)
        found = self._database.sql(
            f"SELECT value FROM ({query}) JOIN counted_events USING (ordinal) WHERE wanted ORDER BY ordinal"  # noqa: S608
        )
        return found.to_arrow_table()["value"].combine_chunks()

    def holding(self, table: Any, exprs: Sequence[Expr]) -> tuple[NDArray[Any], NDArray[Any]]:
        """As `ports.SqlEngine` says."""
        self._database.register("brought", table)
        self._database.execute("CREATE OR REPLACE TABLE judged AS FROM brought")
        rows: list[Any] = []
        for expr in exprs:
            found = self._database.execute(
                f'SELECT "row number" FROM judged WHERE {expression(expr)}'  # noqa: S608  from typed nodes
            ).fetchnumpy()
            rows.append(np.asarray(found["row number"], np.intp))
        owners = [np.full(len(each), n, np.intp) for n, each in enumerate(rows)]
        return np.concatenate(rows), np.concatenate(owners)


def _query(spec: FeatureSpec, where: str | None) -> str:
    if spec.source is not None:
        return people_sql(spec, readers="counted_events", facts="told", where=where)
    if spec.among is not None:
        return company_sql(spec, readers="counted_events", facts="told", where=where, crowd=Limits().company)
    return window_sql(spec, events="counted_events", where=where)
