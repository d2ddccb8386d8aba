"""Generated facts among events, features that look at them, and what these are over history in SQL."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import pyarrow as pa
from feature_worlds import ARROW, DUCKDB, FIELDS, FILTER
from hypothesis import strategies as st

from seawall.core.diagnostic import Span
from seawall.core.event import Event
from seawall.core.types import Kind
from seawall.features import Definition, Fact
from seawall.features.sql import window_sql
from seawall.features.sql_people import company_sql, people_sql
from seawall.policy.model import FeatureSpec

Step: TypeAlias = Event | Fact
CROWD = 2
COLUMNS = ("actor", "subject", "clause", "market", "violates", "weight", "usd")
FACTS = (
    ("ordinal", pa.int64()),
    ("ts", pa.int64()),
    ("identity", pa.string()),
    ("holds", pa.bool_()),
    ("ends", pa.int64()),
    ("actor", pa.string()),
    ("subject", pa.string()),
    ("clause", pa.string()),
    ("market", pa.string()),
    ("violates", pa.bool_()),
    ("weight", pa.int64()),
    ("usd", pa.float64()),
)
FUNCTIONS: tuple[tuple[str, str | None, Kind | None], ...] = (
    ("count", None, None),
    ("count", "usd", None),
    ("count_distinct", "subject", None),
    ("sum", "weight", Kind.INTEGER),
    ("sum", "usd", Kind.NUMBER),
    ("min", "weight", Kind.INTEGER),
    ("max", "usd", Kind.NUMBER),
    ("mean", "violates", Kind.BOOLEAN),
    ("mean", "weight", Kind.INTEGER),
    ("mean", "usd", Kind.NUMBER),
    ("first_seen", None, None),
    ("last_seen", "usd", None),
    ("seconds_since_last", None, None),
)
WEIGHED = {"count", "sum", "mean"}
NUMBERS = {"mean", "seconds_since_last"}


class Shape(NamedTuple):
    """What a generated feature is made of."""

    function: str
    argument: str | None
    kind: Kind | None
    half_life: int | None
    filtered: bool
    over: int

    @property
    def half(self) -> int | None:
        return self.half_life if self.function in WEIGHED else None

    def spec(self, **more: Any) -> FeatureSpec:
        kind = self.kind if self.function in {"sum", "min", "max"} else Kind.INTEGER
        if self.half or self.function in NUMBERS:
            kind = Kind.NUMBER
        known: dict[str, Any] = {
            "name": "f", "on": ("comment",), "function": self.function, "argument": self.argument,
            "argument_kind": self.kind, "over_us": self.over, "half_life_us": self.half,
            "kind": Kind.TIMESTAMP if self.function in {"first_seen", "last_seen"} else kind,
            "span": Span("f.yml"),
        }  # fmt: skip
        known |= more
        return FeatureSpec(**known, fingerprint=f"{self} {more}")


def _passes(event: Event) -> bool:
    weight = event.fields["weight"]
    return isinstance(weight, int) and weight > 2


def _event_passes(event: Event) -> bool:
    size = event.fields["size"]
    return isinstance(size, int) and size > 2


def _columns_pass(columns: Any) -> Any:
    sizes = columns["size"].numbers
    return sizes.known & (sizes.values > 2)


def _of_people(shape: Shape, keys: tuple[tuple[str, ...], tuple[str, ...]]) -> Definition:
    by, of = keys
    where = "weight > 2" if shape.filtered else None
    spec = shape.spec(source="labels", by=by, of=of, where=where)
    return Definition(spec, passes=_passes, reads=("weight",)) if shape.filtered else Definition(spec)


def shapes(functions: Any) -> Any:
    """What features are made of."""
    return st.builds(
        lambda what, half, filtered, over: Shape(*what, half, filtered, over),
        st.sampled_from(functions),
        st.sampled_from([None, None, 64, 200, 640]),
        st.booleans(),
        st.integers(1, 20),
    )


KEYS = st.sampled_from(
    [(("who",), ("actor",)), (("who",), ("subject",)), (("who", "market"), ("actor", "market"))]
)
of_people = st.builds(_of_people, shapes(FUNCTIONS), KEYS)


def _of_events(shape: Shape, by: tuple[str, ...]) -> Definition:
    argument = {"weight": "size", "violates": "size", "subject": "who"}.get(
        shape.argument or "", shape.argument
    )
    kind = Kind.INTEGER if shape.kind is Kind.BOOLEAN else shape.kind
    shape = shape._replace(argument=argument, kind=kind)
    spec = shape.spec(by=by, where=FILTER if shape.filtered else None)
    if not shape.filtered:
        return Definition(spec)
    return Definition(spec, passes=_event_passes, passes_columns=_columns_pass, reads=("size",))


DECAYING = tuple(each for each in FUNCTIONS if each[0] in WEIGHED)
of_events = st.builds(
    _of_events, shapes(DECAYING), st.sampled_from([("who",), ("size",), ("who", "market")])
).filter(lambda one: one.spec.half_life_us is not None or one.spec.function == "mean")


def _company(filtered: bool, over: int, among: str, by: tuple[str, ...]) -> Definition:
    shape = Shape("company", "who", None, None, filtered, over)
    spec = shape.spec(by=by, where=FILTER if filtered else None, among=among)
    if not filtered:
        return Definition(spec)
    return Definition(spec, passes=_event_passes, passes_columns=_columns_pass, reads=("size",))


company = st.builds(
    _company,
    st.booleans(),
    st.integers(1, 20),
    st.sampled_from(["labels", "strikes"]),
    st.sampled_from([("market",), ("size",), ("market", "size")]),
)


def _fact(
    ts: int, identity: str, holds: bool, ends: int | None, columns: dict[str, Any], source: str
) -> Fact:
    market = columns["market"]
    event = Event(id=identity, type=source, ts=ts, market=market, fields={k: columns[k] for k in COLUMNS})
    return Fact(event, identity, holds, None if ends is None else ts + ends)


facts = st.builds(
    _fact,
    st.integers(0, 40),
    st.sampled_from(["a", "b", "c", "d"]),
    st.booleans(),
    st.sampled_from([None, 1, 5, 30]),
    st.fixed_dictionaries(
        {
            "actor": st.sampled_from(["ann", "bo", "", None]),
            "subject": st.sampled_from(["ann", "c2"]),
            "clause": st.sampled_from(["p#c1", "p#c2"]),
            "market": st.sampled_from(["SG", None]),
            "violates": st.booleans(),
            "weight": st.sampled_from([0, -3, 3, 4]),
            "usd": st.sampled_from([0.0, 0.1, 2.5, -1e12, 1e300, None]),
        }
    ),
    st.sampled_from(["labels", "labels", "strikes"]),
)


def in_order(steps: list[Step]) -> list[Step]:
    """The same with its events in the order of their times; facts stay where they are among them."""
    events = iter(sorted((step for step in steps if isinstance(step, Event)), key=lambda event: event.ts))
    return [next(events) if isinstance(step, Event) else step for step in steps]


def answered(spec: FeatureSpec, steps: list[Step]) -> list[Any]:
    """What DuckDB gives for each event."""
    source = spec.source or spec.among
    placed = list(enumerate(steps))
    events = [(n, step) for n, step in placed if isinstance(step, Event)]
    told = [(n, step) for n, step in placed if isinstance(step, Fact) and step.event.type == source]
    with DUCKDB.cursor() as con:
        con.register("e", _table(events))
        con.register("f", _facts(told))
        if spec.source is not None:
            sql = people_sql(spec, readers="e", facts="f", where=spec.where)
        elif spec.among is not None:
            where = "passes" if spec.where else None
            con.execute(
                f"CREATE OR REPLACE TEMP VIEW marked AS SELECT *, coalesce({FILTER}, FALSE) AS passes FROM e"
            )
            sql = company_sql(spec, readers="marked", facts="f", where=where, crowd=CROWD)
        else:
            sql = window_sql(
                spec, events="e", where=spec.where and "e.size > 2" if spec.half_life_us else spec.where
            )
        return [value for _, value in con.execute(sql + " ORDER BY ordinal").fetchall()]


def _table(events: list[tuple[int, Event]]) -> pa.Table:
    columns = {
        "ordinal": [n for n, _ in events],
        "type": [event.type for _, event in events],
        **{
            name: [
                getattr(event, name) if name in {"ts", "market"} else event.fields[name]
                for _, event in events
            ]
            for name in FIELDS
        },
    }
    return pa.table({name: pa.array(columns[name], kind) for name, kind in ARROW})


def _facts(told: list[tuple[int, Fact]]) -> pa.Table:
    columns: dict[str, list[Any]] = {
        "ordinal": [n for n, _ in told],
        "ts": [fact.event.ts for _, fact in told],
        "identity": [fact.identity for _, fact in told],
        "holds": [fact.holds for _, fact in told],
        "ends": [fact.ends for _, fact in told],
        **{name: [fact.event.fields[name] for _, fact in told] for name in COLUMNS},
    }
    return pa.table({name: pa.array(columns[name], kind) for name, kind in FACTS})
