"""Near copies are found as the stream goes, and only what came before counts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from seawall.core.errors import ProjectError
from seawall.core.event import Event
from seawall.core.types import Kind
from seawall.signals import KINDS, Detectors
from seawall.signals.near import near_meaning
from seawall.signals.near.groups import Groups
from seawall.signals.near.model import Limits
from seawall.signals.near.sketch_rensa import Sketches
from seawall.testing import projects

HOUR = 3_600_000_000
OFFER = "Big sale today only, visit the blue door on market street and ask for Kim"
NEARLY = "Big sale TODAY only!! visit the blue d00r on market street and ask for Tom"
OTHER = "I watched this video with my grandmother and we laughed for a whole hour"
CAMPAIGNS = projects.table("known/campaigns", {OFFER: {"campaign": "blue door"}}, match="exact")


def _groups(texts: int = 100, hours: int = 24) -> Groups:
    return Groups(Sketches(texts, least=20), Limits(hours * HOUR, texts, 0.7))


def test_a_copy_joins_the_group_of_the_first_and_another_text_does_not() -> None:
    first, copy, other, again = _groups().observe([OFFER, NEARLY, OTHER, OFFER], [0, 1, 2, 3])
    assert first is not None
    assert copy is not None
    assert other is not None
    assert again is not None
    assert (first.similarity, first.size) == (0.0, 1)
    assert 0.7 <= copy.similarity < 1
    assert (copy.group, copy.size, copy.first_seen) == (first.group, 2, 0)
    assert (other.size, again.size, again.similarity) == (1, 3, 1.0)
    assert other.group != first.group


def test_short_texts_have_no_neighbours() -> None:
    assert _groups().observe(["nice video!", "", "ok"], [0, 0, 0]) == [None, None, None]


def test_batches_do_not_change_what_is_told() -> None:
    texts = [OFFER, OTHER, NEARLY, "short", OTHER + " again", OFFER] * 3
    times = [n * HOUR for n in range(len(texts))]
    one_by_one = _groups()
    singly = [one_by_one.observe([text], [time])[0] for text, time in zip(texts, times, strict=True)]
    assert _groups().observe(texts, times) == singly


def test_a_text_leaves_with_its_window() -> None:
    groups = _groups(hours=1)
    groups.observe([OFFER, OFFER], [0, HOUR // 2])
    [later] = groups.observe([OFFER], [HOUR + 1])
    assert later is not None
    assert (later.size, later.first_seen) == (2, 0)
    [much_later] = groups.observe([OFFER], [9 * HOUR])
    assert much_later is not None
    assert (much_later.size, much_later.similarity, much_later.first_seen) == (1, 0.0, 9 * HOUR)


def test_memory_is_bounded_and_what_goes_on_is_not_forgotten() -> None:
    groups = _groups(texts=8)
    for n in range(60):
        groups.observe([f"{n * 7919} {chr(97 + n % 26) * 3} words of no other text {n**5} {n**7}"], [n])
        [copy] = groups.observe([OFFER], [n])
        assert copy is not None
        assert copy.size == min(n + 1, copy.size)
    assert copy.size >= 40 - 1


def test_looking_changes_nothing() -> None:
    groups = _groups()
    groups.observe([OFFER], [0])
    before = groups.look([NEARLY], [1])
    assert groups.look([NEARLY], [1]) == before
    [found] = before
    assert found is not None
    assert found.size == 1


def _event(n: int, text: str | None, **more: Any) -> Event:
    return Event(id=f"e{n}", type="comment", ts=n * HOUR, fields={"text": text}, **more)


def _detectors(*gives: tuple[str, Kind], **options: Any) -> Detectors:
    signals = [
        projects.signal(name, kind="near_text", type_=kind, options={"gives": name, **options})
        for name, kind in gives
    ]
    return Detectors(projects.project(signals=signals, banks=[CAMPAIGNS]), KINDS)


def test_signals_of_one_definition_share_a_memory_and_read_what_was_true_then() -> None:
    detectors = _detectors(("size", Kind.INTEGER), ("similarity", Kind.NUMBER), ("group", Kind.HASH))
    events = [_event(n, text) for n, text in enumerate([OFFER, NEARLY, None, OTHER])]
    detectors.memories.begin(0, complete=True)
    detectors.memories.observe(events)
    detectors.memories.observe(events)  # told again after a failure: counted once
    assert [each.null or each.value for each in detectors.read("size", events)] == [1, 2, "absent", 1]
    groups = [each.value for each in detectors.read("group", events[:2])]
    assert groups[0] == groups[1]
    assert detectors.read("size", [_event(9, OFFER)])[0].value == 2  # not of the stream: looked up
    detectors.close()


def test_what_nobody_saw_is_warming_and_not_new() -> None:
    detectors = _detectors(("size", Kind.INTEGER))
    events = [_event(0, OFFER), _event(1, NEARLY), _event(30, OTHER)]
    detectors.memories.observe(events)
    assert [each.null or each.value for each in detectors.read("size", events)] == ["warming", 2, 1]
    detectors.close()


def test_a_release_goes_on_with_what_is_remembered_and_another_definition_begins_anew() -> None:
    earlier = _detectors(("size", Kind.INTEGER))
    earlier.memories.begin(0, complete=True)
    earlier.memories.observe([_event(0, OFFER)])
    same, other = _detectors(("size", Kind.INTEGER)), _detectors(("size", Kind.INTEGER), hours=2)
    for each in (same, other):
        each.memories.inherit(earlier.memories)
        each.memories.observe([_event(1, NEARLY)])
    assert same.read("size", [_event(1, NEARLY)])[0].value == 2
    assert other.read("size", [_event(1, NEARLY)])[0].null == "warming"


def test_a_list_says_which_campaign_a_text_belongs_to() -> None:
    detectors = _detectors(("known", Kind.STRING), list="known/campaigns")
    assert not detectors.memories
    readings = detectors.read("known", [_event(0, NEARLY), _event(1, OTHER), _event(2, "hi")])
    assert [each.null or each.value for each in readings] == ["blue door", "absent", "too_short"]


def test_near_meanings_are_exact_by_an_encoder_that_is_handed_in() -> None:
    def embed(texts: Any) -> Any:
        made = np.array([[text.count("a"), text.count("b"), 1.0] for text in texts], np.float32)
        return made / np.linalg.norm(made, axis=1, keepdims=True)

    spec = projects.signal(
        "size", kind="near_meaning", type_=Kind.INTEGER, options={"gives": "size", "percent": 95}
    )
    detectors = Detectors(projects.project(signals=[spec]), {"near_meaning": near_meaning(embed)})
    texts = ["a" * 30, "b" * 30, "a" * 29, "a" * 5]
    events = [_event(n, text) for n, text in enumerate(texts)]
    detectors.memories.begin(0, complete=True)
    detectors.memories.observe(events)
    assert [each.null or each.value for each in detectors.read("size", events)] == [1, 1, 2, "too_short"]
    detectors.close()


@pytest.mark.parametrize(
    ("type_", "options", "said"),
    [
        (Kind.NUMBER, {"gives": "size"}, "gives: size has the type integer"),
        (Kind.INTEGER, {"gives": "size", "percent": 101}, "percent is 101"),
        (Kind.INTEGER, {"gives": "size", "hours": 0}, "hours is 0"),
        (Kind.STRING, {"gives": "known"}, "needs the option 'list'"),
    ],
)
def test_wrong_options_are_refused_with_the_reason(type_: Kind, options: dict[str, Any], said: str) -> None:
    spec = projects.signal("s", kind="near_text", type_=type_, options=options)
    with pytest.raises(ProjectError) as error:
        Detectors(projects.project(signals=[spec]), KINDS)
    assert said in error.value.diagnostics[0].message
