"""Sentences from templates."""

from __future__ import annotations

from random import Random

import pytest

from seawall.simulate.grammar import Grammar
from seawall.simulate.phrases import LANGUAGES


def test_slots_are_filled_to_the_bottom() -> None:
    grammar = Grammar(["{greeting}!"], {"greeting": ["hello {who}"], "who": ["you", "all"]})
    assert {grammar.say(Random(seed)) for seed in range(20)} == {"hello you!", "hello all!"}


def test_a_slot_that_is_not_there_is_found_at_once() -> None:
    with pytest.raises(KeyError, match="nobody"):
        Grammar(["hello {nobody}"], {})


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_language_has_something_to_say_everywhere(language: str) -> None:
    phrases = LANGUAGES[language]
    rng = Random(1)
    for part in (phrases.comment, phrases.caption, phrases.speech, phrases.title, phrases.bio):
        said = {Grammar(part, phrases.slots).say(rng) for _ in range(60)}
        assert len(said) >= 3
        assert not [text for text in said if "{" in text]
