"""Texts as DuckDB treats them: sequences of code points, cased one code point at a time."""

from __future__ import annotations


def _simple(code: int, *, upper: bool) -> int:
    """One code point cased to one code point, as Unicode's simple mappings do, which DuckDB uses.

    Python maps to several code points where the full mappings do; those have a simple mapping only if the
    title case has one. Two code points have answers of DuckDB's own.
    """
    own = {0xDF: 0x1E9E} if upper else {0x130: 0x69}
    if code in own:
        return own[code]
    character = chr(code)
    full = character.upper() if upper else character.lower()
    if len(full) == 1:
        return ord(full)
    title = character.title()
    return ord(title) if upper and len(title) == 1 else code


class _Casing(dict[int, int]):
    """Code point to cased code point, worked out when first met: all of Unicode takes a second."""

    def __init__(self, *, upper: bool) -> None:
        super().__init__()
        self._is_upper = upper

    def __missing__(self, code: int) -> int:
        cased = self[code] = _simple(code, upper=self._is_upper)
        return cased


_LOWER = _Casing(upper=False)
_UPPER = _Casing(upper=True)
_SPACES = " \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_FARTHEST = 2**32 - 1


def lower(text: str | None) -> str | None:
    """Every code point in lower case.

    >>> lower("ΑΣ İ")
    'ασ i'
    """
    if text is None or not ("İ" in text or "Σ" in text):  # what Python lowers to two, or by its neighbours
        return None if text is None else text.lower()
    return text.translate(_LOWER)


def upper(text: str | None) -> str | None:
    """Every code point in upper case.

    >>> upper("ß ﬁ")
    'ẞ ﬁ'
    """
    if text is None or not text.isascii():
        return None if text is None else text.translate(_UPPER)
    return text.upper()


def length(text: str | None) -> int | None:
    """The number of code points."""
    return None if text is None else len(text)


def join(a: str | None, b: str | None) -> str | None:
    """`a || b`."""
    return None if a is None or b is None else a + b


def concat(*parts: str | None) -> str:
    """All parts one after the other; NULL counts as empty."""
    return "".join(part for part in parts if part is not None)


def contains(text: str | None, part: str | None) -> bool | None:
    """Whether the part stands anywhere in the text."""
    return None if text is None or part is None else part in text


def starts_with(text: str | None, part: str | None) -> bool | None:
    """Whether the text begins with the part."""
    return None if text is None or part is None else text.startswith(part)


def ends_with(text: str | None, part: str | None) -> bool | None:
    """Whether the text ends with the part."""
    return None if text is None or part is None else text.endswith(part)


def replace(text: str | None, part: str | None, by: str | None) -> str | None:
    """Every occurrence of the part replaced, from left to right; an empty part occurs nowhere."""
    if text is None or part is None or by is None:
        return None
    return text.replace(part, by) if part else text


def trim(text: str | None) -> str | None:
    """Without the spaces of any width at both ends; tabs and line feeds stay."""
    return None if text is None else text.strip(_SPACES)


def ltrim(text: str | None) -> str | None:
    """Without the spaces of any width at the start."""
    return None if text is None else text.lstrip(_SPACES)


def rtrim(text: str | None) -> str | None:
    """Without the spaces of any width at the end."""
    return None if text is None else text.rstrip(_SPACES)


def trim_of(text: str | None, characters: str | None) -> str | None:
    """Without any of the characters at both ends."""
    return None if text is None or characters is None else text.strip(characters)


def ltrim_of(text: str | None, characters: str | None) -> str | None:
    """Without any of the characters at the start."""
    return None if text is None or characters is None else text.lstrip(characters)


def rtrim_of(text: str | None, characters: str | None) -> str | None:
    """Without any of the characters at the end."""
    return None if text is None or characters is None else text.rstrip(characters)


def left(text: str | None, count: int | None) -> str | None:
    """The first code points; a negative count leaves out as many at the end.

    >>> left("hello", 2), left("hello", -2), left("hello", -9)
    ('he', 'hel', '')
    """
    if text is None or count is None or count > _FARTHEST:
        return None
    return text[: count if count >= 0 else max(len(text) + count, 0)]


def right(text: str | None, count: int | None) -> str | None:
    """The last code points; a negative count leaves out as many at the start.

    >>> right("hello", 2), right("hello", -2), right("hello", 9)
    ('lo', 'llo', 'hello')
    """
    if text is None or count is None:
        return None
    return text[max(len(text) - count, 0) :] if count >= 0 else text[-count:]


def substr(text: str | None, start: int | None) -> str | None:
    """From a code point that counts from 1, or from the end if negative.

    >>> substr("hello", 2), substr("hello", -3), substr("hello", 0)
    ('ello', 'llo', 'hello')
    """
    if text is None or start is None or not -_FARTHEST <= start <= _FARTHEST:
        return None
    return text[max(len(text) + start if start < 0 else start - 1, 0) :]


def substr_of(text: str | None, start: int | None, count: int | None) -> str | None:
    """As many code points from there; a negative count takes those before it.

    >>> substr_of("hello", 2, 3), substr_of("hello", 3, -1), substr_of("hello", 0, 2)
    ('ell', 'e', 'h')
    """
    if text is None or start is None or count is None:
        return None
    if not (-_FARTHEST - 1 <= start <= _FARTHEST and -_FARTHEST - 1 <= count <= _FARTHEST):
        return None
    first = len(text) + start if start < 0 else start - 1
    first, last = (first, first + count) if count >= 0 else (first + count, first)
    return text[max(first, 0) : max(last, 0)]


def split_part(text: str | None, separator: str | None, position: int | None) -> str | None:
    """A part between separators, counted from 1, or from the end if negative; empty where there is none.

    An empty separator stands between all code points.

    >>> split_part("a,b,c", ",", 2), split_part("a,b,c", ",", -1), split_part("a,b,c", ",", 4)
    ('b', 'c', '')
    """
    if text is None or separator is None or position is None:
        return None
    parts = text.split(separator) if separator else list(text)
    if position == 0 or abs(position) > len(parts):
        return ""
    return parts[position - 1 if position > 0 else position]


def reverse(text: str | None) -> str | None:
    """From the end to the beginning; beyond ASCII DuckDB keeps together what it takes for one character."""
    return None if text is None or not text.isascii() else text[::-1]
