"""DECIMAL, which DuckDB computes in wherever a literal with a point meets integers.

A value is kept as the integer of its digits: 1.50 of DECIMAL(3,2) is 150.
"""

from __future__ import annotations

from seawall.core.types import Kind
from seawall.policy.conditions.arithmetic import fitting, integer_to_number, remainder
from seawall.policy.conditions.expr import DecimalType

WIDEST = 38
_WORD = 18  # digits that DuckDB multiplies in 64 bits


def decimal_type(width: int, scale: int) -> DecimalType:
    """So many digits, so many of them behind the point."""
    return DecimalType(Kind.NUMBER, width=width, scale=scale)


def literal_of(text: str) -> tuple[int, DecimalType] | None:
    """The digits of a literal with a point, and its type; None if DuckDB takes it for a double.

    >>> literal_of("-1.50"), literal_of("1" * 39 + ".")
    ((-150, DecimalType(kind=<Kind.NUMBER: 'number'>, is_list=False, nullable=False, width=3, scale=2)), None)
    """
    whole, _, rest = text.lstrip("-").partition(".")
    width = len(whole) + len(rest)
    if width > WIDEST:
        return None
    return int(text.replace(".", "")), decimal_type(width, len(rest))


def common(one: DecimalType, other: DecimalType) -> DecimalType | None:
    """The type that holds every value of both, as comparisons, CASE and the remainder need it.

    >>> str(common(decimal_type(19, 0), decimal_type(3, 2)))
    'decimal(21,2)'
    """
    scale = max(one.scale, other.scale)
    return _within(scale + max(one.width - one.scale, other.width - other.scale), scale)


def sum_type(one: DecimalType, other: DecimalType) -> DecimalType | None:
    """Of a sum or difference: a digit more."""
    held = common(one, other)
    return held and _within(held.width + 1, held.scale)


def product_type(one: DecimalType, other: DecimalType) -> DecimalType | None:
    """Of a product. DuckDB stays within 64 bits where both factors do."""
    width, scale = one.width + other.width, one.scale + other.scale
    if width > _WORD >= max(one.width, other.width) and scale < _WORD:
        width = _WORD
    return _within(width, scale)


def _within(width: int, scale: int) -> DecimalType | None:
    return decimal_type(width, scale) if width <= WIDEST else None


def rescale(digits: int | None, more: int) -> int | None:
    """The same value with more digits behind the point."""
    return None if digits is None else digits * 10**more


def add_decimals(a: int | None, b: int | None) -> int | None:
    """`a + b`, of one scale."""
    return None if a is None or b is None else a + b


def subtract_decimals(a: int | None, b: int | None) -> int | None:
    """`a - b`, of one scale."""
    return None if a is None or b is None else a - b


def multiply_decimals(a: int | None, b: int | None, width: int) -> int | None:
    """`a * b`, if the digits fit."""
    if a is None or b is None or abs(a * b) >= 10**width:
        return None
    return a * b


def remainder_of_decimals(a: int | None, b: int | None) -> int | None:
    """`a % b`, of one scale, with the sign of `a`."""
    return remainder(a, b)


def negate_decimal(a: int | None) -> int | None:
    """`-a`."""
    return None if a is None else -a


def decimal_to_number(digits: int | None, scale: int) -> float | None:
    """The nearest double, as DuckDB gives it.

    >>> decimal_to_number(15, 1), decimal_to_number(900719925474099350, 2) - 2**53, decimal_to_number(None, 1)
    (1.5, 2.0, None)
    """
    if digits is None or scale == 0:
        return integer_to_number(digits)
    return digits / 10**scale  # of two integers Python rounds once


def decimal_to_integer(digits: int | None, scale: int) -> int | None:
    """The nearest integer, halves away from zero.

    >>> decimal_to_integer(25, 1), decimal_to_integer(-25, 1)
    (3, -3)
    """
    if digits is None:
        return None
    power = 10**scale
    rounded = (abs(digits) + power // 2) // power
    return fitting(rounded if digits >= 0 else -rounded)


def decimal_text(digits: int, width: int, scale: int) -> str:
    """As it is written; nothing stands before the point where the type has no digit there.

    >>> decimal_text(-5, 3, 2), decimal_text(5, 1, 1), decimal_text(50, 2, 0)
    ('-0.05', '.5', '50')
    """
    whole = str(abs(digits)).rjust(scale + (width > scale), "0")
    sign = "-" if digits < 0 else ""
    return f"{sign}{whole[: len(whole) - scale]}.{whole[len(whole) - scale :]}" if scale else sign + whole


def decimal_to_text(digits: int | None, width: int, scale: int) -> str | None:
    """Its digits, as many as the type has behind the point."""
    return None if digits is None else decimal_text(digits, width, scale)
