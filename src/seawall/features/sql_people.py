"""The SQL form of features that look at what people decided, in DuckDB's dialect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.features.functions import FUNCTIONS, LAST, is_of_rows
from seawall.features.sql import aggregate_sql, decayed_sql, kept_sql, query, result_sql

if TYPE_CHECKING:
    from seawall.policy.model import FeatureSpec

_TIMES = frozenset({FUNCTIONS["first_seen"], LAST})
_ZERO = frozenset({"count", "count_distinct"})


def people_sql(spec: FeatureSpec, *, readers: str, facts: str, where: str | None) -> str:
    """A query that gives `ordinal, value` for every event of `readers`.

    Args:
        spec: a feature with a source.
        readers: a table of events, with `ts` (microseconds), `ordinal` and the fields of `by`.
        facts: a table of the facts of its source, with `ts`, `ordinal`, `identity`, `holds`, `ends` and the
            columns of the source; an ordinal says where in one order with the events it was recorded.
        where: its filter in DuckDB's total form, None without one.
    """
    argument = "*" if spec.argument is None else f'"{spec.argument}"'
    passes = [f"({where})"] if where else []
    if spec.argument is not None and (is_of_rows(spec.function) or spec.half_life_us is not None):
        passes.append(f"{argument} IS NOT NULL")
    if spec.half_life_us is not None:
        aggregate, second = decayed_sql(spec, "met", now="now")
    else:
        aggregate = aggregate_sql(spec).format(argument=kept_sql(spec, argument))
        second = f"count({kept_sql(spec, argument)})"
    result = result_sql(spec, now="r.ts")
    if spec.function in _ZERO and spec.half_life_us is None:
        result = f"coalesce({result}, 0)"
    return query("people").format(
        aggregate=aggregate,
        second=second,
        match=" AND ".join(
            f'f."{column}" = r."{name}"' for column, name in zip(spec.of, spec.by, strict=True)
        ),
        over=spec.over_us,
        passes=" AND ".join(passes) or "TRUE",
        no_key=" OR ".join(f'r."{name}" IS NULL' for name in spec.by),
        result=result,
        readers=readers,
        facts=facts,
    )


def company_sql(spec: FeatureSpec, *, readers: str, facts: str, where: str | None, crowd: int) -> str:
    """The same of a feature that keeps company.

    Args:
        spec: a feature with `among`.
        readers: a table of the events that are counted.
        facts: a table of the facts of what it looks among.
        where: its filter, of the columns of events.
        crowd: accounts of one key beyond which it is NULL.
    """
    passes = "TRUE" if where is None else f"(e.{where})" if where == "passes" else f"({where})"
    return query("company").format(
        account=f'"{spec.argument}"',
        match=" AND ".join(f'e."{name}" = r."{name}"' for name in spec.by),
        over=spec.over_us,
        passes=passes,
        bad="TRUE" if spec.among == "strikes" else "violates",
        no_key=" OR ".join(f'r."{name}" IS NULL' for name in spec.by),
        readers=readers,
        facts=facts,
        crowd=crowd,
    )
