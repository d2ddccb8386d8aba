"""Forms of Spark SQL that depend on arguments which are literals, or on the type of the arguments.

Each takes the arguments of an operation and gives a template with `{0}` for them, or None where what matters
is no literal or out of Spark's reach: that part is then a column that we compute.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.core.types import Kind
from seawall.policy.conditions.expr import Constant
from seawall.policy.conditions.likes import pieces_of
from seawall.policy.conditions.moments import TRUNCATIONS

if TYPE_CHECKING:
    from seawall.policy.conditions.expr import Expr

DAY = 86_400_000_000
_SHIFT = 1_000_000 * DAY
"""Whole days that make every moment positive, so that DIV, which cuts towards zero, goes down."""

_UNITS = dict(zip(TRUNCATIONS, (1, 1_000, 1_000_000, 60_000_000, 3_600_000_000, DAY), strict=False))
_POINTS = 6  # digits behind the point that a product of decimals keeps
_WIDEST = 38
_FARTHEST = 2**31 - 1


def _date(moment: str) -> str:
    return f"date_from_unix_date(CAST(({moment} + {_SHIFT}L) DIV {DAY}L - {_SHIFT // DAY}L AS INT))"


DATE = _date("{0}")
"""The calendar day of a moment, whatever the session's time zone."""


def text_literal(text: str) -> str:
    r"""A text in Spark's single quotes.

    >>> print(text_literal("it's 5\\ ${x}"))
    'it\'s 5\\ \u0024\u007bx\u007d'
    """
    return "'" + "".join(_character(each) for each in text) + "'"


def _character(character: str) -> str:
    if character in "\\'":
        return "\\" + character
    if character in "${}" or character < " ":  # ${...} is a variable to Spark, braces are ours in templates
        return f"\\u{ord(character):04x}"
    return character


def _value(arg: Expr) -> object:
    return arg.value if isinstance(arg, Constant) else None


def _near(arg: Expr) -> int | None:
    """A literal that 32 bits hold."""
    value = _value(arg)
    return value if isinstance(value, int) and abs(value) < _FARTHEST else None


def member(args: tuple[Expr, ...]) -> str:
    """`IN`; a set of Spark's holds 0.0 and -0.0 apart."""
    return "({0} + 0.0D IN {1})" if args[0].type.kind is Kind.NUMBER else "({0} IN {1})"


def has_any(args: tuple[Expr, ...]) -> str:
    """`list_has_any`, likewise."""
    if args[0].type.kind is Kind.NUMBER:
        return "arrays_overlap(transform({0}, __v -> __v + 0.0D), transform({1}, __v -> __v + 0.0D))"
    return "arrays_overlap({0}, {1})"


def has_all(args: tuple[Expr, ...]) -> str:
    """`list_has_all`, likewise."""
    if args[0].type.kind is Kind.NUMBER:
        zero = "transform({}, __v -> __v + 0.0D)"
        return f"(array_size(array_except({zero.format('{1}')}, {zero.format('{0}')})) = 0)"
    return "(array_size(array_except({1}, {0})) = 0)"


def _power(digits: int) -> str:
    return f"CAST('{10**digits}' AS DECIMAL(38,0))"


def rescale(args: tuple[Expr, ...]) -> str:
    """More digits behind the point."""
    more = _near(args[1]) or 0
    return f"try_multiply({{0}}, {_power(more)})" if more else "{0}"


def product(args: tuple[Expr, ...]) -> str:
    """A product whose digits must fit."""
    width = _near(args[2]) or 0
    if width == _WIDEST:
        return "try_multiply({0}, {1})"
    fits = f"abs(try_multiply({{0}}, {{1}})) < {_power(width)}"
    return f"(CASE WHEN {fits} THEN try_multiply({{0}}, {{1}}) END)"


def _point(scale: int) -> str:
    """What moves the point, exactly for so few digits."""
    return f"CAST('{10**-scale:.{scale}f}' AS DECIMAL({scale},{scale}))"


