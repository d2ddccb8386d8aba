"""The SQL form of a feature: the same value over history, in DuckDB's dialect."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from seawall.core.types import Kind
from seawall.features.aggregate import MILLION, windows_per
from seawall.features.functions import FUNCTIONS, LAST

if TYPE_CHECKING:
    from seawall.policy.model import FeatureSpec

_QUERY = files("seawall.features").joinpath("queries/window.sql").read_text(encoding="utf-8")

_AGGREGATES = {
    "count": "count({argument})",
    "count_distinct": "count(DISTINCT {argument})",
    "sum": "sum({argument})",
    "min": "min({argument})",
    "max": "max({argument})",
    "first_seen": "min(ts)",
    "last_seen": "max(ts)",
    "seconds_since_first": "min(ts)",
    "seconds_since_last": "max(ts)",
}


def window_sql(spec: FeatureSpec, *, events: str, where: str | None) -> str:
    """A query that gives `ordinal, value` for every event of `events`.

    Args:
        spec: the feature.
        events: a table of the events of its types, with `ts` (microseconds), `ordinal` (order of arrival) and
            the columns the feature reads. Names are identifiers that the project reader has checked.
        where: the feature's filter in DuckDB's total form (`policy.conditions.to_duckdb`), None without one.
    """
    argument = "*" if spec.argument is None else f'"{spec.argument}"'
    passes = [f"({where})"] if where else []
    if FUNCTIONS[spec.function] >= FUNCTIONS["first_seen"] and spec.argument is not None:
        passes.append(f"{argument} IS NOT NULL")
    if spec.function == "sum" and spec.argument_kind is Kind.NUMBER:
        argument = f"TRY_CAST({argument} * {MILLION} AS BIGINT)"
    return _QUERY.format(
        aggregate=_AGGREGATES[spec.function].format(argument=argument),
        filter=f"FILTER (WHERE {' AND '.join(passes)})" if passes else "",
        result=_result(spec),
        by=", ".join(f'"{name}"' for name in spec.by),
        no_key=" OR ".join(f'"{name}" IS NULL' for name in spec.by),
        over=spec.over_us,
        end="1::HUGEINT PRECEDING" if FUNCTIONS[spec.function] == LAST else "CURRENT ROW",
        events=events,
    )


def _result(spec: FeatureSpec) -> str:
    """What is made of the aggregate, as `aggregate.finish` does."""
    result = "kept"
    if spec.function in {"seconds_since_first", "seconds_since_last"}:
        return f"(ts - kept)::DOUBLE / {MILLION}"
    if spec.function == "sum":
        result = "TRY_CAST(kept AS BIGINT)"
        if spec.argument_kind is Kind.NUMBER:
            result = f"{result}::DOUBLE / {MILLION}"
    return result if spec.per_us is None else f"({result})::DOUBLE / {windows_per(spec):.17e}"
