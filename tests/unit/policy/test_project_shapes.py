from __future__ import annotations

from typing import Annotated

import pytest

from seawall.policy.diagnostics import Diagnostics
from seawall.policy.records import Key, Lines, Record
from seawall.policy.shapes import At, Choice, Duration, ListOf, Number, Shape, Text, Unfit
from seawall.policy.source import Source
from seawall.policy.yaml_read import read_yaml


def read(shape: Shape[object], text: str) -> tuple[object, list[tuple[str, str | None]]]:
    found = Diagnostics()
    node = read_yaml(Source("x.yml", text), found)
    assert node is not None
    return shape.read(node, found), [(each.message, each.hint) for each in found.sorted({})]


@pytest.mark.parametrize(
    ("text", "micros"),
    [
        ("10 minutes", 600_000_000),
        ("10 minute", 600_000_000),
        ("24h", 86_400_000_000),
        ("90s", 90_000_000),
        ("1.5 hours", 5_400_000_000),
        ("7 days", 604_800_000_000),
        ("2w", 1_209_600_000_000),
    ],
)
def test_durations_have_a_number_and_a_unit(text: str, micros: int) -> None:
    read_value, said = read(Duration(), text)
    assert not said
    assert isinstance(read_value, At)
    assert read_value.value == micros


@pytest.mark.parametrize(
    "text", ["10", "ten minutes", "-1h", "1 hour 5 minutes", "0s", "9999999999999h", "1 fortnight"]
)
def test_what_is_no_duration_is_refused_with_the_mend(text: str) -> None:
    read_value, said = read(Duration(), text)
    assert isinstance(read_value, Unfit)
    assert len(said) == 1


@pytest.mark.parametrize("text", [".inf", "-.inf", ".nan", "1e999", "true", "'1'", "2", "0", "-1", "9" * 39])
def test_a_share_is_a_finite_number_within_its_bounds(text: str) -> None:
    assert isinstance(read(Number("a share", 0, 1), text)[0], Unfit)


def test_one_item_may_stand_alone_and_none_twice() -> None:
    names = ListOf(Text(), "names", key=lambda item: item.value)
    alone, _ = read(names, "comment")
    assert isinstance(alone, tuple)
    assert [each.value for each in alone] == ["comment"]
    assert read(names, "[a, b, a]")[1] == [("a stands twice in this list", "keep one")]


def test_a_near_miss_is_named() -> None:
    assert read(Choice("a mode", ("off", "shadow", "live")), "LIVE")[1] == [
        ("'LIVE' is not a mode", "did you mean 'live'?")
    ]


class Lamp(Lines, frozen=True, kw_only=True):
    name: Annotated[At[str], Key(Text(), "What it is called.")]
    watts: Annotated[At[float] | None, Key(Number("a power", 0, 1000), "How bright it is.")] = None


def test_a_record_goes_on_after_a_key_it_can_be_read_without() -> None:
    lamp, said = read(Record(Lamp, "a lamp"), "name: red\nwatts: many\nwhats: 3\n")
    assert isinstance(lamp, Lamp)
    assert lamp.watts is None
    assert [message for message, _ in said] == [
        "expected a power, found the text 'many'",
        "a lamp has no key 'whats'",
    ]


def test_a_record_without_what_it_needs_says_how_to_add_it() -> None:
    lamp, said = read(Record(Lamp, "a lamp"), "watts: 3\n")
    assert isinstance(lamp, Unfit)
    assert said == [("a lamp needs 'name'", "add name: what it is called")]


def test_the_schema_says_the_same() -> None:
    schema = Record(Lamp, "a lamp").schema()
    assert schema["required"] == ["name"]
    assert schema["additionalProperties"] is False
    assert schema["properties"]["watts"] == {
        "description": "How bright it is.",
        "type": "number",
        "exclusiveMinimum": 0,
        "maximum": 1000,
    }
