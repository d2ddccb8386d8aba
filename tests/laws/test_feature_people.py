"""What people decided, what decays, and company: streaming equals SQL, each reading at its point in time."""

from __future__ import annotations

from typing import Any

import pytest
from feature_worlds import FORMS, batch, events, state
from hypothesis import given
from hypothesis import strategies as st
from people_worlds import CROWD, Step, answered, company, facts, in_order, of_events, of_people

from seawall.core.event import Event
from seawall.features import Definition, Fact, FeatureState, restore, snapshot
from seawall.features.state import Form

pytestmark = pytest.mark.parametrize("form", FORMS)
steps = st.lists(st.one_of(events("comment"), events("comment"), facts), max_size=40)
features_ = st.one_of(of_people, of_events, company)


def _state(feature: Definition, form: str) -> FeatureState:
    return state([feature], form, lateness=100, company=CROWD)


def _read(streaming: FeatureState, stream: list[Step]) -> list[Any]:
    read: list[Any] = []
    for step in stream:
        if isinstance(step, Fact):
            streaming.learn([step])
        else:
            read.append(streaming.observe(step)["f"])
    return read


@given(features_, steps)
def test_streaming_equals_sql_on_events_in_order(form: str, feature: Definition, stream: list[Step]) -> None:
    stream = in_order(stream)
    read = _read(_state(feature, form), stream)
    assert [reading.value for reading in read] == answered(feature.spec, stream)


@given(features_, steps)
def test_a_late_event_reads_what_is_known_until_then(
    form: str, feature: Definition, stream: list[Step]
) -> None:
    read = _read(_state(feature, form), stream)
    places = [n for n, step in enumerate(stream) if isinstance(step, Event)]
    for place, reading in zip(places, read, strict=True):
        assert reading.value == answered(feature.spec, stream[: place + 1])[-1]


@given(features_, steps, st.integers(0, 40))
def test_nothing_that_comes_later_changes_what_was_read(
    form: str, feature: Definition, stream: list[Step], cut: int
) -> None:
    whole, part = _read(_state(feature, form), stream), _read(_state(feature, form), stream[:cut])
    assert whole[: len(part)] == part


@given(features_, st.lists(steps, max_size=4))
def test_a_batch_is_its_events_one_by_one(form: str, feature: Definition, parts: list[list[Step]]) -> None:
    alone, together = _state(feature, "plain"), _state(feature, form)
    for part in parts:
        stream = [step for step in part if isinstance(step, Event)]
        places = [
            (sum(isinstance(each, Event) for each in part[:n]), step)
            for n, step in enumerate(part)
            if isinstance(step, Fact)
        ]
        answers = together.observe_columns(batch(stream), places)["comment"]["f"]
        assert answers.readings() == _read(alone, part)
    assert together.entries == alone.entries


@given(features_, steps, st.integers(0, 40), st.sampled_from(FORMS))
def test_a_snapshot_in_the_middle_changes_nothing(
    form: str, feature: Definition, stream: list[Step], cut: int, other: Form
) -> None:
    straight, before, after = _state(feature, form), _state(feature, form), _state(feature, other)
    _read(before, stream[:cut])
    _read(straight, stream[:cut])
    restore(after, snapshot(before, offsets={}))
    assert _read(after, stream[cut:]) == _read(straight, stream[cut:])


@given(features_, steps, st.randoms(use_true_random=False))
def test_rebuilding_does_not_depend_on_how_events_and_facts_interleave(
    form: str, feature: Definition, stream: list[Step], rng: Any
) -> None:
    told = [step for step in stream if isinstance(step, Fact)]
    happened = [step for step in stream if isinstance(step, Event)]
    last = Event(id="z", type="comment", ts=41, market="SG", fields={"who": "ann", "size": 3, "usd": 0.1})
    one, other = _state(feature, form), _state(feature, form)
    _read(one, stream)
    other.learn(told)
    for event in happened:
        other.absorb(event)
    assert one.observe(last) == other.observe(last)


@given(of_people, steps)
def test_what_was_not_told_in_full_is_null(form: str, feature: Definition, stream: list[Step]) -> None:
    warming = state([feature], form, warm=True, lateness=100)
    assert {reading.null for reading in _read(warming, stream)} <= {"warming", "no_key"}
    warming.all_told()
    told = _read(_state(feature, form), [*stream, *stream])
    assert _read(warming, stream) == told[len(told) // 2 :]
