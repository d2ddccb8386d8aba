"""Which letters look like which: what Unicode's own data says, and a short table of what it does not.

The idea is that of Unicode's confusables (UTS #39). Their file is not used: compatibility forms, names and
combining marks come from `unicodedata`, so that a new Python brings new characters, and the table below,
our own, has the letters of other scripts that pass for Latin ones. It is one way, to the Latin letter: a
letter and its capital stand for the same one, so that a Greek or Cyrillic text keeps meeting terms in its
script.
"""

from __future__ import annotations

import re
import unicodedata
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_OTHERS = {
    "a": "аαɑᴀᎪꓮⲁꭺ∀",
    "b": "вβьᏴꓐⲃᏏƄ",
    "c": "сϲᏟꓚⲥ",
    "d": "ԁᎠꓓժⅾ",
    "e": "еεєᎬꓰⲉҽ℮ɛ",
    "f": "ϝꓝƒʄք",
    "g": "ԍᏀꓖɢցɡ",
    "h": "нһηᎻꓧⲏհ",
    "i": "іιΙᎥꓲⲓ",
    "j": "јᎫꓙϳյ",
    "k": "кκᏦꓗⲕ",
    "l": "ӏᏞꓡⳑլ",
    "m": "мμᎷꓟⲙ",
    "n": "пꓠⲛոռ",
    "o": "оοσᎾꓳⲟօჿ௦ഠ०০੦૦၀",
    "p": "рρᏢꓑⲣթ",
    "q": "ԛգ",
    "r": "гᏒꓣⲅɼᖇ",
    "s": "ѕᏚꓢՏՑ",
    "t": "тτᎢꓔⲧե",
    "u": "υцսꓴս",
    "v": "νѵᏙꓦ",
    "w": "шωѡԝᎳꓪⲱա",
    "x": "хχꓫⲭ×❌✖",
    "y": "уγүᎩꓬⲩყ",
    "z": "ζᏃꓜⲍʐ",
}

SAME_LETTER: Mapping[str, str] = MappingProxyType(
    {
        "ى": "ي",
        "ی": "ي",
        "ک": "ك",
        "ھ": "ه",
        "ە": "ه",
        "ہ": "ه",
        "⭕": "o",
        "ø": "o",
        "đ": "d",
        "ł": "l",
        "ħ": "h",
        "ŧ": "t",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ı": "i",
    }
)
"""Letters that are written for one another in the same script."""

_TURNS = (
    "DOTLESS|SCRIPT|TURNED|REVERSED|OPEN|CLOSED|LONG|SIDEWAYS|INSULAR|BLACKLETTER|STRETCHED|BARRED|TAILLESS"
    "|BROKEN|HALF|BOTTOM HALF|TOP HALF|INVERTED|SMALL CAPITAL|LENIS"
)
_NAMED = re.compile(
    rf"(?:(?:LATIN (?:SMALL |CAPITAL )?LETTER )(?:(?:{_TURNS}) )*"
    r"|(?:NEGATIVE |CROSSED NEGATIVE |RAISED )?(?:CIRCLED|SQUARED) LATIN (?:SMALL|CAPITAL) LETTER "
    r"|REGIONAL INDICATOR SYMBOL LETTER )([A-Z])(?: WITH .*)?"
)
_STRIPPED = re.compile(
    r"COMBINING (?!KATAKANA)|HEBREW (?:POINT|ACCENT)|VARIATION SELECTOR|MONGOLIAN FREE VARIATION"
    r"|ARABIC (?:FATHA|DAMMA|KASRA|SUKUN|SHADDA|HAMZA (?:ABOVE|BELOW)|MADDAH|SUPERSCRIPT|SMALL|TATWEEL|OPEN)"
)
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0\u17b4\u17b5")


def _lower(character: str) -> str:
    return character.casefold()


LOOK_ALIKES: Mapping[str, str] = MappingProxyType(
    {_lower(other): letter for letter, others in _OTHERS.items() for other in others}
)
"""From a letter of another script, lower case, to the Latin letter that it passes for."""


def invisible(character: str) -> bool:
    r"""Whether nothing is to be seen: zero-width, bidirectional and other controls, fillers, accents.

    >>> [invisible(each) for each in ("\u200b", "\u202e", "\u0301", "a", " ")]
    [True, True, True, False, False]
    """
    kind = unicodedata.category(character)
    if kind == "Cf" or character in _FILLERS:
        return True
    if kind == "Cc":
        return not character.isspace()
    return kind in ("Mn", "Me", "Lm") and (
        kind == "Me" or _STRIPPED.match(unicodedata.name(character, "")) is not None
    )


def script_of(character: str) -> str:
    """The script of a letter, as its name begins.

    >>> script_of("a"), script_of("д"), script_of("永")
    ('LATIN', 'CYRILLIC', 'CJK')
    """
    return unicodedata.name(character, "?").partition(" ")[0]


def letters_of(character: str) -> str:
    r"""A character as plain lower-case letters, digits and symbols of its own script.

    Compatibility forms, accents, case and letters in frames are undone; look-alikes of other scripts are not.

    >>> [letters_of(each) for each in ("Ｆ", "é", "🅱", "🇸", "𝖆", "ß", "Д", "\u200b")]
    ['f', 'e', 'b', 's', 'a', 'ss', 'д', '']
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    if len(plain) > 1 and plain[0] == "(" and plain[-1] == ")":
        plain = plain[1:-1]  # PARENTHESIZED LATIN SMALL LETTER A
    return "".join(_own(each) for each in plain if not invisible(each))


def _own(character: str) -> str:
    if character < "\x80":
        return character
    if character in SAME_LETTER:
        return SAME_LETTER[character]
    named = _NAMED.fullmatch(unicodedata.name(character, ""))
    if named:
        return named[1].lower()
    digit = unicodedata.digit(character, None)
    return character if digit is None else str(digit)
