"""The SQL form of a feature of events: the same value over history, in DuckDB's dialect."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from seawall.core.types import Kind
from seawall.features.aggregate import BOUND, MILLION, windows_per
from seawall.features.functions import FUNCTIONS, LAST, in_millionths
from seawall.features.weigh import UNIT, step_us, weight_sql

if TYPE_CHECKING:
    from seawall.policy.model import FeatureSpec

_AGGREGATES = {
    "count": "count({argument})",
    "count_distinct": "count(DISTINCT {argument})",
    "sum": "sum({argument})",
    "mean": "sum({argument})",
    "min": "min({argument})",
    "max": "max({argument})",
    "first_seen": "min(ts)",
    "last_seen": "max(ts)",
    "seconds_since_first": "min(ts)",
    "seconds_since_last": "max(ts)",
}
_OVER = """,
        count({argument}) {filter} OVER (
            PARTITION BY {by}
            ORDER BY ts::HUGEINT * 4294967296 + tie
            RANGE BETWEEN {over}::HUGEINT * 4294967296 + tie PRECEDING AND {end}
        ) AS n"""


def query(name: str) -> str:
    """The text of `queries/<name>.sql`."""
    return files("seawall.features").joinpath(f"queries/{name}.sql").read_text(encoding="utf-8")


def window_sql(spec: FeatureSpec, *, events: str, where: str | None) -> str:
    """A query that gives `ordinal, value` for every event of `events`.

    Args:
        spec: the feature; it counts events.
        events: a table of the events of its types, with `ts` (microseconds), `ordinal` (order of arrival) and
            the columns the feature reads. Names are identifiers that the project reader has checked.
        where: the feature's filter in DuckDB's total form (`policy.conditions.to_duckdb`), None without one.
    """
    if spec.half_life_us is not None:
        return _decay_sql(spec, events=events, where=where)
    argument = "*" if spec.argument is None else f'"{spec.argument}"'
    passes = [f"({where})"] if where else []
    if FUNCTIONS[spec.function] in _TIMES and spec.argument is not None:
        passes.append(f"{argument} IS NOT NULL")
    argument = kept_sql(spec, argument)
    said = {
        "filter": f"FILTER (WHERE {' AND '.join(passes)})" if passes else "",
        "by": ", ".join(f'"{name}"' for name in spec.by),
        "over": str(spec.over_us),
        "end": "1::HUGEINT PRECEDING" if FUNCTIONS[spec.function] == LAST else "CURRENT ROW",
    }
    return query("window").format(
        aggregate=aggregate_sql(spec).format(argument=argument),
        second=_OVER.format(argument=argument, **said) if spec.function == "mean" else "",
        result=result_sql(spec),
        no_key=" OR ".join(f'"{name}" IS NULL' for name in spec.by),
        events=events,
        **said,
    )


_TIMES = frozenset({FUNCTIONS["first_seen"], LAST})


def _decay_sql(spec: FeatureSpec, *, events: str, where: str | None) -> str:
    aggregate, second = decayed_sql(spec, "e", now="r.ts")
    passes = [f"(e.{where})" if where == "passes" else f"({where})"] if where else []
    if spec.argument is not None:
        passes.append(f'e."{spec.argument}" IS NOT NULL')
    return query("decay").format(
        aggregate=aggregate,
        second=second,
        match=" AND ".join(f'e."{name}" = r."{name}"' for name in spec.by),
        over=spec.over_us,
        passes=" AND ".join(passes) or "TRUE",
        no_key=" OR ".join(f'r."{name}" IS NULL' for name in spec.by),
        result=result_sql(spec),
        events=events,
    )


def decayed_sql(spec: FeatureSpec, table: str, *, now: str) -> tuple[str, str]:
    """The two sums of what decays: of weighted values and of weights."""
    assert spec.half_life_us is not None
    weight = f"{weight_sql(f'{table}.ts', now, step_us(spec.half_life_us))}::HUGEINT"
    if spec.function == "count":
        return f"sum({weight}) * {MILLION}", f"sum({weight})"
    kept = kept_sql(spec, f'{table}."{spec.argument}"')
    return f"sum({kept} * {weight})", f"sum(CASE WHEN {kept} IS NOT NULL THEN {weight} END)"


def aggregate_sql(spec: FeatureSpec) -> str:
    """The aggregate with `{argument}` where the column stands."""
    return _AGGREGATES[spec.function]


def kept_sql(spec: FeatureSpec, argument: str) -> str:
    """A column as the state keeps it, where that makes a difference."""
    if spec.function not in {"sum", "mean"}:
        return argument
    if spec.argument_kind is Kind.NUMBER:
        return f"TRY_CAST({argument} * {MILLION} AS BIGINT)"
    if not in_millionths(spec):
        return argument
    whole = f"{argument}::BIGINT"
    most = BOUND // MILLION
    return f"(CASE WHEN {whole} BETWEEN -{most} AND {most} THEN {whole} * {MILLION} END)"


def result_sql(spec: FeatureSpec, *, now: str = "ts") -> str:
    """What is made of the aggregate, as `aggregate.finish` does; of a mean and a decay `n` is the second."""
    result = "kept"
    if spec.function in {"seconds_since_first", "seconds_since_last"}:
        return f"({now} - kept)::DOUBLE / {MILLION}"
    if spec.function == "mean":
        return f"TRY_CAST(kept::HUGEINT // n::HUGEINT AS BIGINT)::DOUBLE / {MILLION}"
    if spec.half_life_us is not None:
        weighed = "coalesce(kept, 0)" if spec.function == "count" else "CASE WHEN n > 0 THEN kept END"
        return f"TRY_CAST({weighed}::HUGEINT // {UNIT}::HUGEINT AS BIGINT)::DOUBLE / {MILLION}"
    if spec.function == "sum":
        result = "TRY_CAST(kept AS BIGINT)"
        if spec.argument_kind is Kind.NUMBER:
            result = f"{result}::DOUBLE / {MILLION}"
    return result if spec.per_us is None else f"({result})::DOUBLE / {windows_per(spec):.17e}"
