"""Which entries of a bank a text meets, not only whether it meets one."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ahocorasick_rs import AhoCorasick

from seawall.policy.conditions.banks import folded, stands_alone
from seawall.policy.conditions.nearness import nearness_of

if TYPE_CHECKING:
    from seawall.policy.model import Bank


def matched(bank: Bank, text: str | None, *, distance: int = 0) -> tuple[str, ...]:
    """The entries that a text meets, sorted, as they are compared; none if it does not meet the bank.

    Args:
        bank: what is looked through.
        text: what is looked for.
        distance: of hashes, how many bits they may differ in.

    >>> from seawall.testing.projects import bank
    >>> matched(bank("spam", "free coins", "gift card"), "FREE  coins, free coins!")
    ('free coins',)
    >>> matched(bank("bad", "evil.example", match="domain"), "www.evil.example")
    ('evil.example',)
    >>> matched(bank("known", "0f0f", "ffff", match="hash"), "0f0e", distance=1)
    ('0f0f',)
    """
    if text is None:
        return ()
    if bank.match == "hash":
        entries = tuple(dict.fromkeys(bank.entries))
        return tuple(sorted(entries[row] for row in nearness_of(bank).near_to(text, distance)))
    if bank.match == "exact":
        return (text,) if text in bank.entries else ()
    if bank.match == "domain":
        return _domains(bank.entries, text)
    return _terms(bank.entries, text, whole=bank.match == "words")


def _domains(entries: tuple[str, ...], text: str) -> tuple[str, ...]:
    labels = _host(text).split(".")
    parents = {".".join(labels[first:]) for first in range(len(labels))}
    return tuple(sorted(parents.intersection(map(_host, entries))))


def _terms(entries: tuple[str, ...], text: str, *, whole: bool) -> tuple[str, ...]:
    terms, automaton = _automaton(entries)
    known = folded(text)
    found = automaton.find_matches_as_indexes(known, overlapping=True)
    hit = {term for term, start, end in found if not whole or stands_alone(known, start, end)}
    return tuple(terms[term] for term in sorted(hit))


@lru_cache(maxsize=32)
def _automaton(entries: tuple[str, ...]) -> tuple[list[str], AhoCorasick]:
    terms = sorted({folded(entry) for entry in entries} - {""})
    return terms, AhoCorasick(terms)


def _host(text: str) -> str:
    return text.strip().rstrip(".").lower()
