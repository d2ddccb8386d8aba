"""A feature on a stream in order: what streaming reads at each event, DuckDB and Spark give over history."""

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
    known = cases(max(120, settings().max_examples))
    assert len({feature.spec.function for feature, _ in known}) > 4
    spark.table(table(known), "streams")
    theirs: dict[tuple[int, int], object] = {}
    for kind in {feature.spec.kind for feature, _ in known}:
        queries = [_query(number, *case) for number, case in enumerate(known) if case[0].spec.kind is kind]
        for first in range(0, len(queries), TOGETHER):
            some = " UNION ALL ".join(queries[first : first + TOGETHER])
            for row in spark.session.sql(some).toArrow().to_pylist():
                theirs[row["case"], row["ordinal"]] = row["value"]
    for number, (feature, stream) in enumerate(known):
        streaming = state([feature], "plain")
        read = [streaming.observe(event)["f"].value for event in stream]
        assert read == history(feature.spec, stream)
        assert read == [theirs[number, ordinal] for ordinal in range(len(stream))], feature.spec


def _query(number: int, feature: Definition, stream: list[Event]) -> str:
    spec = feature.spec
    mine = f"(SELECT * FROM streams WHERE case = {number})"
    query = spark_window_sql(spec, events=mine, where=spec.where and FILTER)
    return f"SELECT {number} AS case, ordinal, value FROM ({query})"
