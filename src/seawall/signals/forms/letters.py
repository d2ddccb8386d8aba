"""What every character stands for in a form."""

from __future__ import annotations

import sys
import unicodedata
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from seawall.signals.forms.look_alikes import LOOK_ALIKES, letters_of, script_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

DIGITS: Mapping[str, str] = MappingProxyType(
    dict(zip("0123456789", ("o", "il", "z", "e", "a", "s", "gb", "t", "b", "gq"), strict=True))
)
"""Letters that a digit is written for."""

SYMBOLS: Mapping[str, str] = MappingProxyType(
    {
        "@": "a",
        "$": "s",
        "!": "il",
        "¡": "il",
        "|": "il",
        "(": "c",
        "<": "c",
        "¢": "c",
        "+": "t",
        "†": "t",
        "€": "e",
        "£": "l",
        "¥": "y",
        "₿": "b",
        "💲": "s",
    }
)
"""Letters that a symbol is written for, where it stands inside a word."""

STANDS_FOR: Mapping[str, str] = MappingProxyType({**DIGITS, **SYMBOLS})

_UNKNOWN = -(2**30)
_MERGED = MappingProxyType({"l": "i", "q": "g"})
_APOSTROPHES = frozenset("'`´’‘ʼ′＇ʹ")
_UNSPACED = frozenset(
    ("CJK", "HIRAGANA", "KATAKANA", "IDEOGRAPHIC", "THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN", "YI")
)


class Skeletons:
    """From every code point to what all its variants share; filled as characters are met.

    A lower-case letter is a letter, a capital a symbol that may be one, `.` anything else that is seen, a
    space a space.
    """

    def __init__(self) -> None:
        self._codes = np.full(sys.maxunicode + 1, _UNKNOWN, np.int32)
        self._longer: list[list[int]] = []

    def look_up(self, points: NDArray[np.uint32]) -> tuple[NDArray[np.int32], NDArray[np.intp]]:
        """The skeleton of a text, and for each character of it the place that it came from.

        Args:
            points: the code points of the text.
        """
        codes: NDArray[np.int32] = self._codes[points]
        if codes.size and codes.min() <= _UNKNOWN:
            for code in np.unique(points[codes == _UNKNOWN]).tolist():
                self._codes[code] = self._learn(chr(code))
            codes = self._codes[points]
        places = np.flatnonzero(codes)
        codes = codes[places]
        if not codes.size or codes.min() > 0:
            return codes, places
        counts = np.ones(codes.size, np.intp)
        long = np.flatnonzero(codes < 0)
        several = [self._longer[-code - 1] for code in list[int](codes[long].tolist())]
        counts[long] = [len(each) for each in several]
        places = np.repeat(places, counts)
        spread = np.repeat(codes, counts)
        spread[spread < 0] = [code for each in several for code in each]
        return spread, places

    def _learn(self, character: str) -> int:
        """0: nothing is seen; a code point; or the place, counted downwards from -1, of several."""
        made = "" if character in _APOSTROPHES else "".join(map(_class, letters_of(character)))
        if len(made) < 2:
            return ord(made) if made else 0
        self._longer.append([ord(each) for each in made])
        return -len(self._longer)


@cache
def skeletons() -> Skeletons:
    """The table of this process: 4 MB."""
    return Skeletons()


def _class(character: str) -> str:
    if character.isspace() or character == "\u2800":
        return " "
    if character in SYMBOLS:
        return class_of(SYMBOLS[character][0]).upper()
    if character.isalnum() or unicodedata.category(character)[0] == "M":
        return class_of(character)
    return class_of(character) if character in LOOK_ALIKES else "."


def class_of(letter: str) -> str:
    """What a lower-case letter or digit shares with what is written for it.

    >>> [class_of(each) for each in ("a", "4", "а", "l", "1", "д")]
    ['a', 'a', 'a', 'i', 'i', 'д']
    """
    latin = DIGITS[letter][0] if letter in DIGITS else LOOK_ALIKES.get(letter, letter)
    return _MERGED.get(latin, latin)


@cache
def spaced(letter: str) -> bool:
    """Whether words of its script are parted by spaces, so that a term ends where a word does.

    >>> spaced("a"), spaced("永"), spaced("ก")
    (True, False, False)
    """
    return letter.isascii() or script_of(letter) not in _UNSPACED
