"""The parts of a text that are scored alone, and where clients look for them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST = 50
"""Parts of one text; the last of a longer one is all the rest."""

_END = re.compile(r"[.!?…。！？｡؟।\n]+[\"'”’»」』)\]]*\s*")
_LAST_OF_BMP = 0xFFFF


class Part(NamedTuple):
    """Characters `start` to before `end` of a text."""

    start: int
    end: int


def parts(text: str, *, most: int = MOST) -> list[Part]:
    """The sentences of a text without the white space around them, in order.

    >>> [text for text in ["One. Two!  Three"] for text in [text[p.start:p.end] for p in parts(text)]]
    ['One.', 'Two!', 'Three']
    >>> parts("  ")
    []
    """
    found: list[Part] = []
    start = 0
    for end in (*(match.end() for match in _END.finditer(text)), len(text)):
        if len(found) == most - 1:
            end = len(text)  # noqa: PLW2901  the rest is the last part
        part = text[start:end]
        if part.strip():
            begin = start + len(part) - len(part.lstrip())
            found.append(Part(begin, begin + len(part.strip())))
        start = end
        if start == len(text):
            break
    return found


def in_utf16(text: str, found: Iterable[Part]) -> list[Part]:
    """The same parts counted in UTF-16 code units, as JavaScript and Java index a string.

    >>> in_utf16("a😀b", [Part(2, 3)])
    [Part(start=3, end=4)]
    """
    wide = [place for place, char in enumerate(text) if ord(char) > _LAST_OF_BMP]
    counted: list[Part] = []
    passed = 0
    for part in sorted(found):
        edges: list[int] = []
        for edge in part:
            while passed < len(wide) and wide[passed] < edge:
                passed += 1
            edges.append(edge + passed)
        counted.append(Part(*edges))
    return counted


def from_utf16(text: str, found: Iterable[tuple[int, int]]) -> list[Part | None]:
    """Parts counted in UTF-16 code units as characters of a text; None for what is no part of it.

    >>> from_utf16("a😀b", [(3, 4), (2, 3), (0, 5)])
    [Part(start=2, end=3), None, None]
    """
    places: dict[int, int] = {}
    unit = 0
    for place, char in enumerate(text):
        places[unit] = place
        unit += 2 if ord(char) > _LAST_OF_BMP else 1
    places[unit] = len(text)
    return [
        Part(places[begin], places[end]) if begin in places and end in places and begin < end else None
        for begin, end in found
    ]
