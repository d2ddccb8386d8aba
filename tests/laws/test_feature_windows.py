"""Streaming counts and SQL window functions agree, event by event; late events within the bound converge."""

from __future__ import annotations

from typing import Any

import duckdb
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from seawall.core.diagnostic import Span
from seawall.core.event import Event
from seawall.features import Definition, FeatureState, Limits, restore, snapshot
from seawall.features.sql import window_sql
from seawall.policy.model import FeatureSpec

DUCKDB = duckdb.connect(":memory:", config={"threads": 1})
TYPES = (
    ("ordinal", pa.int64()),
    ("ts", pa.int64()),
    ("who", pa.string()),
    ("link", pa.string()),
    ("size", pa.int64()),
    ("market", pa.string()),
)
TRUE_OF_LINKS = "link IS NOT NULL AND size > 2"


def _spec(
    function: str, argument: str | None, by: tuple[str, ...], over: int, where: str | None
) -> FeatureSpec:
    return FeatureSpec(
        name="f", on=("comment",), function=function, argument=argument, where=where, by=by, over_us=over,
        fingerprint=f"{function}{argument}{by}{over}{where}", span=Span("features/f.yml"),
    )  # fmt: skip


def _passes(event: Event) -> bool:
    size = event.fields["size"]
    return event.fields["link"] is not None and isinstance(size, int) and size > 2


specs = st.builds(
    _spec,
    function=st.sampled_from(["count", "count_distinct"]),
    argument=st.sampled_from(["link", "who"]),
    by=st.sampled_from([("who",), ("link",), ("who", "link"), ("market",)]),
    over=st.integers(1, 12),
    where=st.sampled_from([None, TRUE_OF_LINKS]),
) | st.builds(
    _spec,
    function=st.just("count"),
    argument=st.none(),
    by=st.sampled_from([("who",), ("who", "link")]),
    over=st.integers(1, 12),
    where=st.sampled_from([None, TRUE_OF_LINKS]),
)
rows = st.lists(
    st.tuples(
        st.integers(0, 30),
        st.sampled_from(["ann", "bo", "", None]),
        st.sampled_from(["a.example", "b.example", None]),
        st.integers(0, 5),
        st.sampled_from(["SG", None]),
    ),
    max_size=40,
)


def _event(ordinal: int, row: tuple[Any, ...]) -> Event:
    ts, who, link, size, market = row
    return Event(
        id=str(ordinal), type="comment", ts=ts, market=market, fields={"who": who, "link": link, "size": size}
    )


def _sql(spec: FeatureSpec, table: list[tuple[Any, ...]]) -> list[int | None]:
    columns = list(zip(*[(n, *row) for n, row in enumerate(table)], strict=True)) or [()] * len(TYPES)
    events = pa.table(
        {name: pa.array(list(column), kind) for (name, kind), column in zip(TYPES, columns, strict=True)}
    )
    with DUCKDB.cursor() as con:
        con.register("e", events)
        found = con.execute(window_sql(spec, events="e", where=spec.where) + " ORDER BY ordinal").fetchall()
    return [value for _, value in found]


def _state(spec: FeatureSpec, **limits: int) -> FeatureState:
    definition = Definition(spec, _passes if spec.where else None)
    return FeatureState([definition], limits=Limits(**limits), warm=False)


@given(specs, rows)
def test_streaming_equals_sql_on_a_stream_in_order(spec: FeatureSpec, table: list[tuple[Any, ...]]) -> None:
    table = sorted(table, key=lambda row: row[0])
    state = _state(spec)
    streamed = [state.observe(_event(n, row))["f"].value for n, row in enumerate(table)]
    assert streamed == _sql(spec, table)


@given(specs, rows)
def test_a_late_event_reads_what_has_arrived_until_then(
    spec: FeatureSpec, table: list[tuple[Any, ...]]
) -> None:
    state = _state(spec, lateness_us=100)
    streamed = [state.observe(_event(n, row))["f"].value for n, row in enumerate(table)]
    for n, value in enumerate(streamed):
        assert value == _sql(spec, table[: n + 1])[n]


@given(
    specs,
    rows,
    st.tuples(st.integers(0, 40), st.just("ann"), st.just("a.example"), st.just(3), st.just("SG")),
)
def test_late_events_within_the_bound_converge(
    spec: FeatureSpec, table: list[tuple[Any, ...]], probe: tuple[Any, ...]
) -> None:
    shuffled, ordered = _state(spec, lateness_us=100), _state(spec, lateness_us=100)
    for n, row in enumerate(table):
        shuffled.absorb(_event(n, row))
    for n, row in enumerate(sorted(table, key=lambda row: row[0])):
        ordered.absorb(_event(n, row))
    last = _event(len(table), probe)
    assert shuffled.observe(last) == ordered.observe(last)


@given(specs, rows, st.integers(0, 60))
def test_a_snapshot_in_the_middle_changes_nothing(
    spec: FeatureSpec, table: list[tuple[Any, ...]], cut: int
) -> None:
    straight, before = _state(spec, lateness_us=100), _state(spec, lateness_us=100)
    after = _state(spec, lateness_us=100)
    for n, row in enumerate(table[:cut]):
        straight.observe(_event(n, row))
        before.observe(_event(n, row))
    assert restore(after, snapshot(before, offsets={"w1": cut})) == {"w1": cut}
    for n, row in enumerate(table[cut:], cut):
        event = _event(n, row)
        assert after.observe(event) == straight.observe(event)
    assert after.entries == straight.entries


@given(specs, rows, st.integers(1, 12))
def test_a_full_memory_makes_counts_null_and_never_wrong(
    spec: FeatureSpec, table: list[tuple[Any, ...]], entries: int
) -> None:
    table = sorted(table, key=lambda row: row[0])
    small, large = _state(spec, entries=entries, lateness_us=0), _state(spec)
    for n, row in enumerate(table):
        few, all_ = small.observe(_event(n, row))["f"], large.observe(_event(n, row))["f"]
        assert few == all_ or few.null == "evicted"
        assert small.entries <= entries
