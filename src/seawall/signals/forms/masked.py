"""Words with letters covered: "f*rb*dden". A cover may be any letter, so half of a word must be seen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from seawall.signals.forms.letters import STANDS_FOR
from seawall.signals.forms.variants import letters_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_COVERS = "*＊∗✱•●█■▇"
_WORD = re.compile(rf"(?<![\w@$])[^\W_](?:[\w'@$!]|[{_COVERS}](?=[\w@$!{_COVERS}]))*[\w@$]")
_COVERED = re.compile(f"[{_COVERS}]")
_FEWEST = 3
_ANY = ""


class Masked:
    """Terms of one word, found by length, first and last letter."""

    def __init__(self, terms: Sequence[str]) -> None:
        self._terms: dict[tuple[int, str, str], list[tuple[str, int]]] = {}
        for number, term in enumerate(terms):
            letters = "".join(letter.own for letter in letters_in(term))
            if len(letters) >= _FEWEST and len(letters) == len(term):
                self._terms.setdefault((len(letters), letters[0], letters[-1]), []).append((letters, number))

    def find(self, text: str) -> Iterator[tuple[int, int, int]]:
        """Each word of the text that may be a term: number of the term, and where the word stands."""
        for match in _WORD.finditer(text):
            if covered(match[0]):
                seen = list(_seen(match[0]))
                visible = sum(one != _ANY for one in seen)
                if visible >= 2 and 2 * visible >= len(seen):
                    for letters, number in self._terms.get((len(seen), seen[0], seen[-1]), ()):
                        if all(map(_may_be, seen, letters)):
                            yield number, match.start(), match.end()


def covers(text: str) -> Iterator[int]:
    """Where covers are."""
    return (match.start() for match in _COVERED.finditer(text))


def covered(text: str) -> bool:
    """Whether there is a cover at all.

    >>> covered("f*rbidden"), covered("forbidden")
    (True, False)
    """
    return _COVERED.search(text) is not None


def _seen(word: str) -> Iterable[str]:
    for character in word:
        if character in _COVERS:
            yield _ANY
        else:
            yield from (letter.own for letter in letters_in(character))


def _may_be(one: str, want: str) -> bool:
    return one in (_ANY, want) or want in STANDS_FOR.get(one, "")
