"""How a text meets a list: four ways, each with the corners that evasion uses."""

from __future__ import annotations

import pytest

from seawall.core.diagnostic import Span
from seawall.policy.conditions.meetings import meeting_of
from seawall.policy.model import Bank


def meets(how: str, entries: tuple[str, ...], text: str | None) -> bool | None:
    bank = Bank(name="b", match=how, entries=entries, version=repr((how, entries)), span=Span("lists/b.txt"))
    return meeting_of([bank]).test_of("b")(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("claim your FREE GIFT now", True),
        ("free gift", True),
        ("ｆｒｅｅ　ｇｉｆｔ", True),  # full width, and an ideographic space
        ("free \t gift", True),
        ("free\n\ngift", True),
        ("free\u2003\u00a0gift", True),  # an em space, and one that does not break
        ("freegift", False),
        ("free gifts", False),
        ("carefree gift", False),
        ("free_gift", False),
        ("(free gift)", True),
        ("free gift free gifts", True),
        ("free gifts, but a free gift too", True),
        ("", False),
    ],
)
def test_words_are_found_whole_and_in_any_case(text, found):
    assert meets("words", ("free gift",), text) is found


def test_a_shorter_word_is_found_although_a_longer_one_begins_there():
    assert meets("words", ("win", "win big today"), "win bigger")


def test_a_sign_is_found_beside_a_letter():
    assert meets("words", ("$$$",), "a$$$b")


def test_a_mark_goes_on_with_the_word():
    assert not meets("words", ("नमस",), "नमस्ते")


def test_case_folds_as_unicode_says():
    assert meets("words", ("straße",), "STRASSE 5")


def test_anywhere_finds_text_without_spaces():
    assert meets("anywhere", ("中奖",), "恭喜你中奖了")
    assert not meets("anywhere", ("中奖",), "恭喜")


def test_white_space_in_a_term_is_one_space_too():
    assert meets("words", ("free  gift",), "a free gift")
    assert meets("anywhere", ("free  gift",), "afree\u3000gifts")


def test_exact_is_exact():
    assert not meets("exact", ("a b",), "a  b")
    assert meets("exact", ("00ff",), "00ff")
    assert not meets("exact", ("00ff",), "00FF")


@pytest.mark.parametrize(
    ("domain", "found"),
    [
        ("example.org", True),
        ("shop.EXAMPLE.org.", True),
        ("notexample.org", False),
        ("org", False),
        ("example.org.evil.test", False),
    ],
)
def test_a_domain_meets_itself_and_its_parents(domain, found):
    assert meets("domain", ("example.org",), domain) is found


@pytest.mark.parametrize("how", ["words", "anywhere", "exact", "domain"])
def test_null_meets_nothing_and_an_empty_list_meets_no_text(how):
    assert meets(how, ("a",), None) is None
    assert meets(how, (), "a") is False
