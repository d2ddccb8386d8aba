"""The language of a text is told or NULL with a reason."""

from __future__ import annotations

import pytest

from seawall.core.errors import ProjectError
from seawall.core.event import Event
from seawall.core.types import Kind
from seawall.signals import KINDS, Detectors
from seawall.testing import projects


def _read(text: str, gives: str = "language", type_: Kind = Kind.STRING, **options: int) -> object:
    spec = projects.signal("s", kind="language", type_=type_, options={"gives": gives, **options})
    detectors = Detectors(projects.project(signals=[spec]), KINDS)
    [reading] = detectors.read("s", [Event(id="e", type="comment", ts=0, fields={"text": text})])
    detectors.close()
    return reading.null or reading.value


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I love this song so much", "en"),
        ("Das ist ein wirklich schönes Lied", "de"),
        ("apa kabar kawan, sudah makan belum?", "ms"),  # or Indonesian, which eldc does not tell apart
        ("你好吗朋友", "zh"),
        ("สวัสดีครับ", "th"),
        ("ok", "too_short"),
        ("https://a-long-address.example/with-words @mention #tag", "not_applicable"),
        ("123 😂😂", "not_applicable"),
        ("xkjq zzvq wpqx bbrt", "unsure"),
    ],
)
def test_a_language_is_told_or_why_not(text: str, language: str) -> None:
    assert _read(text) == language


def test_a_project_says_how_short_is_too_short() -> None:
    assert _read("I love this", least_letters=30) == "too_short"


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("hello мир", "Latn"),
        ("привет", "Cyrl"),
        ("日本語です", "Jpan"),
        ("한국어", "Hang"),
        ("123", "not_applicable"),
    ],
)
def test_the_script_is_that_of_most_letters(text: str, script: str) -> None:
    assert _read(text, "script") == script


@pytest.mark.parametrize(("text", "words"), [("раypal рay", 2), ("привет paypal", 0), ("日本go", 0), ("", 0)])
def test_words_of_two_scripts_are_counted(text: str, words: int) -> None:
    assert _read(text, "mixed_words", Kind.INTEGER) == words


def test_a_wrong_type_is_refused() -> None:
    with pytest.raises(ProjectError) as error:
        _read("x", "mixed_words", Kind.NUMBER)
    assert "gives: mixed_words has the type integer" in error.value.diagnostics[0].message
