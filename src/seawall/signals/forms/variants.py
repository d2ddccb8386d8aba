"""Whether a stretch of a text is a variant of a term, and how: skeletons only say that it may be."""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from seawall.signals.forms.letters import STANDS_FOR, class_of
from seawall.signals.forms.look_alikes import LOOK_ALIKES, invisible, letters_of, script_of

if TYPE_CHECKING:
    from collections.abc import Sequence

PLAIN = "plain"
MANNERS = ("leet", "look_alike", "masked", "spaced", "invisible", "stretched", PLAIN)
"""How a term may be written; of several the first is told."""

_STRETCHED = 3  # letters in a row that no word has
_SHORT = 3  # letters; a shorter term is met as it is, or not at all
_LEET_SHARE = 2 / 3
_LONG = 5


class Letter(NamedTuple):
    """One letter or digit of a text, or a symbol that may be one.

    Attributes:
        own: lower case, without accents, in its own script.
        written: the character as it stands.
        group: what its variants share.
    """

    own: str
    written: str
    group: str


@lru_cache(maxsize=65_536)
def _letters(character: str) -> tuple[Letter, ...]:
    return tuple(
        Letter(own, character, class_of(STANDS_FOR[own][0] if own in STANDS_FOR else own))
        for own in letters_of(character)
        if own.isalnum() or own in STANDS_FOR or own in LOOK_ALIKES or not (own.isascii() or own.isspace())
    )


def letters_of_text(text: str) -> tuple[Letter, ...]:
    """The letters of a text, symbols that may be letters among them."""
    return tuple(letter for character in text for letter in _letters(character))


letters_in = lru_cache(maxsize=131_072)(letters_of_text)
"""The same, remembered: for terms."""


class Manner(NamedTuple):
    """How a term is written.

    Attributes:
        name: one of `MANNERS`.
        borrowed: all its letters are look-alikes, so that it may be a word of another script.
    """

    name: str
    borrowed: bool = False


def manner_of(piece: str, term: str) -> Manner | None:
    """How a stretch of a text writes a term; None: it does not.

    A look-alike counts as the letter; a digit or symbol only beside real letters; a letter more often than
    the term has it only where no word is written so (three in a row, or several doubled ones).

    >>> manner_of("v1agra", "viagra").name, manner_of("kkiilll", "kill").name, manner_of("butt", "but")
    ('leet', 'stretched', None)
    """
    known = letters_in(term)
    given = _as_read(letters_of_text(piece), known)
    ours, theirs = _runs(known), _runs(given)
    if [group for group, _ in ours] != [group for group, _ in theirs]:
        return None
    score = _Score()
    for (_, has), (_, wants) in zip(theirs, ours, strict=True):
        if not score.add(has, wants, initial=not score.letters):
            return None
    if not score.holds():
        return None
    return Manner(score.manner(piece, term), borrowed=score.alike > 0 and not score.same)


def is_foreign_word(text: str, start: int, end: int) -> bool:
    """Whether a word stands in a text that has other words of its script.

    >>> is_foreign_word("в сорт сор", 7, 10), is_foreign_word("a сор", 2, 5)
    (True, False)
    """
    scripts = {script_of(each) for each in text[start:end] if each.isalpha()}
    rest = text[:start] + text[end:]
    return any(each.isalpha() and script_of(each) in scripts for each in rest)


def _as_read(given: Sequence[Letter], known: Sequence[Letter]) -> Sequence[Letter]:
    """Without symbols that only part letters, where the term has no place for them."""
    if len(given) == len(known):
        return given
    left = [letter for letter in given if letter.own.isalnum() or letter.own in LOOK_ALIKES]
    groups = [group for group, _ in groupby(known, key=_group)]
    return left if [group for group, _ in groupby(left, key=_group)] == groups else given


def _group(letter: Letter) -> str:
    return letter.group


def _runs(letters: Sequence[Letter]) -> list[tuple[str, list[Letter]]]:
    return [(group, list(run)) for group, run in groupby(letters, key=_group)]


class _Score:
    def __init__(self) -> None:
        self.letters = self.same = self.alike = self.leet = self.stretched = self.doubled = 0

    def add(self, has: list[Letter], wants: list[Letter], *, initial: bool) -> bool:
        """Whether a run of letters stands for one of the term."""
        self.letters += len(wants)
        if len(has) < len(wants):
            return False
        if len(has) > len(wants):
            if len(has) >= _STRETCHED:
                self.stretched += 1
            else:
                self.doubled += 1
            return self._spread(has, wants)
        return all(self._one(one, want.own, initial=initial) for one, want in zip(has, wants, strict=True))

    def _spread(self, has: list[Letter], wants: list[Letter]) -> bool:
        if (has[-1].own in STANDS_FOR) != (has[0].own in STANDS_FOR):
            return False  # a number before or after a word: "Missouri 11" without the space
        place = 0
        for left, letter in zip(range(len(has), 0, -1), has, strict=True):
            ahead = place + 1 < len(wants) and (
                left <= len(wants) - place - 1 or not _stands_for(letter, wants[place].own)
            )
            place += ahead
            if not self._one(letter, wants[place].own, initial=False):
                return False
        return place == len(wants) - 1

    def _one(self, letter: Letter, want: str, *, initial: bool) -> bool:
        if letter.own == want:
            self.same += 1
        elif want in STANDS_FOR.get(letter.own, ""):
            self.leet += 1
        elif _alike(letter, want) or (initial and letter.written == "l" and want == "i"):
            self.alike += 1
        else:
            return False
        return True

    def holds(self) -> bool:
        """Whether all of it together can be no accident."""
        told = self.same + self.alike
        changed = self.leet + self.stretched + self.doubled
        if not told or (self.letters < _SHORT and (changed or self.alike)):
            return False
        if self.doubled and not self.stretched and self.doubled + self.leet + self.alike < 2:
            return False
        return self.leet <= (told + self.leet) * _LEET_SHARE

    def manner(self, piece: str, term: str) -> str:
        """What was done, the most telling first."""
        if self.leet:
            return "leet"
        if self.alike:
            return "look_alike"
        if sum(map(_parts, piece)) > sum(map(_parts, term)):
            return "spaced"
        if sum(map(_hidden, piece)) > sum(map(_hidden, term)):
            return "invisible"
        return "stretched" if self.stretched or self.doubled else PLAIN


def _parts(character: str) -> bool:
    return not (character.isalnum() or character in "'’" or invisible(character))


def _hidden(character: str) -> bool:
    return invisible(character) and not "\u0300" <= character <= "\u036f" and character != "\ufe0f"


def _stands_for(letter: Letter, want: str) -> bool:
    return letter.own == want or want in STANDS_FOR.get(letter.own, "") or _alike(letter, want)


def _alike(letter: Letter, want: str) -> bool:
    """Whether a letter looks like another one; within a script only the capital I does, like an l."""
    if letter.own.isascii() and want.isascii():
        return letter.written == "I" and want == "l"
    return LOOK_ALIKES.get(letter.own, letter.own) == LOOK_ALIKES.get(want, want)
