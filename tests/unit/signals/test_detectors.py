"""Detectors answer for every event, whatever happens inside them."""

from __future__ import annotations

from typing import Any

import pytest

from seawall.core.errors import ProjectError
from seawall.core.event import Event
from seawall.core.types import Kind
from seawall.policy.model import SignalSpec
from seawall.signals import KINDS, Detectors
from seawall.signals import detectors as module
from seawall.testing import projects
from seawall.testing.signals import TEST_KINDS

REPUTATION = projects.table(
    "domains/reputation",
    {"good.example": {"score": "0.9", "owner": "Good"}, "bad.example": {"score": "0.1", "owner": ""}},
    match="domain",
)
TERMS = projects.table(
    "spam/terms",
    {
        "free coins": {"weight": "0.5", "language": ""},
        "gratis": {"weight": "0.5", "language": "id"},
        "cheap": {"weight": "0.2", "language": ""},
    },
    match="words",
)


def _read(spec: SignalSpec, *texts: str | None, language: str | None = "en", **fields: Any) -> list[Any]:
    project = projects.project(signals=[spec], banks=[REPUTATION, TERMS])
    detectors = Detectors(project, {**KINDS, **TEST_KINDS})
    events = [
        Event(id=f"e{n}", type="comment", ts=n, language=language, fields={"text": text, **fields})
        for n, text in enumerate(texts)
    ]
    readings = detectors.read(spec.name, events)
    detectors.close()
    return [reading.null or reading.value for reading in readings]


def _spec(kind: str, **more: Any) -> SignalSpec:
    return projects.signal("s", kind=kind, **more)


def test_a_table_answers_for_a_domain_and_its_children() -> None:
    spec = _spec("lookup", options={"list": "domains/reputation", "column": "score"})
    texts = ("good.example", "a.b.bad.example", "BAD.example.", "other.example", None)
    assert _read(spec, *texts) == [0.9, 0.1, 0.1, "absent", "absent"]


def test_an_empty_cell_of_a_table_is_absent() -> None:
    spec = _spec("lookup", type_=Kind.STRING, options={"list": "domains/reputation", "column": "owner"})
    assert _read(spec, "good.example", "bad.example") == ["Good", "absent"]


def test_a_lexicon_adds_up_distinct_terms_in_the_language_of_the_text() -> None:
    spec = _spec("lexicon", options={"list": "spam/terms"})
    assert _read(
        spec, "hello", "FREE  coins", "free coins!", "free coins free coins", "cheap free coins"
    ) == [
        0.0,
        0.5,
        0.5,
        0.5,
        0.6,
    ]
    assert _read(spec, "gratis", "gratisan", language="id") == [0.5, 0.0]
    assert _read(spec, "gratis") == [0.0]


def test_outside_its_languages_a_signal_is_null_not_a_score() -> None:
    spec = _spec("lexicon", options={"list": "spam/terms"}, languages=("en",))
    assert _read(spec, "free coins", language="id") == ["unsupported_language"]
    assert _read(spec, "free coins", language=None) == ["unsupported_language"]


def test_links_are_found_in_their_usual_disguises() -> None:
    texts = (
        "see https://Shop.Example:8080/a?b",
        "www.shop.example!",
        "shop [.] example",
        "shop dot example now",
        "shop。example",
        "v1.2 is out, mail me@shop.example",
        "ab.cd",
        "",
    )
    assert _read(_spec("link_count", type_=Kind.INTEGER), *texts) == [1, 1, 1, 1, 1, 0, 0, 0]
    assert _read(_spec("link_domain", type_=Kind.STRING), *texts) == ["shop.example"] * 5 + ["absent"] * 3


@pytest.mark.parametrize(
    ("measure", "text", "value"),
    [
        ("length", "abc", 3.0),
        ("upper_share", "ABcd", 0.5),
        ("upper_share", "123", "not_applicable"),
        ("digit_share", "a1 2", 2 / 3),
        ("symbol_share", "a!!", 2 / 3),
        ("repeat_run", "nooooo", 5.0),
        ("repeat_word_share", "win win", 0.5),
        ("emoji_count", "🔥🔥 ok", 2.0),
        ("mention_count", "@ann mail@bo @bo", 2.0),
        ("hashtag_count", "#one #two", 2.0),
    ],
)
def test_shape_measures_how_a_text_is_written(measure: str, text: str, value: object) -> None:
    assert _read(_spec("shape", options={"measure": measure}), text) == [value]


def test_a_failing_detector_costs_only_the_inputs_it_fails_on() -> None:
    assert _read(_spec("failing"), "fine", "boom", "fine") == [1.0, "failed", 1.0]


def test_a_slow_detector_is_null_after_its_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LEAST_DEADLINE_S", 0.02)
    monkeypatch.setattr(module, "DEADLINE_FACTOR", 1.0)
    assert _read(_spec("slow", cost_us=1_000.0, options={"seconds": 0.2}), "a", "b") == ["timeout"] * 2


def test_readings_carry_cost_and_version() -> None:
    spec = _spec("scripted", cost_us=40.0, version="7")
    detectors = Detectors(projects.project(signals=[spec]), TEST_KINDS)
    [reading] = detectors.read("s", [Event(id="e", type="comment", ts=0, fields={"text": "s=0.5"})])
    assert (reading.value, reading.cost_us, reading.version) == (0.5, 40.0, "7")


@pytest.mark.parametrize(
    ("kind", "options", "said"),
    [
        ("oracle", {}, "no kind 'oracle'"),
        ("lookup", {}, "needs the option 'list'"),
        ("lookup", {"list": "domains/reputatoin", "column": "score"}, "no list 'domains/reputatoin'"),
        ("lookup", {"list": "domains/reputation", "column": "scor"}, "no column 'scor'"),
        ("lexicon", {"list": "domains/reputation"}, "no column 'weight'"),
        ("shape", {"measure": "girth"}, "measure 'girth' is not known"),
    ],
)
def test_wrong_options_are_told_with_their_place(kind: str, options: dict[str, Any], said: str) -> None:
    with pytest.raises(ProjectError, match=said) as caught:
        Detectors(projects.project(signals=[_spec(kind, options=options)], banks=[REPUTATION]), KINDS)
    assert caught.value.span is not None
