"""The language and script of a text, by eldc: 60 languages, and NULL rather than a guess."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from seawall.core.decision import Reading
from seawall.core.types import FieldType, Kind
from seawall.signals.detect_eldc import detect
from seawall.signals.forms.look_alikes import script_of
from seawall.signals.options import choice_of, count_of, refusal
from seawall.signals.ports import SignalKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from seawall.policy.model import Project, SignalSpec
    from seawall.signals.ports import Input

LEAST = 12
"""Letters below which a Latin text is not told; a letter of a script without spaces counts for four."""

_NOISE = re.compile(r"https?://\S+|www\.\S+|[@#]\w+|\S+@\S+")
_WORD = re.compile(r"[^\W\d_]+")
_WEIGHT = 4
_DENSE = frozenset({"Hani", "Jpan", "Hang", "Thai", "Laoo", "Khmr", "Mymr"})
_SCRIPTS: Mapping[str, str] = MappingProxyType(
    {
        "LATIN": "Latn",
        "CYRILLIC": "Cyrl",
        "GREEK": "Grek",
        "ARABIC": "Arab",
        "HEBREW": "Hebr",
        "CJK": "Hani",
        "HIRAGANA": "Jpan",
        "KATAKANA": "Jpan",
        "HANGUL": "Hang",
        "THAI": "Thai",
        "LAO": "Laoo",
        "KHMER": "Khmr",
        "MYANMAR": "Mymr",
        "DEVANAGARI": "Deva",
        "BENGALI": "Beng",
        "GURMUKHI": "Guru",
        "GUJARATI": "Gujr",
        "TAMIL": "Taml",
        "TELUGU": "Telu",
        "KANNADA": "Knda",
        "MALAYALAM": "Mlym",
        "SINHALA": "Sinh",
        "GEORGIAN": "Geor",
        "ARMENIAN": "Armn",
        "ETHIOPIC": "Ethi",
        "FULLWIDTH": "Latn",
        "MATHEMATICAL": "Latn",
    }
)
_TYPES: Mapping[str, FieldType] = MappingProxyType(
    {
        "language": FieldType(Kind.STRING),
        "script": FieldType(Kind.STRING),
        "mixed_words": FieldType(Kind.INTEGER),
    }
)
_NO_LETTERS = Reading(null="not_applicable")


class Language:
    """The language of each text, its script, or how many of its words mix scripts."""

    def __init__(self, spec: SignalSpec, project: Project) -> None:
        del project  # it needs no list
        gives = choice_of(spec, "gives", tuple(_TYPES))
        wanted = _TYPES[gives]
        if (spec.type.kind, spec.type.is_list) != (wanted.kind, wanted.is_list):
            said = f"gives: {gives} has the type {wanted}"
            raise refusal(spec, "type-mismatch", said, f"say type: {wanted}")
        self._least = count_of(spec, "least_letters", LEAST)
        answers: Mapping[str, Callable[[str], Reading]] = {
            "language": self._language,
            "script": _script,
            "mixed_words": _mixed_words,
        }
        self._answer = answers[gives]

    def read(self, inputs: Sequence[Input]) -> list[Reading]:
        """One answer each; NULL `not_applicable` without letters, `too_short` or `unsure` of a language."""
        return [self._answer(str(each.value)) for each in inputs]

    def _language(self, text: str) -> Reading:
        plain = _NOISE.sub(" ", text)
        letters = sum(map(str.isalpha, plain))
        if not letters:
            return _NO_LETTERS
        if not plain.isascii():
            letters += (_WEIGHT - 1) * sum(map(_dense, plain))
        if letters < self._least:
            return Reading(null="too_short")
        told = detect(plain)
        return Reading(told.language) if told.reliable else Reading(null="unsure")


def _script(text: str) -> Reading:
    counted = Counter(_code(each) for each in _NOISE.sub(" ", text) if each.isalpha())
    if not counted:
        return _NO_LETTERS
    if counted["Jpan"]:
        counted["Jpan"] += counted.pop("Hani", 0)
    return Reading(min(counted, key=lambda code: (-counted[code], code)))


def _mixed_words(text: str) -> Reading:
    if text.isascii():
        return Reading(0)
    return Reading(sum(_is_mixed(word) for word in _WORD.findall(text)))


def _is_mixed(word: str) -> bool:
    """Whether Latin letters stand in one word with those of a script that has look-alikes of them."""
    if word.isascii():
        return False
    codes = {_code(each) for each in word}
    return "Latn" in codes and not codes.isdisjoint({"Cyrl", "Grek", "Armn"})


@lru_cache(maxsize=65_536)
def _code(letter: str) -> str:
    """Of its script, ISO 15924; `Zyyy` for those without one here."""
    return _SCRIPTS.get(script_of(letter), "Zyyy")


def _dense(letter: str) -> bool:
    return letter > "\u0e00" and letter.isalpha() and _code(letter) in _DENSE


LANGUAGE = SignalKind(
    "language",
    frozenset({Kind.STRING}),
    None,
    {"gives": True, "least_letters": False},
    Language,
)
"""The kind about language and script."""
