"""A batch reads what its events read one by one, however the stream is cut and whoever owns the keys."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from seawall.core.columns import Column, Columns
from seawall.core.decision import Reading
from seawall.core.diagnostic import Span
from seawall.core.event import Event
from seawall.core.types import FieldType, Kind
from seawall.features import Answer, Batch, Definition, FeatureState, Limits, Part, ask, merge
from seawall.policy.model import FeatureSpec

FIELDS = {
    "ts": FieldType(Kind.TIMESTAMP),
    "market": FieldType(Kind.STRING, nullable=True),
    "who": FieldType(Kind.STRING, nullable=True),
    "size": FieldType(Kind.INTEGER, nullable=True),
}


def _passes(event: Event) -> bool:
    size = event.fields["size"]
    return isinstance(size, int) and size > 2


def _passes_columns(columns: Columns) -> Any:
    sizes = columns["size"].numbers
    return sizes.known & (sizes.values > 2)


def _definition(
    name: str, on: tuple[str, ...], function: str, argument: str | None, by: tuple[str, ...], over: int,
    filtered: bool,
) -> Definition:  # fmt: skip
    spec = FeatureSpec(
        name=name, on=on, function=function, argument=argument, where="size > 2" if filtered else None, by=by,
        over_us=over, fingerprint=f"{name}{on}{function}{argument}{by}{over}{filtered}", span=Span("f.yml"),
    )  # fmt: skip
    if not filtered:
        return Definition(spec)
    return Definition(spec, passes=_passes, passes_columns=_passes_columns, reads=("size",))


KEYS = st.sampled_from([("who",), ("size",), ("who", "size"), ("who", "size", "market"), ("market",)])
definitions = st.lists(
    st.tuples(
        st.sampled_from([("comment",), ("message",), ("comment", "message")]),
        st.sampled_from([("count", None), ("count", "who"), ("count_distinct", "who")]),
        KEYS,
        st.integers(1, 20),
        st.booleans(),
    ),
    min_size=1,
    max_size=4,
).map(
    lambda rows: [
        _definition(f"f{n}", on, function, argument, by, over, filtered)
        for n, (on, (function, argument), by, over, filtered) in enumerate(rows)
    ]
)
EVENTS = st.builds(
    lambda type_, ts, who, size, market: Event(
        id="e", type=type_, ts=ts, market=market, fields={"who": who, "size": size}
    ),
    st.sampled_from(["comment", "message", "login"]),
    st.integers(0, 40),
    st.sampled_from(["ann", "bo", "", None]),
    st.sampled_from([0, 3, 4, None]),
    st.sampled_from(["SG", None]),
)
streams = st.lists(st.lists(EVENTS, max_size=12), max_size=5)


def _batch(events: list[Event]) -> Batch:
    parts: list[Part] = []
    for type_ in ("message", "comment"):
        rows = [row for row, event in enumerate(events) if event.type == type_]
        columns = {
            name: Column(
                kind,
                values=[
                    getattr(events[row], name) if name in {"ts", "market"} else events[row].fields[name]
                    for row in rows
                ],
            )
            for name, kind in FIELDS.items()
        }
        parts.append(Part(Columns(type_, len(rows), columns), np.array(rows, np.intp)))
    return Batch(np.array([event.ts for event in events], np.int64), parts)


def _by_event(batch: Batch, found: dict[str, dict[str, Answer]]) -> list[dict[str, Reading]]:
    read: list[dict[str, Reading]] = [{} for _ in batch.ts]
    for part in batch.parts:
        for name, answer in found[part.columns.type].items():
            for row, reading in zip(part.rows, answer.readings(), strict=True):
                read[row][name] = reading
    return read


def _state(features: list[Definition], *, warm: bool, lateness: int, **limits: int) -> FeatureState:
    return FeatureState(features, limits=Limits(lateness_us=lateness, **limits), warm=warm)


@given(definitions, streams, st.booleans(), st.integers(0, 30), st.integers(1, 40))
def test_a_batch_is_its_events_one_by_one(
    features: list[Definition], stream: list[list[Event]], warm: bool, lateness: int, per_key: int
) -> None:
    alone = _state(features, warm=warm, lateness=lateness, per_key=per_key)
    together = _state(features, warm=warm, lateness=lateness, per_key=per_key)
    for events in stream:
        batch = _batch(events)
        assert _by_event(batch, together.observe_columns(batch)) == [alone.observe(each) for each in events]
    assert (together.tally, together.watermark, together.entries) == (
        alone.tally,
        alone.watermark,
        alone.entries,
    )


@given(definitions, streams, st.booleans(), st.integers(0, 30), st.integers(1, 4))
def test_several_owners_answer_as_one(
    features: list[Definition], stream: list[list[Event]], warm: bool, lateness: int, owners: int
) -> None:
    alone = _state(features, warm=warm, lateness=lateness)
    shared = [_state(features, warm=warm, lateness=lateness) for _ in range(owners)]
    for events in stream:
        batch = _batch(events)
        requests = pickle.loads(pickle.dumps(ask(features, batch, owners=owners)))  # as between processes
        answers = [owner.answer(asked) for owner, asked in zip(shared, requests, strict=True)]
        one, several = alone.observe_columns(batch), merge(features, batch, requests, answers)
        assert _by_event(batch, several) == _by_event(batch, one)
    assert sum(owner.entries for owner in shared) == alone.entries
    assert all(owner.tally.late == alone.tally.late for owner in shared)


@given(definitions, streams, st.integers(1, 12))
def test_a_full_memory_makes_batches_null_and_never_wrong(
    features: list[Definition], stream: list[list[Event]], entries: int
) -> None:
    small = _state(features, warm=False, lateness=30, entries=entries)
    large = _state(features, warm=False, lateness=30)
    for events in stream:
        batch = _batch(events)
        few, all_ = small.observe_columns(batch), large.observe_columns(batch)
        for got, want in zip(_by_event(batch, few), _by_event(batch, all_), strict=True):
            assert all(got[name] == want[name] or got[name].null == "evicted" for name in want)
        assert small.entries <= entries + len(events) * len(features)
