"""Arithmetic on 64-bit integers and doubles, and casts. What raises in DuckDB or is not finite is None."""

from __future__ import annotations

from math import fmod, isfinite

LOWEST, HIGHEST = -(2**63), 2**63 - 1


def fitting(value: int) -> int | None:
    """The integer, if 64 bits hold it."""
    return value if LOWEST <= value <= HIGHEST else None


def finite(value: float) -> float | None:
    """The double, unless it is infinite or not a number."""
    return value if isfinite(value) else None


def add_integers(a: int | None, b: int | None) -> int | None:
    """`a + b`."""
    return None if a is None or b is None else fitting(a + b)


def subtract_integers(a: int | None, b: int | None) -> int | None:
    """`a - b`."""
    return None if a is None or b is None else fitting(a - b)


def multiply_integers(a: int | None, b: int | None) -> int | None:
    """`a * b`."""
    return None if a is None or b is None else fitting(a * b)


def negate_integer(a: int | None) -> int | None:
    """`-a`; the lowest integer has no opposite."""
    return None if a is None else fitting(-a)


def quotient(a: int | None, b: int | None) -> int | None:
    """`a // b`, cut towards zero.

    >>> quotient(-5, 2), quotient(1, 0), quotient(LOWEST, -1)
    (-2, None, None)
    """
    if a is None or b is None or b == 0:
        return None
    whole = abs(a) // abs(b)
    return fitting(whole if (a < 0) == (b < 0) else -whole)


def remainder(a: int | None, b: int | None) -> int | None:
    """`a % b`, with the sign of `a`.

    >>> remainder(-5, 3), remainder(5, -3), remainder(5, 0)
    (-2, 2, None)
    """
    if a is None or b is None or b == 0 or (a == LOWEST and b == -1):
        return None
    rest = abs(a) % abs(b)
    return -rest if a < 0 else rest


def add_numbers(a: float | None, b: float | None) -> float | None:
    """`a + b`."""
    return None if a is None or b is None else finite(a + b)


def subtract_numbers(a: float | None, b: float | None) -> float | None:
    """`a - b`."""
    return None if a is None or b is None else finite(a - b)


def multiply_numbers(a: float | None, b: float | None) -> float | None:
    """`a * b`."""
    return None if a is None or b is None else finite(a * b)


def negate_number(a: float | None) -> float | None:
    """`-a`."""
    return None if a is None else -a


def divide(a: float | None, b: float | None) -> float | None:
    """`a / b` in doubles.

    >>> divide(5.0, 2.0), divide(1.0, 0.0), divide(1e308, 1e-308)
    (2.5, None, None)
    """
    return None if a is None or b is None or b == 0 else finite(a / b)


def remainder_of_numbers(a: float | None, b: float | None) -> float | None:
    """`a % b`, with the sign of `a`."""
    return None if a is None or b is None or b == 0 or not isfinite(a) else finite(fmod(a, b))


def integer_to_number(a: int | None) -> float | None:
    """The nearest double, ties to even."""
    return None if a is None else float(a)


def number_to_integer(a: float | None) -> int | None:
    """The nearest integer, ties to even.

    >>> number_to_integer(2.5), number_to_integer(1e19)
    (2, None)
    """
    return None if a is None or not isfinite(a) else fitting(round(a))


def boolean_to_integer(a: bool | None) -> int | None:  # noqa: FBT001  a value, not a switch
    """1 or 0."""
    return None if a is None else int(a)


def number_to_boolean(a: float | None) -> bool | None:
    """Whether it is not zero."""
    return None if a is None else a != 0


def integer_to_text(a: int | None) -> str | None:
    """Its decimal digits."""
    return None if a is None else str(a)


def boolean_to_text(a: bool | None) -> str | None:  # noqa: FBT001  a value, not a switch
    """`true` or `false`."""
    return None if a is None else str(a).lower()


def number_to_text(a: float | None) -> str | None:
    """The shortest decimal that reads back as the same double.

    >>> number_to_text(1e16), number_to_text(0.1)
    ('1e+16', '0.1')
    """
    return None if a is None else repr(a)
