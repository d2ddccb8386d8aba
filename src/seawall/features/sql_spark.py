"""The SQL form of a feature in Spark's dialect: the same value over history as `features.sql` gives."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from seawall.core.types import Kind
from seawall.features.aggregate import MILLION, windows_per
from seawall.features.functions import FUNCTIONS, LAST

if TYPE_CHECKING:
    from seawall.policy.model import FeatureSpec

_QUERY = files("seawall.features").joinpath("queries/window_spark.sql").read_text(encoding="utf-8")
_AGGREGATES = {
    "count": "count({argument})",
    "count_distinct": "collect_set({argument})",
    "sum": "sum(CAST({argument} AS DECIMAL(19,0)))",
    "min": "min({argument})",
    "max": "max({argument})",
    "first_seen": "min({argument})",
    "last_seen": "max({argument})",
    "seconds_since_first": "min({argument})",
    "seconds_since_last": "max({argument})",
}
_MILLIONTHS = (
    "(CASE WHEN {0} * 1000000.0D > -9.223372036854775808E18D AND {0} * 1000000.0D < 9.223372036854775808E18D"
    " THEN CAST(rint({0} * 1000000.0D) AS BIGINT) END)"
)


def spark_window_sql(spec: FeatureSpec, *, events: str, where: str | None) -> str:
    """A query that gives `ordinal, value` for every event of `events`; moments are microseconds (BIGINT).

    Args:
        spec: the feature.
        events: a view of the events of its types, with `ts` (microseconds), `ordinal` (order of arrival) and
            the columns the feature reads. Names are identifiers that the project reader has checked.
        where: the feature's filter in Spark's total form (`policy.conditions.to_spark`), None without one.
    """
    function = spec.function
    argument = "1" if spec.argument is None else f"`{spec.argument}`"
    passes = [f"({where})"] if where else []
    seen = FUNCTIONS[function] in (FUNCTIONS["first_seen"], LAST)
    if seen and spec.argument is not None:
        passes.append(f"{argument} IS NOT NULL")
    looked_at = _looked_at(spec, "ts" if seen else argument)
    if passes:
        looked_at = f"CASE WHEN {' AND '.join(passes)} THEN {looked_at} END"
    return _QUERY.format(
        aggregate=_AGGREGATES[function].format(argument=looked_at),
        result=_result(spec),
        by=", ".join(f"`{name}`" for name in spec.by),
        no_key=" OR ".join(f"`{name}` IS NULL" for name in spec.by),
        reach=spec.over_us * 2**32 + 2**31,
        end="CAST('1' AS DECIMAL(38,0)) PRECEDING" if FUNCTIONS[function] == LAST else "CURRENT ROW",
        events=events,
    )


def _looked_at(spec: FeatureSpec, argument: str) -> str:
    if spec.argument_kind is Kind.NUMBER and spec.function == "sum":
        return _MILLIONTHS.format(argument)
    if spec.argument_kind is Kind.NUMBER and spec.function == "count_distinct":
        return f"{argument} + 0.0D"  # a set holds 0.0 and -0.0 apart
    return argument


def _result(spec: FeatureSpec) -> str:
    """What is made of the aggregate, as `aggregate.finish` does."""
    result = "kept"
    if spec.function in {"seconds_since_first", "seconds_since_last"}:
        return f"CAST(ts - kept AS DOUBLE) / {MILLION}.0D"
    if spec.function == "count_distinct":
        result = "CAST(array_size(kept) AS BIGINT)"
    if spec.function == "sum":
        result = "try_cast(kept AS BIGINT)"
        if spec.argument_kind is Kind.NUMBER:
            result = f"CAST({result} AS DOUBLE) / {MILLION}.0D"
    return result if spec.per_us is None else f"CAST({result} AS DOUBLE) / {windows_per(spec):.17e}D"
