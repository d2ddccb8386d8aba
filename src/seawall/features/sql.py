"""The SQL form of a feature: the same count over history, in DuckDB's dialect."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seawall.policy.model import FeatureSpec

_QUERY = files("seawall.features").joinpath("queries/window.sql").read_text(encoding="utf-8")


def window_sql(spec: FeatureSpec, *, events: str, where: str | None) -> str:
    """A query that gives `ordinal, value` for every event of `events`.

    Args:
        spec: the feature.
        events: a table of the events of its types, with `ts` (microseconds), `ordinal` (order of arrival) and
            the columns the feature reads. Names are identifiers that the project reader has checked.
        where: the feature's filter in DuckDB's total form (`policy.conditions.to_duckdb`), None without one.
    """
    argument = "*" if spec.argument is None else f'"{spec.argument}"'
    value = f"count(DISTINCT {argument})" if spec.function == "count_distinct" else f"count({argument})"
    return _QUERY.format(
        value=value,
        filter=f"FILTER (WHERE {where})" if where else "",
        by=", ".join(f'"{name}"' for name in spec.by),
        no_key=" OR ".join(f'"{name}" IS NULL' for name in spec.by),
        over=spec.over_us,
        events=events,
    )
