"""How a text meets the entries of a bank, and the column that brings the answer to other engines."""

from __future__ import annotations

import unicodedata
from functools import lru_cache


def match_column(field: str, bank: str, how: str = "matches", distance: int = 0) -> str:
    """The name of the column that says whether, or how much, a field meets a bank.

    >>> match_column("text", "scam_terms"), match_column("hash", "known", "near", 8)
    ('matches:text:scam_terms', 'near:hash:known:8')
    """
    return f"{how}:{field}:{bank}{f':{distance}' if how == 'near' else ''}"


@lru_cache(maxsize=16)  # the same text meets one bank after the other
def folded(text: str) -> str:
    """Compatibility forms made equal (NFKC), case removed, each run of white space made one space.

    >>> folded("Ｆｒｅｅ   Straße")
    'free strasse'
    """
    if text.isascii():
        caseless = text.lower()
    else:
        caseless = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(caseless.split())


def stands_alone(text: str, start: int, end: int) -> bool:
    """Whether no word goes on over either edge of a match in a folded text.

    >>> stands_alone("free coins", 0, 4), stands_alone("freedom", 0, 4)
    (True, False)
    """
    if start and (before := text[start - 1]) != " " and _in_word(before) and _in_word(text[start]):
        return False
    return (
        end == len(text) or (after := text[end]) == " " or not (_in_word(after) and _in_word(text[end - 1]))
    )


def _in_word(character: str) -> bool:
    if character.isalnum() or character == "_":
        return True
    return character > "\x7f" and unicodedata.category(character).startswith("M")


def host(text: str) -> str:
    """A domain as it is compared."""
    return text.strip().rstrip(".").lower()
