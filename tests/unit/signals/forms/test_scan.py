"""Terms are found however they are written, and where they are not written they are not found."""

from __future__ import annotations

import pytest

from seawall.signals.forms import Scan
from seawall.testing import projects

BANK = projects.bank(
    "b",
    "discount",
    "free coins",
    "bull",
    "pool",
    "but",
    "tool",
    "fiat",
    "класс",
    "сор",
    "永远",
    "🍆",
    "cool deal",
    "bulls",
    "lemon",
)
SCAN = Scan([BANK])


def _found(text: str, scan: Scan = SCAN) -> list[tuple[str, str, str]]:
    return [(one.term, one.manner, text[one.start : one.end]) for one in scan.read([text])[0]]


@pytest.mark.parametrize(
    ("text", "term", "manner", "piece"),
    [
        ("a DISCOUNT!", "discount", "plain", "DISCOUNT"),
        ("a d1sc0unt", "discount", "leet", "d1sc0unt"),
        ("a d!$count!", "discount", "leet", "d!$count"),
        ("a disс\u043eunt", "discount", "look_alike", "disс\u043eunt"),
        ("a d*sc*unt", "discount", "masked", "d*sc*unt"),
        ("d.i.s.c.o.u.n.t now", "discount", "spaced", "d.i.s.c.o.u.n.t"),
        ("a D I S C O U N T", "discount", "spaced", "D I S C O U N T"),
        ("p o o l", "pool", "spaced", "p o o l"),
        ("I b u y   b u l l s", "bulls", "spaced", "b u l l s"),
        ("dis-count", "discount", "spaced", "dis-count"),
        ("dis\u200bcount", "discount", "invisible", "dis\u200bcount"),
        ("discouuunttt!", "discount", "stretched", "discouuunttt"),
        ("fr33   c0ins", "free coins", "leet", "fr33   c0ins"),
        ("free-coins", "free coins", "plain", "free-coins"),
        ("buII", "bull", "look_alike", "buII"),
        ("我永远爱", "永远", "plain", "永远"),
        ("КЛАСС", "класс", "plain", "КЛАСС"),
        ("one 🍆", "🍆", "plain", "🍆"),
        ("poooool", "pool", "stretched", "poooool"),
        ("c00l deal", "cool deal", "leet", "c00l deal"),
    ],
)
def test_a_term_is_found_in_its_disguise(text: str, term: str, manner: str, piece: str) -> None:
    assert _found(text) == [(term, manner, piece)]


@pytest.mark.parametrize(
    "text",
    [
        "discounted",  # another word
        "dis count",  # two words
        "butt",  # a doubled letter makes a word
        "pol",  # fewer letters
        "flat",  # an l is no i
        "pool11",
        "1lemon",
        "1234 801 7001 055",  # numbers
        "see dis, count to ten",
        "d**c***t",  # too little to be seen
        "*discounted* f*rm",
        "в этот сорт",
    ],
)
def test_ordinary_words_are_not_terms(text: str) -> None:
    assert _found(text) == []


def test_a_word_of_another_script_is_no_disguise_among_words_of_that_script() -> None:
    scan = Scan([projects.bank("b", "cop")])
    assert _found("весь этот сор", scan) == []
    assert _found("you сор", scan) == [("cop", "look_alike", "сор")]


def test_a_term_of_several_banks_is_told_for_each() -> None:
    scan = Scan([projects.bank("x", "scam"), projects.bank("y", "scam", match="anywhere")])
    assert [one.bank for one in scan.read(["a sc4m"])[0]] == ["x", "y"]
    assert [one.bank for one in scan.read(["ascams"])[0]] == ["y"]


def test_places_are_those_of_each_text_of_a_batch() -> None:
    texts = ["nothing", "x d1scount", "", "\n\nfree\ncoins", "Straße d i s c o u n t"]
    for text, found in zip(texts, SCAN.read(texts), strict=True):
        assert [text[one.start : one.end] for one in found] == [piece for _, _, piece in _found(text)]


def test_no_terms_find_nothing() -> None:
    assert Scan([]).read(["anything"]) == [()]
