"""Generated features over generated streams, with every function, and what they are over history in SQL."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from hypothesis import strategies as st

from seawall.core.columns import Column, Columns
from seawall.core.diagnostic import Span
from seawall.core.event import Event
from seawall.core.types import FieldType, Kind
from seawall.features import Batch, Definition, FeatureState, Limits, Part
from seawall.features.sql import window_sql
from seawall.policy.model import FeatureSpec

DUCKDB = duckdb.connect(":memory:", config={"threads": 1})
ARROW = (
    ("ordinal", pa.int64()),
    ("type", pa.string()),
    ("ts", pa.int64()),
    ("market", pa.string()),
    ("who", pa.string()),
    ("size", pa.int64()),
    ("usd", pa.float64()),
)
FIELDS = {
    "ts": FieldType(Kind.TIMESTAMP),
    "market": FieldType(Kind.STRING, nullable=True),
    "who": FieldType(Kind.STRING, nullable=True),
    "size": FieldType(Kind.INTEGER, nullable=True),
    "usd": FieldType(Kind.NUMBER, nullable=True),
}
ENVELOPE = {"ts", "market"}
FILTER = "size > 2"
FORMS = ("plain", "compiled")
FUNCTIONS: tuple[tuple[str, str | None, Kind | None, Kind], ...] = (
    ("count", None, None, Kind.INTEGER),
    ("count", "usd", None, Kind.INTEGER),
    ("count_distinct", "who", None, Kind.INTEGER),
    ("count_distinct", "usd", None, Kind.INTEGER),
    ("sum", "size", Kind.INTEGER, Kind.INTEGER),
    ("sum", "usd", Kind.NUMBER, Kind.NUMBER),
    ("min", "size", Kind.INTEGER, Kind.INTEGER),
    ("max", "size", Kind.INTEGER, Kind.INTEGER),
    ("min", "usd", Kind.NUMBER, Kind.NUMBER),
    ("max", "usd", Kind.NUMBER, Kind.NUMBER),
    ("first_seen", None, None, Kind.TIMESTAMP),
    ("last_seen", "who", None, Kind.TIMESTAMP),
    ("seconds_since_first", "size", None, Kind.NUMBER),
    ("seconds_since_last", None, None, Kind.NUMBER),
)
RATES = {"count", "count_distinct", "sum"}
HUGE = 2**63 - 1


def _passes(event: Event) -> bool:
    size = event.fields["size"]
    return isinstance(size, int) and size > 2


def _passes_columns(columns: Columns) -> Any:
    sizes = columns["size"].numbers
    return sizes.known & (sizes.values > 2)


def _definition(
    name: str,
    on: tuple[str, ...],
    what: tuple[str, str | None, Kind | None, Kind],
    by: tuple[str, ...],
    over: int,
    per: int | None,
    filtered: bool,
) -> Definition:
    function, argument, argument_kind, kind = what
    if function not in RATES:
        per = None
    spec = FeatureSpec(
        name=name, on=on, function=function, argument=argument, argument_kind=argument_kind,
        where=FILTER if filtered else None, by=by, over_us=over, per_us=per,
        kind=kind if per is None else Kind.NUMBER,
        fingerprint=f"{name}{on}{function}{argument}{by}{over}{per}{filtered}", span=Span("f.yml"),
    )  # fmt: skip
    if not filtered:
        return Definition(spec)
    return Definition(spec, passes=_passes, passes_columns=_passes_columns, reads=("size",))


COMMENTS = st.just(("comment",))


def definitions(name: str = "f", on: Any = COMMENTS) -> Any:
    """Features of one name."""
    return st.builds(
        _definition,
        st.just(name),
        on,
        st.sampled_from(FUNCTIONS),
        st.sampled_from([("who",), ("size",), ("who", "size"), ("who", "size", "market"), ("market",)]),
        st.integers(1, 20),
        st.sampled_from([None, None, 7, 60]),
        st.booleans(),
    )


def events(*types: str) -> Any:
    """Events of these types, close together in time and few in keys."""
    return st.builds(
        lambda type_, ts, who, size, usd, market: Event(
            id="e", type=type_, ts=ts, market=market, fields={"who": who, "size": size, "usd": usd}
        ),
        st.sampled_from(types),
        st.integers(0, 40),
        st.sampled_from(["ann", "bo", "", None]),
        st.sampled_from([0, -3, 3, 4, None, HUGE, -HUGE - 1]),
        st.sampled_from([0.0, -0.0, 0.1, 0.2, -2.5, 1e300, 2.5e-7, 1.5e-6, None]),
        st.sampled_from(["SG", None]),
    )


def state(
    features: list[Definition], form: str, *, warm: bool = False, lateness: int = 30, **limits: int
) -> FeatureState:
    """A state of one of the two forms."""
    return FeatureState(features, limits=Limits(lateness_us=lateness, **limits), warm=warm, form=form)  # type: ignore[arg-type]


def batch(stream: list[Event]) -> Batch:
    """The same events as columns, the types in no order."""
    parts: list[Part] = []
    for type_ in ("message", "comment"):
        rows = [row for row, event in enumerate(stream) if event.type == type_]
        columns = {
            name: Column(kind, values=[_value(stream[row], name) for row in rows])
            for name, kind in FIELDS.items()
        }
        parts.append(Part(Columns(type_, len(rows), columns), np.array(rows, np.intp)))
    return Batch(np.array([event.ts for event in stream], np.int64), parts)


def _value(event: Event, name: str) -> Any:
    return getattr(event, name) if name in ENVELOPE else event.fields[name]


def history(spec: FeatureSpec, stream: list[Event]) -> list[Any]:
    """What DuckDB's window function gives for each event."""
    columns = {
        "ordinal": list(range(len(stream))),
        "type": [event.type for event in stream],
        **{name: [_value(event, name) for event in stream] for name in FIELDS},
    }
    table = pa.table({name: pa.array(columns[name], kind) for name, kind in ARROW})
    with DUCKDB.cursor() as con:
        con.register("e", table)
        found = con.execute(window_sql(spec, events="e", where=spec.where) + " ORDER BY ordinal").fetchall()
    return [value for _, value in found]
