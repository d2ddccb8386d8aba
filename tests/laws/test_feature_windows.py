"""Streaming values and SQL window functions agree, event by event; late events within the bound converge."""

from __future__ import annotations

import pytest
from feature_worlds import FORMS, definitions, events, history, state
from hypothesis import given
from hypothesis import strategies as st

from seawall.core.event import Event
from seawall.features import Definition, restore, snapshot

pytestmark = pytest.mark.parametrize("form", FORMS)
streams = st.lists(events("comment"), max_size=40)


@given(definitions(), streams)
def test_streaming_equals_sql_on_a_stream_in_order(
    form: str, feature: Definition, stream: list[Event]
) -> None:
    stream = sorted(stream, key=lambda event: event.ts)
    streaming = state([feature], form)
    read = [streaming.observe(event)["f"].value for event in stream]
    assert read == history(feature.spec, stream)


@given(definitions(), streams)
def test_a_late_event_reads_what_has_arrived_until_then(
    form: str, feature: Definition, stream: list[Event]
) -> None:
    streaming = state([feature], form, lateness=100)
    read = [streaming.observe(event)["f"].value for event in stream]
    for n, value in enumerate(read):
        assert value == history(feature.spec, stream[: n + 1])[n]


@given(definitions(), streams, events("comment"))
def test_late_events_within_the_bound_converge(
    form: str, feature: Definition, stream: list[Event], last: Event
) -> None:
    shuffled, ordered = state([feature], form, lateness=100), state([feature], form, lateness=100)
    for event in stream:
        shuffled.absorb(event)
    for event in sorted(stream, key=lambda event: event.ts):
        ordered.absorb(event)
    assert shuffled.observe(last) == ordered.observe(last)


@given(definitions(), streams, st.integers(0, 60), st.sampled_from(FORMS))
def test_a_snapshot_in_the_middle_changes_nothing(
    form: str, feature: Definition, stream: list[Event], cut: int, other: str
) -> None:
    straight, before = state([feature], form, lateness=100), state([feature], form, lateness=100)
    after = state([feature], other, lateness=100)
    for event in stream[:cut]:
        straight.observe(event)
        before.observe(event)
    assert restore(after, snapshot(before, offsets={"w1": cut})) == {"w1": cut}
    assert after.entries == straight.entries
    for event in stream[cut:]:
        assert after.observe(event) == straight.observe(event)


@given(definitions(), streams, st.integers(1, 12))
def test_a_full_memory_makes_values_null_and_never_wrong(
    form: str, feature: Definition, stream: list[Event], entries: int
) -> None:
    stream = sorted(stream, key=lambda event: event.ts)
    small, large = state([feature], form, lateness=0, entries=entries), state([feature], form)
    for event in stream:
        few, all_ = small.observe(event)["f"], large.observe(event)["f"]
        assert few == all_ or few.null == "evicted"
        assert small.entries <= entries
