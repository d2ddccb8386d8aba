"""Texts as DuckDB treats them: sequences of code points, cased one code point at a time."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seawall.core.types import Value


def _simple(code: int, *, upper: bool) -> int:
    """One code point cased to one code point, as Unicode's simple mappings do, which DuckDB uses.

    Python maps to several code points where the full mappings do; those have a simple mapping only if the title case
    has one. Two code points have answers of DuckDB's own.
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


def _table(*, upper: bool) -> Mapping[int, int]:
    codes = range(sys.maxunicode + 1)
    return {code: cased for code in codes if (cased := _simple(code, upper=upper)) != code}


_LOWER = _table(upper=False)
_UPPER = _table(upper=True)
_SPACES = " \t\n\v\f\r"


def lower(text: str | None) -> str | None:
    """Every code point in lower case.

    >>> lower("ΑΣ İ")
    'ασ i'
    """
    if text is None or not text.isascii():
        return None if text is None else text.translate(_LOWER)
    return text.lower()


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


def items_of(values: tuple[Value, ...] | None) -> int | None:
    """The number of elements of a list."""
    return None if values is None else len(values)


def list_contains(values: tuple[Value, ...] | None, value: Value) -> bool | None:
    """Whether the value is an element of the list."""
    return None if values is None or value is None else value in values


def element(values: tuple[Value, ...] | None, position: int | None) -> Value:
    """The element at a position that counts from 1, or from the end if negative; NULL where there is none.

    >>> element(("a", "b"), 1), element(("a", "b"), -1), element(("a", "b"), 0)
    ('a', 'b', None)
    """
    if values is None or position is None or position == 0 or abs(position) > len(values):
        return None
    return values[position - 1 if position > 0 else position]