def decimal_to_number(args: tuple[Expr, ...]) -> str | None:
    """The double nearest to the digits with their point."""
    scale = _near(args[1]) or 0
    if not scale:
        return "CAST({0} AS DOUBLE)"
    if scale > _POINTS:
        return None
    return f"CAST(concat(CAST({{0}} AS STRING), 'E-{scale}') AS DOUBLE)"  # a text is read with one rounding


def decimal_to_integer(args: tuple[Expr, ...]) -> str | None:
    """The nearest integer, halves away from zero."""
    scale = _near(args[1]) or 0
    if scale > _POINTS:
        return None
    return f"try_cast(round({{0}} * {_point(scale)}, 0) AS BIGINT)" if scale else "try_cast({0} AS BIGINT)"


def left(args: tuple[Expr, ...]) -> str | None:
    """The first code points."""
    count = _near(args[1])
    if count is None:
        return None
    if count >= 0:
        return f"substring({{0}}, 1, {count})"
    return f"substring({{0}}, 1, greatest(char_length({{0}}) - {-count}, 0))"


def right(args: tuple[Expr, ...]) -> str | None:
    """The last code points."""
    count = _near(args[1])
    if count is None:
        return None
    return f"right({{0}}, {count})" if count >= 0 else f"substring({{0}}, {1 - count})"


def substr(args: tuple[Expr, ...]) -> str | None:
    """From a code point on."""
    start = _near(args[1])
    return None if start is None else f"substring({{0}}, {start})"


def substr_of(args: tuple[Expr, ...]) -> str | None:
    """So many code points from there."""
    start, count = _near(args[1]), _near(args[2])
    if start is None or count is None or (count < 0 and start <= 0):
        return None
    if count < 0:
        first = max(start - 1 + count, 0)
        return f"substring({{0}}, {first + 1}, {start - 1 - first})"
    return f"substring({{0}}, {start or 1}, {count if start else max(count - 1, 0)})"


def split_part(args: tuple[Expr, ...]) -> str | None:
    """A part between separators that are there."""
    return f"split_part({{0}}, {{1}}, {_near(args[2])})" if _value(args[1]) and _near(args[2]) else None


def like(args: tuple[Expr, ...]) -> str:
    """LIKE with an escape of our own: Spark's is a backslash where none is written."""
    pattern = "%".join(
        "".join("_" if part == "" else f"!{part}" if part in "!%_" else part for part in piece)
        for piece in pieces_of(str(_value(args[1])), str(_value(args[2]) or ""))
    )
    return f"({{0}} LIKE {text_literal(pattern)} ESCAPE '!')"


def date_diff(args: tuple[Expr, ...]) -> str:
    """How many boundaries of a unit lie between."""
    unit = str(_value(args[0]))
    if unit in _UNITS:
        width = _UNITS[unit]
        return f"(({{2}} + {_SHIFT}L) DIV {width}L - ({{1}} + {_SHIFT}L) DIV {width}L)"
    first, last = _date("{1}"), _date("{2}")
    if unit == "year":
        return f"CAST(year({last}) - year({first}) AS BIGINT)"
    part, parts = ("month", 12) if unit == "month" else ("quarter", 4)
    years = f"(year({last}) - year({first})) * {parts}"
    return f"CAST({years} + {part}({last}) - {part}({first}) AS BIGINT)"


def date_trunc(args: tuple[Expr, ...]) -> str:
    """When a unit began."""
    unit = str(_value(args[0]))
    if unit in _UNITS:
        return f"({{1}} - pmod({{1}}, {_UNITS[unit]}L))"
    if unit == "week":
        return f"({{1}} - pmod({{1}} + {3 * DAY}L, {7 * DAY}L))"
    return f"(CAST(unix_date(trunc({_date('{1}')}, '{unit.upper()}')) AS BIGINT) * {DAY}L)"


def months_later(args: tuple[Expr, ...]) -> str:
    """The same day and time so many months on, or the last day of that month."""
    months = _near(args[1]) or 0
    day = f"CAST(unix_date(add_months({DATE}, {months})) AS BIGINT)"
    return f"({day} * {DAY}L + pmod({{0}}, {DAY}L))"
