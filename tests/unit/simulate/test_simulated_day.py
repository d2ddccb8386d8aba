"""A simulated day: whole, in order, the same for the same seed, and true to the project it is made for."""

from __future__ import annotations

from collections import Counter
from importlib import import_module

import msgspec
import pytest

from seawall.simulate import Truth, day
from seawall.simulate.rhythm import HOUR, MINUTE, Period
from seawall.simulate.shapes import SHAPES
from seawall.simulate.stories.table import STORIES, counts

START = 1_767_571_200_000_000  # 2026-01-05T00:00:00Z
DAY = Period(START, 24 * HOUR)
KINDS = {"string": str, "hash": str, "integer": int, "number": (int, float), "boolean": bool}


@pytest.fixture(scope="module")
def pairs() -> list[tuple[dict[str, object], Truth]]:
    return [
        (msgspec.json.decode(event), msgspec.json.decode(truth, type=Truth))
        for event, truth in day(DAY, events=4_000, seed=7)
    ]


def test_the_same_seed_gives_the_same_bytes_and_another_seed_does_not() -> None:
    assert list(day(DAY, events=600, seed=7)) == list(day(DAY, events=600, seed=7))
    assert list(day(DAY, events=600, seed=7)) != list(day(DAY, events=600, seed=8))


@pytest.mark.parametrize("events", [1, 2, 10, 137, 1_000])
@pytest.mark.parametrize("length", [MINUTE, 3 * HOUR, 24 * HOUR])
def test_as_many_events_as_asked_for_all_within_the_period(events: int, length: int) -> None:
    lines = [msgspec.json.decode(event) for event, _ in day(Period(START, length), events=events, seed=1)]
    assert len(lines) == events
    assert all(
        "2026-01-05T00:00:00" <= line["ts"] < ("2026-01-05T00:01" if length == MINUTE else "2026-01-06")
        for line in lines
    )


def test_events_stand_in_time_order_and_no_id_twice(pairs: list[tuple[dict[str, object], Truth]]) -> None:
    times = [event["ts"] for event, _ in pairs]
    assert times == sorted(times)
    assert len({event["id"] for event, _ in pairs}) == len(pairs)


def test_each_truth_stands_beside_its_event(pairs: list[tuple[dict[str, object], Truth]]) -> None:
    assert all(event["id"] == truth.event_id for event, truth in pairs)


def test_every_story_is_told_as_often_as_the_table_says(
    pairs: list[tuple[dict[str, object], Truth]],
) -> None:
    assert Counter(truth.story for _, truth in pairs) == counts(4_000)


def test_a_storys_events_have_the_clause_of_the_table(pairs: list[tuple[dict[str, object], Truth]]) -> None:
    clauses = {story.name: story.clause for story in STORIES}
    assert all(truth.clause == clauses[truth.story] for _, truth in pairs)


def test_events_hold_exactly_the_fields_of_their_shape(pairs: list[tuple[dict[str, object], Truth]]) -> None:
    for event, _ in pairs:
        shape = SHAPES[str(event["type"])]
        for field, kind in shape.items():
            value = event.get(field)
            if value is None:
                assert kind.endswith("?"), f"{event['type']}.{field} is missing"
            elif kind == "list of string":
                assert all(isinstance(one, str) for one in value)
            else:
                assert isinstance(value, KINDS[kind.removesuffix("?")]), (
                    f"{event['type']}.{field} = {value!r}"
                )


def test_nothing_in_an_event_gives_its_truth_away(pairs: list[tuple[dict[str, object], Truth]]) -> None:
    for event, truth in pairs:
        line = msgspec.json.encode(event).decode()
        assert truth.story == "everyday" or truth.story not in line
        campaign = (
            truth.adversary is not None and "-" in truth.adversary
        )  # lone adversaries are their account
        assert not campaign or str(truth.adversary) not in line


def test_honest_people_are_awake_in_their_own_evening(
    pairs: list[tuple[dict[str, object], Truth]],
) -> None:
    hours = Counter(str(event["ts"])[11:13] for event, truth in pairs if event["market"] == "ID")
    assert hours["13"] > 2 * hours["20"]  # eight in the evening in Jakarta, against three in the morning


def test_a_change_to_one_story_leaves_the_others_as_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    def honest() -> list[str]:
        return [
            event.partition('"ts"')[2] for event, truth in day(DAY, events=900, seed=3) if "everyday" in truth
        ]

    before = honest()
    quieter = tuple(story for story in STORIES if story.name != "pile_on")
    monkeypatch.setattr(import_module("seawall.simulate.day"), "STORIES", quieter)
    assert honest() == before
