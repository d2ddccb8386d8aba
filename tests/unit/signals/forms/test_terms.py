"""The kind `variants`: what a list says of a text."""

from __future__ import annotations

from typing import Any

import pytest

from seawall.core.errors import ProjectError
from seawall.core.event import Event
from seawall.core.types import Kind
from seawall.signals import KINDS, Detectors
from seawall.testing import projects

TERMS = projects.table(
    "shop/terms",
    {
        "cheap followers": {"severity": "2", "group": "growth", "language": ""},
        "sell": {"severity": "1", "group": "trade", "language": ""},
        "murah": {"severity": "3", "group": "trade", "language": "id"},
    },
    match="words",
)
FINE = projects.bank("shop/fine", "sell out crowd")
DOMAINS = projects.bank("domains", "a.example", match="domain")


def _read(text: str, type_: Kind, *, language: str = "en", **options: str) -> Any:
    spec = projects.signal("s", kind="variants", type_=type_, options={"list": "shop/terms", **options})
    project = projects.project(signals=[spec], banks=[TERMS, FINE, DOMAINS])
    detectors = Detectors(project, KINDS)
    event = Event(id="e", type="comment", ts=0, language=language, fields={"text": text})
    [reading] = detectors.read("s", [event])
    detectors.close()
    return reading


@pytest.mark.parametrize(
    ("gives", "type_", "value"),
    [
        ("matched", Kind.BOOLEAN, True),
        ("count", Kind.INTEGER, 2),
        ("term", Kind.STRING, "sell"),
        ("manner", Kind.STRING, "leet"),
    ],
)
def test_it_gives_what_is_asked(gives: str, type_: Kind, value: object) -> None:
    assert _read("I $ell ch3ap f0ll0wers, $ell", type_, gives=gives).value == value


def test_a_column_gives_the_highest_number_or_the_first_text() -> None:
    text = "I sell cheap followers"
    assert _read(text, Kind.INTEGER, gives="column", column="severity").value == 2
    assert _read(text, Kind.STRING, gives="column", column="group").value == "trade"


def test_no_term_is_none_of_them() -> None:
    assert _read("hello", Kind.BOOLEAN, gives="matched").value is False
    assert _read("hello", Kind.INTEGER, gives="count").value == 0
    assert _read("hello", Kind.STRING, gives="term").null == "absent"


def test_allowed_phrases_take_the_terms_in_them() -> None:
    assert _read("a sell out crowd", Kind.INTEGER, gives="count", allow="shop/fine").value == 0
    assert _read("sell to a sell-out crowd", Kind.INTEGER, gives="count", allow="shop/fine").value == 1


def test_a_term_counts_in_its_language() -> None:
    assert _read("murah", Kind.INTEGER, gives="count").value == 0
    assert _read("murah", Kind.INTEGER, gives="count", language="id").value == 1


def test_evidence_says_where_and_how_and_not_what() -> None:
    assert _read("I $ell", Kind.BOOLEAN, gives="matched").evidence == ("characters 2 to 6, leet",)


@pytest.mark.parametrize(
    ("type_", "options", "said"),
    [
        (Kind.NUMBER, {"gives": "matched"}, "gives: matched has the type boolean"),
        (Kind.BOOLEAN, {"gives": "everything"}, "gives 'everything' is not known"),
        (Kind.BOOLEAN, {"gives": "matched", "allow": "shop/fin"}, "there is no list 'shop/fin'"),
        (Kind.BOOLEAN, {"gives": "matched", "allow": "domains"}, "holds no terms: it matches domain"),
        (Kind.INTEGER, {"gives": "column", "column": "group"}, "the group of 'cheap followers' is 'growth'"),
        (Kind.INTEGER, {"gives": "column", "column": "severe"}, "has no column 'severe'"),
    ],
)
def test_wrong_options_are_refused_with_the_reason(type_: Kind, options: dict[str, str], said: str) -> None:
    with pytest.raises(ProjectError) as error:
        _read("x", type_, **options)
    assert said in error.value.diagnostics[0].message
