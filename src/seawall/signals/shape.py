"""How a text is written, whatever it says: capitals, digits, repetition, emoji."""

from __future__ import annotations

import re
from itertools import groupby
from types import MappingProxyType
from typing import TYPE_CHECKING

from seawall.core.decision import Reading
from seawall.signals.options import choice_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from seawall.policy.model import Project, SignalSpec
    from seawall.signals.ports import Input

_WORD = re.compile(r"\w+")
_MENTION = re.compile(r"(?<!\w)@\w+")
_HASHTAG = re.compile(r"(?<!\w)#\w+")
_EMOJI = re.compile("[\U0001f300-\U0001faff\U00002600-\U000027bf\U0001f1e6-\U0001f1ff\u2b50\u2b55]")
_NOT_APPLICABLE = Reading(null="not_applicable")


def upper_share(text: str) -> float | None:
    """The share of cased letters that are capitals.

    >>> upper_share("FREE now"), upper_share("123")
    (0.5714285714285714, None)
    """
    upper = sum(map(str.isupper, text))
    lower = sum(map(str.islower, text))
    return upper / (upper + lower) if upper + lower else None


def digit_share(text: str) -> float | None:
    """The share of characters that are digits, spaces apart."""
    seen = [character for character in text if not character.isspace()]
    return sum(map(str.isdigit, seen)) / len(seen) if seen else None


def symbol_share(text: str) -> float | None:
    """The share of characters that are neither letters nor digits, spaces apart."""
    seen = [character for character in text if not character.isspace()]
    return sum(not character.isalnum() for character in seen) / len(seen) if seen else None


def repeat_run(text: str) -> float:
    """Characters in the longest run of one character.

    >>> repeat_run("coooool")
    5.0
    """
    return float(max((sum(1 for _ in run) for _, run in groupby(text)), default=0))


def repeat_word_share(text: str) -> float | None:
    """The share of words that repeat an earlier one.

    >>> repeat_word_share("win win WIN now")
    0.5
    """
    words = _WORD.findall(text.casefold())
    return 1 - len(set(words)) / len(words) if words else None


MEASURES: Mapping[str, Callable[[str], float | None]] = MappingProxyType(
    {
        "length": lambda text: float(len(text)),
        "upper_share": upper_share,
        "digit_share": digit_share,
        "symbol_share": symbol_share,
        "repeat_run": repeat_run,
        "repeat_word_share": repeat_word_share,
        "emoji_count": lambda text: float(len(_EMOJI.findall(text))),
        "mention_count": lambda text: float(len(_MENTION.findall(text))),
        "hashtag_count": lambda text: float(len(_HASHTAG.findall(text))),
    }
)
"""What the option `measure` may be."""


class Shape:
    """One measure of each text."""

    def __init__(self, spec: SignalSpec, project: Project) -> None:
        del project  # it needs no list
        self._measure = MEASURES[choice_of(spec, "measure", tuple(MEASURES))]

    def read(self, inputs: Sequence[Input]) -> list[Reading]:
        """The measure; NULL `not_applicable` where a share would be of nothing."""
        values = [self._measure(str(each.value)) for each in inputs]
        return [_NOT_APPLICABLE if value is None else Reading(value) for value in values]
