"""The form in which a text is read by a model: tricks of writing undone, who and where left out."""

from __future__ import annotations

import html
import re
import unicodedata

LONGEST_PIECE = 2_000
"""Characters read at once; a longer text is read in pieces, and scores as its worst one."""

_OVERLAP = 200  # characters that two neighbouring pieces share, so that no sentence falls between them
_INVISIBLE = (0xAD, 0x34F, 0x61C, 0x180E, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F),
              *range(0x2060, 0x2070), *range(0xFE00, 0xFE10), *range(0xE0000, 0xE0080))  # fmt: skip
_VOWELS = (0x640, *range(0x64B, 0x653), 0x670)  # of Arabic, and the stroke that makes a word longer
_SURROGATES = range(0xD800, 0xE000)  # halves of characters, which no encoding takes
_ONE = {
    **dict.fromkeys((*_INVISIBLE, *_VOWELS)),
    **dict.fromkeys(_SURROGATES, 0xFFFD),
    0x622: 0x627,
    0x623: 0x627,
    0x625: 0x627,
    0x649: 0x64A,
    0x629: 0x647,
}
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_MENTION = re.compile(r"@\w+")


def plain(text: str) -> str:
    """One case, compatibility forms made equal, nothing invisible, mentions as `@`, links as `http`.

    Entities of HTML are the characters they stand for; white space is one space; Arabic is without vowels,
    and its letters that are written now one way, now another, are one.

    >>> plain("Ｆｒｅｅ  coins&amp;more @some_one https://a.example/x?y=1")
    'free coins&more @ http'
    """
    if "&" in text:
        text = html.unescape(text)
    text = text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).translate(_ONE).casefold()
    if "://" in text or "www." in text:
        text = _LINK.sub("http", text)
    if "@" in text:
        text = _MENTION.sub("@", text)
    return " ".join(text.split())


def pieces(text: str) -> list[str]:
    """A text as it is read: whole, or in overlapping pieces.

    >>> [len(piece) for piece in pieces("a" * 4_000)]
    [2000, 2000, 400]
    """
    if len(text) <= LONGEST_PIECE:
        return [text]
    step = LONGEST_PIECE - _OVERLAP
    return [text[start : start + LONGEST_PIECE] for start in range(0, len(text) - _OVERLAP, step)]
