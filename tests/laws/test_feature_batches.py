"""A batch reads what its events read one by one: in either form, however cut, whoever owns the keys."""

from __future__ import annotations

import pickle

import pytest
from feature_worlds import FORMS, batch, definitions, events, state
from hypothesis import given
from hypothesis import strategies as st

from seawall.core.decision import Reading
from seawall.core.event import Event
from seawall.features import Answer, Batch, Definition, ask, merge
from seawall.features.state import Form

TYPES = st.sampled_from([("comment",), ("message",), ("comment", "message")])
features_ = st.tuples(*[definitions(f"f{n}", TYPES) for n in range(3)]).map(list)
streams = st.lists(st.lists(events("comment", "message", "login"), max_size=12), max_size=5)


def _by_event(taken: Batch, found: dict[str, dict[str, Answer]]) -> list[dict[str, Reading]]:
    read: list[dict[str, Reading]] = [{} for _ in taken.ts]
    for part in taken.parts:
        for name, answer in found[part.columns.type].items():
            for row, reading in zip(part.rows, answer.readings(), strict=True):
                read[row][name] = reading
    return read


@pytest.mark.parametrize("form", FORMS)
@given(features_, streams, st.booleans(), st.integers(0, 30), st.integers(1, 40))
def test_a_batch_is_its_events_one_by_one(
    form: str, features: list[Definition], stream: list[list[Event]], warm: bool, lateness: int, per_key: int
) -> None:
    alone = state(features, "plain", warm=warm, lateness=lateness, per_key=per_key)
    together = state(features, form, warm=warm, lateness=lateness, per_key=per_key)
    for part in stream:
        taken = batch(part)
        assert _by_event(taken, together.observe_columns(taken)) == [alone.observe(each) for each in part]
    assert (together.tally, together.watermark) == (alone.tally, alone.watermark)


@pytest.mark.parametrize(("form", "other"), [FORMS, FORMS[::-1]])
@given(features_, streams, st.booleans(), st.integers(0, 4), st.integers(1, 40))
def test_another_form_in_the_middle_changes_nothing(
    form: Form,
    other: Form,
    features: list[Definition],
    stream: list[list[Event]],
    warm: bool,
    cut: int,
    entries: int,
) -> None:
    straight = state(features, form, warm=warm, entries=entries)
    changed = state(features, form, warm=warm, entries=entries)
    for n, part in enumerate(stream):
        if n == cut:
            changed.use(other)
        taken = batch(part)
        assert _by_event(taken, changed.observe_columns(taken)) == _by_event(
            taken, straight.observe_columns(taken)
        )
    for each in (changed, straight):  # the compiled form lets go sooner of what no window reaches
        if each.watermark is not None:
            each._sweep()
    assert (changed.tally, changed.entries) == (straight.tally, straight.entries)


@pytest.mark.parametrize("form", FORMS)
@given(features_, streams, st.booleans(), st.integers(0, 30), st.integers(1, 4))
def test_several_owners_answer_as_one(
    form: str, features: list[Definition], stream: list[list[Event]], warm: bool, lateness: int, owners: int
) -> None:
    alone = state(features, form, warm=warm, lateness=lateness)
    shared = [state(features, form, warm=warm, lateness=lateness) for _ in range(owners)]
    for part in stream:
        taken = batch(part)
        requests = pickle.loads(pickle.dumps(ask(features, taken, owners=owners)))  # as between processes
        answers = [owner.answer(asked) for owner, asked in zip(shared, requests, strict=True)]
        one = alone.observe_columns(taken)
        parts = merge(features, taken, requests, answers)
        several = {part.columns.type: each for part, each in zip(taken.parts, parts, strict=True)}
        assert _by_event(taken, several) == _by_event(taken, one)
    assert sum(owner.entries for owner in shared) == alone.entries
    assert all(owner.tally.late == alone.tally.late for owner in shared)


@pytest.mark.parametrize("form", FORMS)
@given(features_, streams, st.integers(1, 12))
def test_a_full_memory_makes_batches_null_and_never_wrong(
    form: str, features: list[Definition], stream: list[list[Event]], entries: int
) -> None:
    small = state(features, form, entries=entries)
    large = state(features, form)
    for part in stream:
        taken = batch(part)
        few, all_ = small.observe_columns(taken), large.observe_columns(taken)
        for got, want in zip(_by_event(taken, few), _by_event(taken, all_), strict=True):
            assert all(got[name] == want[name] or got[name].null == "evicted" for name in want)
        assert small.entries <= entries + len(part) * len(features)
