"""How a text meets the entries of a bank, and the column that brings the answer to other engines."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from ahocorasick_rs import AhoCorasick

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seawall.policy.model import Bank

MODES = ("words", "anywhere", "exact", "domain")


def match_column(field: str, bank: str) -> str:
    """The name of the boolean column that says whether a field meets a bank.

    >>> match_column("text", "scam_terms")
    'matches:text:scam_terms'
    """
    return f"matches:{field}:{bank}"


@lru_cache(maxsize=16)  # the same text meets one bank after the other
def folded(text: str) -> str:
    """Compatibility forms made equal (NFKC), case removed, each run of white space made one space.

    >>> folded("Ｆｒｅｅ   Straße")
    'free strasse'
    """
    if text.isascii():
        caseless = text.lower()
    else:
        caseless = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(caseless.split())


def matcher_of(bank: Bank) -> Callable[[str | None], bool | None]:
    """A test whether a text meets the bank; NULL meets nothing and gives NULL."""
    return _built(bank.match, bank.entries)


@lru_cache(
    maxsize=128
)  # an automaton over 100,000 terms takes a moment, and traces ask for it again and again
def _built(how: str, entries: tuple[str, ...]) -> Callable[[str | None], bool | None]:
    hit = _HITS[how](entries)

    def meets(text: str | None) -> bool | None:
        return None if text is None else hit(text)

    return meets


def _anywhere(entries: Sequence[str]) -> Callable[[str], bool]:
    terms = sorted({folded(entry) for entry in entries} - {""})
    automaton = AhoCorasick(terms)
    return lambda text: bool(automaton.find_matches_as_indexes(folded(text)))


def _words(entries: Sequence[str]) -> Callable[[str], bool]:
    terms = sorted({folded(entry) for entry in entries} - {""})
    automaton = AhoCorasick(terms)

    def hit(text: str) -> bool:
        known = folded(text)
        found = automaton.find_matches_as_indexes(known, overlapping=True)
        return bool(found) and any(stands_alone(known, start, end) for _, start, end in found)

    return hit


def stands_alone(text: str, start: int, end: int) -> bool:
    """Whether no word goes on over either edge of a match in a folded text.

    >>> stands_alone("free coins", 0, 4), stands_alone("freedom", 0, 4)
    (True, False)
    """
    before = start > 0 and _in_word(text[start - 1]) and _in_word(text[start])
    after = end < len(text) and _in_word(text[end]) and _in_word(text[end - 1])
    return not before and not after


def _in_word(character: str) -> bool:
    return character == "_" or character.isalnum() or unicodedata.category(character).startswith("M")


def _exact(entries: Sequence[str]) -> Callable[[str], bool]:
    known = frozenset(entries)
    return lambda text: text in known


def _domain(entries: Sequence[str]) -> Callable[[str], bool]:
    known = frozenset(_host(entry) for entry in entries)

    def hit(text: str) -> bool:
        labels = _host(text).split(".")
        return any(".".join(labels[first:]) in known for first in range(len(labels)))

    return hit


def _host(text: str) -> str:
    return text.strip().rstrip(".").lower()


_HITS = {"words": _words, "anywhere": _anywhere, "exact": _exact, "domain": _domain}
