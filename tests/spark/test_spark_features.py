"""A feature on a stream in order: what streaming reads, event by event, DuckDB and Spark give over history."""

from __future__ import annotations

import pyarrow as pa
import pytest
from feature_worlds import ARROW, FIELDS, FILTER, _value, definitions, events, history, state
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.core.event import Event
from seawall.features import Definition
from seawall.features.sql_spark import spark_window_sql

pytestmark = pytest.mark.spark
TOGETHER = 12  # features in one query
Case = tuple[Definition, list[Event]]


def cases(count: int) -> list[Case]:
    found: list[Case] = []

    @settings(max_examples=count)
    @given(definitions(), st.lists(events("comment"), min_size=1, max_size=60))
    def draw(feature: Definition, stream: list[Event]) -> None:
        found.append((feature, sorted(stream, key=lambda event: event.ts)))

    draw()
    return found


def table(known: list[Case]) -> pa.Table:
    columns: dict[str, list] = {"case": [], **{name: [] for name, _ in ARROW}}
    for number, (_, stream) in enumerate(known):
        for ordinal, event in enumerate(stream):
            columns["case"].append(number)
            columns["ordinal"].append(ordinal)
            columns["type"].append(event.type)
            for name in FIELDS:
                columns[name].append(_value(event, name))
    return pa.table({name: pa.array(columns[name], kind) for name, kind in (("case", pa.int64()), *ARROW)})


def test_streaming_duckdb_and_spark_agree_event_by_event(spark):
    known = cases(max(120, 2 * settings().max_examples))
    assert len({feature.spec.function for feature, _ in known}) > 6
    spark.table(table(known), "streams")
    for first in range(0, len(known), TOGETHER):
        some = range(first, min(first + TOGETHER, len(known)))
        queries = []
        for number in some:
            spec = known[number][0].spec
            query = spark_window_sql(
                spec, events=f"(SELECT * FROM streams WHERE case = {number})", where=spec.where and FILTER
            )
            queries.append(
                f"SELECT {number} AS case, ordinal, CAST(value AS {_type(spec.kind)}) AS v{number % 1} FROM ({query})"
            )
        by_kind: dict[str, list[str]] = {}
        for number, query in zip(some, queries, strict=True):
            by_kind.setdefault(str(known[number][0].spec.kind), []).append(query)
        theirs: dict[tuple[int, int], object] = {}
        for each in by_kind.values():
            found = spark.session.sql(" UNION ALL ".join(each)).toArrow().to_pylist()
            theirs |= {(row["case"], row["ordinal"]): row["v0"] for row in found}
        for number in some:
            feature, stream = known[number]
            streaming = state([feature], "plain")
            read = [streaming.observe(event)["f"].value for event in stream]
            assert read == history(feature.spec, stream)
            assert [theirs[number, ordinal] for ordinal in range(len(stream))] == read, feature.spec


def _type(kind: object) -> str:
    return "DOUBLE" if str(kind) == "number" else "BIGINT"
