"""Texts against every bank of a project that is used with variants: one automaton, one pass."""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from ahocorasick_rs import AhoCorasick

from seawall.policy.conditions.banks import folded
from seawall.policy.conditions.meetings import bank_keys
from seawall.signals.forms.letters import spaced
from seawall.signals.forms.masked import Masked, covers
from seawall.signals.forms.normalise import FIRST, PARTED, symbols
from seawall.signals.forms.variants import PLAIN, Manner, is_foreign_word, manner_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from seawall.policy.conditions.meetings import BankKey
    from seawall.policy.model import Bank
    from seawall.signals.forms.normalise import Form, Places

_REMEMBERED = 8_192
_JUDGED = 65_536  # stretches of text
_SPACE = 32
_AT_ONCE = 10_000


class Found(NamedTuple):
    """A term in a text.

    Attributes:
        bank: its name.
        term: the entry as the bank has it.
        start: the first character of the text.
        end: the one after the last.
        manner: how it is written, one of `MANNERS`.
    """

    bank: str
    term: str
    start: int
    end: int
    manner: str


class _Term(NamedTuple):
    text: str
    plain: str  # folded; empty where that cannot be looked for as it is
    banks: tuple[str, ...]
    whole: bool


class Scan:
    """Finds the terms of some banks. Any thread may ask it."""

    def __init__(self, banks: Sequence[Bank]) -> None:
        owners: dict[tuple[str, bool], list[str]] = {}
        for bank in banks:
            for entry in bank.entries:
                owners.setdefault((entry, bank.match != "anywhere"), []).append(bank.name)
        self._terms = [
            _Term(entry, folded(entry), tuple(names), whole)
            for (entry, whole), names in sorted(owners.items())
        ]
        patterns: dict[str, list[int]] = {}
        drawn: dict[str, list[int]] = {}  # terms without a letter, such as emoji: met as they are
        for number, (skeleton, term) in enumerate(zip(_skeletons(self._terms), self._terms, strict=True)):
            if skeleton:
                patterns.setdefault(_pattern(skeleton, whole=term.whole), []).append(number)
            else:
                drawn.setdefault(term.text, []).append(number)
        self._owners, self._drawn = list(patterns.values()), list(drawn.values())
        self._automaton = AhoCorasick(list(patterns)) if patterns else None
        self._drawings = AhoCorasick(list(drawn)) if drawn else None
        self._masked = Masked([term.text for term in self._terms])
        self._verdicts: dict[tuple[int, str], tuple[tuple[int, Manner], ...]] = {}
        self._known: dict[str, tuple[Found, ...]] = {}
        self._lock = Lock()

    def read(self, texts: Sequence[str]) -> list[tuple[Found, ...]]:
        """What each text holds, in order of place; texts read lately are remembered.

        Of one term everything that is found in one manner at another place is told once.
        """
        with self._lock:
            fresh = [text for text in dict.fromkeys(texts) if text not in self._known]
            if fresh:
                if len(self._known) + len(fresh) > _REMEMBERED:
                    self._known = {text: self._known[text] for text in set(texts) if text in self._known}
                self._known.update(zip(fresh, self._scanned(fresh), strict=True))
            return [self._known[text] for text in texts]

    def forget(self) -> None:
        """Let go of what is remembered of texts."""
        with self._lock:
            self._known.clear()

    def _scanned(self, texts: list[str]) -> list[tuple[Found, ...]]:
        batch = symbols(texts)
        met: list[_Met | None] = [None] * len(texts)
        offsets = list(accumulate((len(text) + len(PARTED) for text in texts), initial=FIRST))
        form = batch.words()
        self._meet(texts, batch.joined, offsets, form, range(len(texts)), met)
        if form.spelled:
            self._meet(texts, batch.joined, offsets, batch.loosely(form.spelled), form.spelled, met)
        doubtful = batch.in_disguise()
        if doubtful:
            self._meet(texts, batch.joined, offsets, batch.disguised(doubtful), doubtful, met)
        for line in sorted({bisect_right(offsets, place) - 1 for place in covers(batch.joined)}):
            self._unmask(texts[line], known := met[line] or {})
            met[line] = known
        if self._drawings is not None:
            for line, text in enumerate(texts):
                self._draw(text, known := met[line] or {})
                met[line] = known
        return [self._told(known) if known else () for known in met]

    def _meet(
        self,
        texts: list[str],
        joined: str,
        offsets: list[int],
        form: Form,
        lines: Sequence[int],
        met: list[_Met | None],
    ) -> None:
        if self._automaton is None:
            return
        matches = self._automaton.find_matches_as_indexes(form.text, overlapping=True)
        if not matches:
            return
        places: Places = np.array(matches, np.intp)
        begin, finish = places[:, 1], places[:, 2]
        firsts: list[int] = form.origins[begin + (form.codes[begin] == _SPACE)].tolist()
        lasts: list[int] = form.lasts[finish - 1 - (form.codes[finish - 1] == _SPACE)].tolist()
        rows: list[int] = np.searchsorted(form.ends, begin).tolist()
        for found, row, first, last in zip(places[:, 0].tolist(), rows, firsts, lasts, strict=True):
            verdicts = self._judged(found, joined[first : last + 1])
            if verdicts:
                line = lines[row]
                start, end = first - offsets[line], last + 1 - offsets[line]
                known = met[line]
                if known is None:
                    known = met[line] = {}
                for number, manner in verdicts:
                    if manner.borrowed and is_foreign_word(texts[line], start, end):
                        continue
                    if known.get((number, start), ("", 0))[0] != PLAIN:
                        known[number, start] = manner.name, end

    def _judged(self, pattern: int, piece: str) -> tuple[tuple[int, Manner], ...]:
        """The terms of a pattern that a stretch of text writes, and how; words come again, so remembered."""
        key = (pattern, piece)
        known = self._verdicts.get(key)
        if known is None:
            if len(self._verdicts) >= _JUDGED:
                self._verdicts.clear()
            manners = ((number, self._manner(number, piece)) for number in self._owners[pattern])
            known = tuple((number, manner) for number, manner in manners if manner is not None)
            self._verdicts[key] = known
        return known

    def _manner(self, number: int, piece: str) -> Manner | None:
        term = self._terms[number]
        return Manner(PLAIN) if piece.lower() == term.plain else manner_of(piece, term.text)

    def _unmask(self, text: str, known: _Met) -> None:
        for number, start, end in self._masked.find(text):
            known.setdefault((number, start), ("masked", end))

    def _draw(self, text: str, known: _Met) -> None:
        assert self._drawings is not None
        for pattern, start, end in self._drawings.find_matches_as_indexes(text, overlapping=True):
            for number in self._drawn[pattern]:
                known[number, start] = PLAIN, end

    def _told(self, known: _Met) -> tuple[Found, ...]:
        found = [
            Found(bank, self._terms[number].text, start, end, manner)
            for (number, start), (manner, end) in known.items()
            for bank in self._terms[number].banks
        ]
        if len(found) > 1:
            found.sort(key=lambda one: (one.start, one.end, one.bank, one.term))
        return tuple(found)


_Met = dict[tuple[int, int], tuple[str, int]]  # (number of a term, where it starts): manner, where it ends


def _pattern(skeleton: str, *, whole: bool) -> str:
    before = " " if whole and spaced(skeleton[0]) else ""
    after = " " if whole and spaced(skeleton[-1]) else ""
    return f"{before}{skeleton}{after}"


def _skeletons(terms: Sequence[_Term]) -> Iterator[str]:
    for start in range(0, len(terms), _AT_ONCE):
        form = symbols([term.text for term in terms[start : start + _AT_ONCE]]).words()
        yield from (line.strip(" ") for line in form.text.removesuffix("\n").split("\n"))


def scan_of(banks: Iterable[Bank]) -> Scan:
    """The scan of some banks, built once: 100,000 terms take some seconds."""
    return _built(bank_keys(banks))


@lru_cache(maxsize=8)
def _built(keys: tuple[BankKey, ...]) -> Scan:
    return Scan([key.bank for key in keys])
