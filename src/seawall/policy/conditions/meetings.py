"""How texts meet banks: one pass over a text, for whatever number of banks and conditions."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from ahocorasick_rs import AhoCorasick

from seawall.policy.conditions.banks import folded, host, stands_alone
from seawall.policy.conditions.expr import Expr, Matches, walk
from seawall.policy.conditions.nearness import nearness_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from seawall.policy.model import Bank

_REMEMBERED = 4_096


class Meeting:
    """Which banks a text meets, and how many different entries of each.

    Terms of every bank that looks into texts stand in one automaton, so that a text is folded and read once.
    """

    def __init__(self, banks: Sequence[Bank]) -> None:
        self._places = {bank.name: place for place, bank in enumerate(banks)}
        self._nothing: tuple[int, ...] = (0,) * len(banks)
        terms: dict[str, list[tuple[int, bool]]] = {}
        self._exact: dict[str, list[int]] = {}
        self._hosts: dict[str, list[int]] = {}
        for place, bank in enumerate(banks):
            if bank.match in ("words", "anywhere"):
                for term in {folded(entry) for entry in bank.entries} - {""}:
                    terms.setdefault(term, []).append((place, bank.match == "words"))
            elif bank.match == "domain":
                for entry in {host(entry) for entry in bank.entries}:
                    self._hosts.setdefault(entry, []).append(place)
            else:
                for entry in set(bank.entries):
                    self._exact.setdefault(entry, []).append(place)
        self._owners = [terms[term] for term in sorted(terms)]
        self._whole = all(whole for owners in self._owners for _, whole in owners)
        self._automaton = AhoCorasick(sorted(terms)) if terms else None
        self.counts = lru_cache(maxsize=_REMEMBERED)(self._counted)

    def _counted(self, text: str) -> tuple[int, ...]:
        """How many different entries of each bank the text meets, in the order of the banks."""
        met: list[int] = []
        if self._automaton is not None:
            known = folded(text)
            found = self._automaton.find_matches_as_indexes(known, overlapping=True)
            if found:
                met.extend(self._met(known, found))
        met.extend(self._exact.get(text, ()))
        if self._hosts:
            labels = host(text).split(".")
            for first in range(len(labels)):
                met.extend(self._hosts.get(".".join(labels[first:]), ()))
        if not met:
            return self._nothing
        counts = list(self._nothing)
        for place in met:
            counts[place] += 1
        return tuple(counts)

    def _met(self, known: str, found: Iterable[tuple[int, int, int]]) -> list[int]:
        """The banks of the terms found, a bank as often as terms of it meet the text."""
        anywhere: set[int] = set()
        alone: set[int] = set()
        for term, start, end in found:
            if term not in alone and stands_alone(known, start, end):
                alone.add(term)
            if not self._whole:
                anywhere.add(term)
        return [
            place
            for term in (alone if self._whole else anywhere)
            for place, whole in self._owners[term]
            if not whole or term in alone
        ]

    def count_of(self, bank: str) -> Callable[[str | None], int | None]:
        """How many entries of one bank a text meets; NULL meets nothing and gives NULL."""
        place, counts = self._places[bank], self.counts

        def count(text: str | None) -> int | None:
            return None if text is None else counts(text)[place]

        return count

    def test_of(self, bank: str) -> Callable[[str | None], bool | None]:
        """Whether a text meets one bank."""
        place, counts = self._places[bank], self.counts

        def meets(text: str | None) -> bool | None:
            return None if text is None else counts(text)[place] > 0

        return meets

    def read(self, texts: Sequence[str]) -> NDArray[np.int32]:
        """The same for many distinct texts; shape (texts, banks)."""
        counted = [self._counted(text) for text in texts]
        return np.array(counted, np.int32).reshape(len(texts), len(self._nothing))


@dataclass(frozen=True, slots=True)
class BankKey:
    """Two banks are the same if name, way to match and version are."""

    name: str
    match: str
    version: str
    bank: Bank = field(compare=False, repr=False)


def meeting_of(banks: Iterable[Bank]) -> Meeting:
    """The meeting of some banks, built once: 100,000 terms take about a second."""
    return _built(bank_keys(banks))


def bank_keys(banks: Iterable[Bank]) -> tuple[BankKey, ...]:
    """Banks each once, in the order of their names: what something built of them is remembered by."""
    keys = {BankKey(bank.name, bank.match, bank.version, bank) for bank in banks}
    return tuple(sorted(keys, key=lambda key: key.name))


@lru_cache(maxsize=32)
def _built(keys: tuple[BankKey, ...]) -> Meeting:
    return Meeting([key.bank for key in keys])


def meetings_of(exprs: Iterable[Expr]) -> Mapping[str, Meeting]:
    """For each field that some conditions ask about banks, one meeting of all those banks."""
    asked: dict[str, dict[str, Bank]] = {}
    for expr in exprs:
        for node in walk(expr):
            if isinstance(node, Matches) and node.how != "near":
                asked.setdefault(node.text.name, {})[node.bank] = node.source
    return {name: meeting_of(banks.values()) for name, banks in asked.items()}


def answer_of(expr: Matches, meetings: Mapping[str, Meeting]) -> Callable[[str | None], bool | int | None]:
    """What gives the value of a node, from the value of its field."""
    if expr.how == "near":
        return nearness_of(expr.source).within(expr.distance)
    meeting = meetings.get(expr.text.name) or meeting_of((expr.source,))
    return (meeting.test_of if expr.how == "matches" else meeting.count_of)(expr.bank)
