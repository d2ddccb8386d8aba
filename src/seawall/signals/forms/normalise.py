"""Texts as their variants all read: skeletons, with the way back to the text.

A text has two readings. As *words*, what is neither letter nor digit parts words, and letters that stand
alone are put together ("s.p.a.m" is "spam"). As *disguised*, a symbol inside a word is the letter it is
drawn for, or nothing ("sp@m", "sp-am"). A batch is read at once, in arrays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from seawall.signals.forms.letters import skeletons

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Codes = NDArray[np.int32]
    Places = NDArray[np.intp]
    Flags = NDArray[np.bool_]
    _Held = tuple[Codes, Places, Places]

_SPACE = 32
_END = 10  # of a text in a batch
_FEWEST_ALONE = 3  # "a b" are two words, "a b c" is one that is spelled
PARTED = " \n "
"""What stands between the texts of a batch."""

FIRST = 1
"""Where the first text of a batch begins."""

_PARTS = np.zeros(128, np.bool_)
_PARTS[[_SPACE, 46, *range(65, 91)]] = True
_PUNCTUATION = np.zeros(128, np.bool_)
_PUNCTUATION[[ord(each) for each in ".ITC"]] = True  # at the edge of a word


_WORDS = np.zeros(128, np.bool_)
_WORDS[[ord(each) for each in "aiou"]] = True  # and what reads like them: 1, 4, 0
_DRAWN = np.zeros(128, np.bool_)
_DRAWN[[ord(each) for each in "ASE"]] = True


@dataclass(frozen=True, slots=True)
class Form:
    """One reading of a batch of texts.

    Attributes:
        text: each text as a space, its words and a space, ended by a line feed.
        codes: its code points.
        origins: for each character the place, in the joined texts, of the first that it stands for: the first
            text begins at `FIRST`, and `PARTED` stands between two.
        lasts: the same of the last.
        ends: where the line feeds are in it.
        spelled: the texts, by number, in which letters that stood alone were put together.
    """

    text: str
    codes: Codes
    origins: Places
    lasts: Places
    ends: Places
    spelled: Sequence[int]


@dataclass(frozen=True, slots=True)
class Symbols:
    """A batch before it is read one way or the other.

    Attributes:
        joined: the texts as they stand, line feeds as spaces, with `PARTED` between two.
        codes: letters, symbols and gaps.
        origins: the place in `joined` that each comes from.
        texts: how many there are.
    """

    joined: str
    codes: Codes
    origins: Places
    texts: int

    def words(self) -> Form:
        """What is neither letter nor digit parts words."""
        codes = self.codes.copy()
        codes[_in(_PARTS, codes)] = _SPACE
        return _form(codes, self.origins)

    def loosely(self, which: Sequence[int]) -> Form:
        """The same for some texts, but a wide gap parts spelled words, and so does an article before one."""
        codes, origins = self._chosen(which)
        codes[_in(_PARTS, codes)] = _SPACE
        return _form(codes, origins, loosely=True)

    def disguised(self, which: Sequence[int]) -> Form:
        """Symbols in words are letters, in some of the texts, by number."""
        codes, origins = self._chosen(which)
        outside = (codes == _SPACE) | (codes == _END)
        gone = codes == ord(".")
        gone |= _reaches(_in(_PUNCTUATION, codes), outside)
        gone |= _reaches(_in(_PUNCTUATION, codes)[::-1], outside[::-1])[::-1]
        codes, origins = codes[~gone], origins[~gone]
        return _form(np.where(_capital(codes), codes + 32, codes), origins)

    def in_disguise(self) -> list[int]:
        """The texts, by number, in which a symbol stands in or at a word, so that the readings may differ."""
        parts = _in(_PARTS, self.codes)
        symbol = parts & (self.codes != _SPACE)
        letter = ~parts & (self.codes != _END)
        seen = symbol[1:-1] & letter[2:] & (letter[:-2] | symbol[:-2])
        found = np.flatnonzero(seen | _in(_DRAWN, self.codes[1:-1]))
        return sorted(set(np.searchsorted(np.flatnonzero(self.codes == _END), found + 1).tolist()))

    def _chosen(self, which: Sequence[int]) -> tuple[Codes, Places]:
        end = self.codes == _END
        wanted = np.zeros(self.texts, np.bool_)
        wanted[which] = True
        chosen = wanted[np.cumsum(end) - end]
        return self.codes[chosen], self.origins[chosen]


def symbols(texts: Sequence[str]) -> Symbols:
    """A batch, ready to be read.

    Args:
        texts: any; line feeds in them are spaces.
    """
    plain = [text.replace("\n", " ") if "\n" in text else text for text in texts]
    joined = f" {PARTED.join(plain)} \n"
    points = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    ends = np.flatnonzero(points == _END)
    codes, origins = skeletons().look_up(points)
    codes[np.searchsorted(origins, ends)] = _END
    return Symbols(joined, codes, origins, len(texts))


def normalise(text: str) -> str:
    """The skeleton of a text read as words.

    Equal for all forms of normalisation, and for itself. It merges what the variants of a letter share (i,
    l and 1 are one), so it is for comparing and not for reading.

    >>> normalise("S.P.A.M"), normalise("fr33   c0iiins"), normalise("ｓрａⅿ"), normalise("🅰 🅱 Ｃ")
    ('spam', 'fre coins', 'spam', 'abc')
    """
    return symbols([text]).words().text.strip(" \n")


def _form(codes: Codes, origins: Places, *, loosely: bool = False) -> Form:
    """Runs are one letter; letters that stand alone are put together."""
    held = (codes, origins, origins)
    held = _once(held, spaces=2 if loosely else 1)
    spelled: set[int] = set()
    while (gone := _between_alone(held[0], loosely=loosely)).any():  # what is put together may be alone again
        spelled |= set((np.cumsum(held[0] == _END)[gone]).tolist())
        held = _once((held[0][~gone], held[1][~gone], held[2][~gone]))
    codes, firsts, lasts = _once(held) if loosely else held
    ends = np.flatnonzero(codes == _END)
    text = codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")
    return Form(text, codes, firsts, lasts, ends, sorted(spelled))


def _once(held: _Held, *, spaces: int = 1) -> _Held:
    """Runs of one letter are one, runs of spaces as many as said at most."""
    codes, firsts, lasts = held
    if not codes.size:
        return held
    new = np.ones(codes.size, np.bool_)
    new[1:] = (codes[1:] != codes[:-1]) | (codes[1:] == _END)
    if spaces > 1:
        new[1:] |= (codes[1:] == _SPACE) & np.concatenate([[True], new[1:-1]])
    starts = np.flatnonzero(new)
    ends = np.append(starts[1:], codes.size) - 1
    return codes[starts], firsts[starts], lasts[ends]


def _between_alone(codes: Codes, *, loosely: bool) -> Flags:
    """Spaces between letters of which three or more stand alone, one after the other."""
    gone = np.zeros(codes.size, np.bool_)
    space = codes == _SPACE
    letter = ~space & (codes != _END)
    alone = np.flatnonzero(letter[1:-1] & space[:-2] & space[2:]) + 1
    if alone.size < _FEWEST_ALONE:
        return gone
    first = np.ones(alone.size, np.bool_)
    first[1:] = np.diff(alone) != len("x ")
    if loosely:  # one that is a word by itself opens no spelled word
        word = first & _in(_WORDS, codes[alone])
        alone, first = alone[~word], (first | np.concatenate([[False], word[:-1]]))[~word]
        if alone.size < _FEWEST_ALONE:
            return gone
    starts = np.flatnonzero(first)
    sizes = np.diff(np.append(starts, alone.size))
    long = np.repeat(sizes >= _FEWEST_ALONE, sizes)
    last = np.append(first[1:], True)
    gone[alone[long & ~last] + 1] = True
    return gone


def _in(table: Flags, codes: Codes) -> Flags:
    return table[np.minimum(codes, 127)]


def _capital(codes: Codes) -> Flags:
    return (codes >= ord("A")) & (codes <= ord("Z"))


def _reaches(held: Flags, goal: Flags) -> Flags:
    """Where what is held goes on, without a gap, until the goal."""
    if not held.size:
        return held
    stops = np.where(held, held.size - 1, np.arange(held.size))
    stop = np.minimum.accumulate(stops[::-1])[::-1]
    return held & goal[stop]
