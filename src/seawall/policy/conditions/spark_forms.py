"""How Spark SQL 4 does each operation: as sqlglot translates it, in a form of our own, or not at all.

ANSI mode is on, and no form raises: what may fail stands in its `try_` form. Moments and intervals are
whole microseconds (BIGINT) and decimals the integers of their digits (DECIMAL(38,0)), as in the row program,
so that neither a session's time zone nor Spark's rules for precision have a say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from seawall.policy.conditions import spark_literal_forms as literal_forms
from seawall.policy.conditions.moments import FIRST, LAST

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from seawall.policy.conditions.expr import Expr

    Lower: TypeAlias = Callable[[tuple[Expr, ...]], str | None]

_DAY = literal_forms.DAY
_IN_CALENDAR = f"__v BETWEEN {FIRST}L AND {LAST}L"
_ASCII_CASE = "Spark cases by the full tables of its own edition of Unicode"
_RE2 = "Spark has Java's regular expressions, not RE2"
_BYTES = "Spark counts code points, DuckDB bytes"


class Lowering(NamedTuple):
    """How Spark does one operation.

    Attributes:
        how: `sqlglot`: DuckDB's form, translated; `own`: `sql`, with `{0}` for the arguments; `literals`:
            `lower` makes the template where the arguments that matter are literals, and gives None, which
            means `computed`, where they are not; `computed`: a column that we compute.
        sql: the template.
        lower: takes the arguments, gives the template.
        keep: what the result must hold to be no failure, with `__v` for it; else it is NULL.
        after: what is made of the result then.
        why: what Spark lacks where it is computed.
    """

    how: Literal["sqlglot", "own", "literals", "computed"]
    sql: str = ""
    lower: Lower | None = None
    keep: str = ""
    after: str = "{0}"
    why: str = ""


SAME = Lowering("sqlglot")


def _own(sql: str, *, keep: str = "", after: str = "{0}") -> Lowering:
    return Lowering("own", sql, keep=keep, after=after)


def _computed(why: str) -> Lowering:
    return Lowering("computed", why=why)


def _literals(lower: Lower, why: str = "", *, keep: str = "") -> Lowering:
    return Lowering("literals", lower=lower, why=why, keep=keep)


def _number(sql: str) -> Lowering:
    return _own(sql, keep="abs(__v) <= 1.7976931348623157E308D")  # NaN is above every number in Spark


def _part_of_day(whole: int, part: int) -> Lowering:
    return _own(f"(pmod({{0}}, {whole}L) DIV {part}L)")


def _calendar(name: str) -> Lowering:
    return _own(f"CAST({name}({literal_forms.DATE}) AS BIGINT)")


_DECIMAL_POINT = "Spark's DECIMAL keeps six digits behind the point of a quotient"
_SPACES = (
    "\\u0020\\u00a0\\u1680\\u2000\\u2001\\u2002\\u2003\\u2004\\u2005\\u2006\\u2007\\u2008\\u2009\\u200a"
    "\\u202f\\u205f\\u3000"
)

SPARK: Mapping[str, Lowering] = {
    "equal": SAME,
    "unequal": SAME,
    "less": SAME,
    "at_most": SAME,
    "greater": SAME,
    "at_least": SAME,
    "distinct": SAME,
    "not_distinct": SAME,
    "between": SAME,
    "in": _literals(literal_forms.member),
    "is_null": SAME,
    "is_true": SAME,
    "is_false": SAME,
    "coalesce": SAME,
    "nullif": SAME,
    "add_integers": _own("try_add({0}, {1})"),
    "subtract_integers": _own("try_subtract({0}, {1})"),
    "multiply_integers": _own("try_multiply({0}, {1})"),
    "negate_integer": _own("try_subtract(0L, {0})"),
    "quotient": _own(
        "(CASE WHEN {1} = -1L THEN try_subtract(0L, {0}) ELSE {0} DIV NULLIF({1}, 0L) END)"
    ),  # the lowest integer has no opposite
    "remainder": _own("(CASE WHEN {1} = -1L THEN try_subtract(0L, {0}) * 0L ELSE try_mod({0}, {1}) END)"),
    "add_numbers": _number("{0} + {1}"),
    "subtract_numbers": _number("{0} - {1}"),
    "multiply_numbers": _number("{0} * {1}"),
    "negate_number": _own("(-{0})"),
    "divide": _number("try_divide({0}, {1})"),
    "remainder_of_numbers": _own("try_mod({0}, {1})"),
    "integer_to_number": SAME,
    "number_to_integer": _own(
        "{0}",
        keep="__v >= -9.223372036854775808E18D AND __v < 9.223372036854775808E18D",
        after="CAST(rint({0}) AS BIGINT)",
    ),  # Spark's own cast takes 2^63 for 2^63 - 1
    "boolean_to_integer": SAME,
    "integer_to_boolean": _own("({0} <> 0L)"),
    "number_to_boolean": _own("({0} <> 0.0D)"),
    "integer_to_text": SAME,
    "boolean_to_text": SAME,
    "number_to_text": _computed("Spark writes doubles as Java does"),
    "integer_to_decimal": _own("CAST({0} AS DECIMAL(38,0))"),
    "rescale": _literals(literal_forms.rescale),
    "add_decimals": _own("try_add({0}, {1})"),
    "subtract_decimals": _own("try_subtract({0}, {1})"),
    "multiply_decimals": _literals(literal_forms.product),
    "remainder_of_decimals": _own("try_mod({0}, {1})"),
    "negate_decimal": _own("(-{0})"),
    "decimal_to_number": _literals(literal_forms.decimal_to_number, _DECIMAL_POINT),
    "decimal_to_integer": _literals(literal_forms.decimal_to_integer, _DECIMAL_POINT),
    "decimal_to_boolean": _own("({0} <> 0)"),
    "decimal_to_text": _computed("DuckDB writes `.5` where a type has no digit before the point"),
    "join": SAME,
    "concat": SAME,
    "lower": _computed(_ASCII_CASE),
    "upper": _computed(_ASCII_CASE),
    "length": _own("CAST(char_length({0}) AS BIGINT)"),
    "trim": _own(f"trim(BOTH '{_SPACES}' FROM {{0}})"),
    "ltrim": _own(f"trim(LEADING '{_SPACES}' FROM {{0}})"),
    "rtrim": _own(f"trim(TRAILING '{_SPACES}' FROM {{0}})"),
    "trim_of": _own("trim(BOTH {1} FROM {0})"),
    "ltrim_of": _own("trim(LEADING {1} FROM {0})"),
    "rtrim_of": _own("trim(TRAILING {1} FROM {0})"),
    "replace": SAME,
    "left": _literals(literal_forms.left, "Spark counts in 32 bits"),
    "right": _literals(literal_forms.right, "Spark counts in 32 bits"),
    "substr": _literals(literal_forms.substr, "Spark counts in 32 bits"),
    "substr_of": _literals(literal_forms.substr_of, "Spark counts in 32 bits"),
    "contains": SAME,
    "starts_with": SAME,
    "ends_with": SAME,
    "like": _literals(literal_forms.like),
    "ilike": _literals(literal_forms.like, "LIKE on a column of the text in lower case"),
    "regexp_matches": _computed(f"{_RE2}; a pattern that is a plain text is `contains`"),
    "regexp_extract": _computed(_RE2),
    "regexp_replace": _computed(_RE2),
    "reverse": _own("(CASE WHEN octet_length({0}) = char_length({0}) THEN reverse({0}) END)"),
    "split_part": _literals(
        literal_forms.split_part, "Spark takes an empty separator for none, and counts in 32 bits"
    ),
    "levenshtein": _computed(_BYTES),
    "jaccard": _computed(_BYTES),
    "bucket": _own("(CAST(conv(left(md5(concat({1}, ':', {0})), 15), 16, 10) AS BIGINT) % {2})"),
    "len": _own("CAST(array_size({0}) AS BIGINT)"),
    "list_contains": SAME,
    "list_has_any": _literals(literal_forms.has_any),
    "list_has_all": _literals(literal_forms.has_all),
    "element": _own("try_element_at({0}, try_cast(NULLIF({1}, 0L) AS INT))"),
    "minute": _part_of_day(3_600_000_000, 60_000_000),
    "hour": _part_of_day(_DAY, 3_600_000_000),
    "day": _calendar("day"),
    "month": _calendar("month"),
    "year": _calendar("year"),
    "dayofweek": _own(f"(pmod({{0}} + {4 * _DAY}L, {7 * _DAY}L) DIV {_DAY}L)"),
    "local_hour": _computed("Spark's time zones are of another edition than ours"),
    "local_dayofweek": _computed("Spark's time zones are of another edition than ours"),
    "date_diff": _literals(literal_forms.date_diff),
    "date_trunc": _literals(literal_forms.date_trunc),
    "elapsed": _own("({0} - {1})"),
    "later": _own("({0} + {1})", keep=_IN_CALENDAR),
    "earlier": _own("({0} - {1})", keep=_IN_CALENDAR),
    "months_later": _literals(literal_forms.months_later, keep=_IN_CALENDAR),
}
"""Every operation of `operations.OPERATIONS`, in its order."""
