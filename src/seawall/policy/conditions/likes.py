"""LIKE and ILIKE: `%` is any run of code points, `_` exactly one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.policy.conditions.strings import lower

if TYPE_CHECKING:
    from collections.abc import Callable

_ANY = ""  # one code point of any kind, in a piece


def pieces_of(pattern: str, escape: str = "") -> list[list[str]]:
    """The runs of code points between the `%` of a pattern; an empty string stands for `_`.

    Raises:
        ValueError: the pattern ends with its escape character.

    >>> pieces_of("a_%b!%", "!")
    [['a', ''], ['b', '%']]
    """
    pieces: list[list[str]] = [[]]
    characters = iter(pattern)
    for character in characters:
        if character == escape:
            literal = next(characters, None)
            if literal is None:
                msg = "the pattern ends with its escape character"
                raise ValueError(msg)
            pieces[-1].append(literal)
        elif character == "%":
            pieces.append([])
        else:
            pieces[-1].append(_ANY if character == "_" else character)
    return pieces


def like(pattern: str, escape: str = "") -> Callable[[str | None], bool | None]:
    """A test of texts against one pattern; its time is at most pattern times text.

    >>> like("%giv_away%")("a giveaway!")
    True
    """
    first, *rest = pieces_of(pattern, escape)

    def matches(text: str | None) -> bool | None:
        if text is None:
            return None
        if not _fits(first, text, 0):
            return False
        if not rest:
            return len(text) == len(first)
        position = len(first)
        for piece in rest[:-1]:
            position = _find(piece, text, position)
            if position < 0:
                return False
            position += len(piece)
        last = len(text) - len(rest[-1])
        return last >= position and _fits(rest[-1], text, last)

    return matches


def ilike(pattern: str, escape: str = "") -> Callable[[str | None], bool | None]:
    """LIKE on lower-cased text and pattern, as DuckDB defines it."""
    matches = like(lower(pattern) or "", escape)

    def matches_lower(text: str | None) -> bool | None:
        return matches(lower(text))

    return matches_lower


def _fits(piece: list[str], text: str, position: int) -> bool:
    if _ANY not in piece:
        return text.startswith("".join(piece), position)
    if position + len(piece) > len(text):
        return False
    return all(want in (_ANY, have) for want, have in zip(piece, text[position:], strict=False))


def _find(piece: list[str], text: str, position: int) -> int:
    if _ANY not in piece:
        return text.find("".join(piece), position)
    return next((at for at in range(position, len(text) - len(piece) + 1) if _fits(piece, text, at)), -1)
