"""Not seeing which group a text names: the words for it are left out before a model reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ahocorasick_rs import AhoCorasick, MatchKind

from seawall.policy.conditions.banks import stands_alone

if TYPE_CHECKING:
    from collections.abc import Sequence

_IDEOGRAPHS = 0x2E80  # from here on words are written without spaces


class Blind:
    """Leaves terms out of plain texts: whole words, or anywhere in scripts without spaces between words."""

    def __init__(self, terms: Sequence[str]) -> None:
        """Take terms, plain."""
        self._terms = sorted(set(terms) - {""})
        self._automaton = (
            AhoCorasick(self._terms, matchkind=MatchKind.LeftmostLongest) if self._terms else None
        )

    def __call__(self, text: str) -> str:
        """The text without the terms.

        >>> Blind(["women", "女人"])("those women of womenfolk"), Blind(["女人"])("那个女人来了")
        ('those of womenfolk', '那个 来了')
        """
        if self._automaton is None:
            return text
        found = self._automaton.find_matches_as_indexes(text)
        if not found:
            return text
        kept: list[str] = []
        place = 0
        for _, start, end in found:
            if ord(text[start]) >= _IDEOGRAPHS or stands_alone(text, start, end):
                kept.append(text[place:start])
                place = end
        kept.append(text[place:])
        return " ".join(" ".join(kept).split())
