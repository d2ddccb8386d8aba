"""Every operation of the compiled form: how Python runs it, how DuckDB does, and why it may fail.

A back end that comes later adds a column to this table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from seawall.policy.conditions import (
    arithmetic,
    decimals,
    distances,
    likes,
    lists,
    logic,
    moments,
    regexes,
    sampling,
    strings,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from seawall.core.types import Value

_FINITE = "list_transform([{}], lambda v: CASE WHEN isfinite(v) THEN v END)[1]"

_TOO_FAR = "position out of range"
_IN_CALENDAR = (
    "list_transform([TRY({})], lambda v: CASE WHEN v BETWEEN TIMESTAMP '0001-01-01' "
    "AND TIMESTAMP '9999-12-31 23:59:59.999999' THEN v END)[1]"
)
_BEYOND = "beyond the years 1 to 9999"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation on typed values.

    Attributes:
        text: how it reads in a trace; `{0}`, `{1}` are the arguments, `{*}` all of them.
        duckdb: the total form in DuckDB's SQL: NULL wherever the operation fails.
        run: what it does, total over every value of its types; None is NULL.
        prepare: instead of `run` where all arguments but the first are constants: takes those, gives `run`.
        failure: why the result is NULL although no argument is.
        cost_us: microseconds that it takes, roughly, to order conjuncts by.
        dialect: `duckdb` if DuckDB knows it as it is written; `ours` if it does not, and the total form
            spells it out; `computed` if no SQL gives it exactly: we compute it, and SQL reads a column.
    """

    text: str
    duckdb: str
    run: Callable[..., Value] | None = None
    prepare: Callable[..., Callable[..., Value]] | None = None
    failure: str | Callable[..., str] | None = None
    cost_us: float = 0.1
    dialect: Literal["duckdb", "ours", "computed"] = "duckdb"

    def bind(self, constants: tuple[Any, ...]) -> Callable[..., Value]:
        """What runs it, given the arguments behind the first where it is prepared."""
        if self.prepare is not None:
            return self.prepare(*constants)
        assert self.run is not None
        return self.run


def _by_zero(*args: Any) -> str:
    return "division by zero" if args[1] == 0 else "overflow"


def _infix(sign: str, run: Callable[..., Value]) -> Operation:
    return Operation(f"{{0}} {sign} {{1}}", f"({{0}} {sign} {{1}})", run)


def _integer(
    sign: str, run: Callable[..., Value], failure: str | Callable[..., str] = "overflow"
) -> Operation:
    return Operation(f"{{0}} {sign} {{1}}", f"TRY({{0}} {sign} {{1}})", run, failure=failure)


def _number(
    sign: str, run: Callable[..., Value], failure: str | Callable[..., str] = "overflow"
) -> Operation:
    return Operation(f"{{0}} {sign} {{1}}", _FINITE.format(f"{{0}} {sign} {{1}}"), run, failure=failure)


def _cast(target: str, run: Callable[..., Value]) -> Operation:
    return Operation(f"{{0}}::{target}", f"TRY_CAST({{0}} AS {target})", run, failure="bad cast")


def _function(name: str, run: Callable[..., Value], arity: int = 1, cost_us: float = 0.1) -> Operation:
    args = ", ".join(f"{{{position}}}" for position in range(arity))
    return Operation(f"{name}({args})", f"{name}({args})", run, cost_us=cost_us)


def _moment(text: str, duckdb: str, run: Callable[..., Value]) -> Operation:
    return Operation(text, _IN_CALENDAR.format(duckdb), run, failure=_BEYOND, cost_us=0.3)


def _local(name: str, run: Callable[..., Value]) -> Operation:
    """The second argument, the zone, is found by the compiler and not written."""
    return Operation(f"{name}({{0}})", "", run, failure="no such local time", cost_us=1.5, dialect="computed")


def _prepared(text: str, prepare: Callable[..., Callable[..., Value]], cost_us: float = 0.5) -> Operation:
    return Operation(text, f"({text})", prepare=prepare, cost_us=cost_us)


OPERATIONS: Mapping[str, Operation] = {
    "equal": _infix("=", logic.equal),
    "unequal": _infix("<>", logic.unequal),
    "less": _infix("<", logic.less),
    "at_most": _infix("<=", logic.at_most),
    "greater": _infix(">", logic.greater),
    "at_least": _infix(">=", logic.at_least),
    "distinct": _infix("IS DISTINCT FROM", logic.distinct),
    "not_distinct": _infix("IS NOT DISTINCT FROM", logic.not_distinct),
    "between": Operation("{0} BETWEEN {1} AND {2}", "({0} BETWEEN {1} AND {2})", logic.between),
    "in": Operation("{0} IN {1}", "({0} IN {1})", prepare=logic.member_of),
    "is_null": Operation("{0} IS NULL", "({0} IS NULL)", logic.is_null, cost_us=0.05),
    "is_true": Operation("{0} IS TRUE", "({0} IS TRUE)", logic.is_true, cost_us=0.05),
    "is_false": Operation("{0} IS FALSE", "({0} IS FALSE)", logic.is_false, cost_us=0.05),
    "coalesce": Operation("COALESCE({*})", "COALESCE({*})", logic.coalesce),
    "nullif": Operation("NULLIF({0}, {1})", "NULLIF({0}, {1})", logic.nullif),
    "add_integers": _integer("+", arithmetic.add_integers),
    "subtract_integers": _integer("-", arithmetic.subtract_integers),
    "multiply_integers": _integer("*", arithmetic.multiply_integers),
    "negate_integer": Operation("-{0}", "TRY(-{0})", arithmetic.negate_integer, failure="overflow"),
    "quotient": _integer("//", arithmetic.quotient, _by_zero),
    "remainder": _integer("%", arithmetic.remainder, _by_zero),
    "add_numbers": _number("+", arithmetic.add_numbers),
    "subtract_numbers": _number("-", arithmetic.subtract_numbers),
    "multiply_numbers": _number("*", arithmetic.multiply_numbers),
    "negate_number": Operation("-{0}", "(-{0})", arithmetic.negate_number),
    "divide": _number("/", arithmetic.divide, _by_zero),
    "remainder_of_numbers": _number("%", arithmetic.remainder_of_numbers, _by_zero),
    "integer_to_number": Operation("{0}::DOUBLE", "CAST({0} AS DOUBLE)", arithmetic.integer_to_number),
    "number_to_integer": _cast("BIGINT", arithmetic.number_to_integer),
    "boolean_to_integer": _cast("BIGINT", arithmetic.boolean_to_integer),
    "integer_to_boolean": _cast("BOOLEAN", arithmetic.number_to_boolean),
    "number_to_boolean": _cast("BOOLEAN", arithmetic.number_to_boolean),
    "integer_to_text": _cast("VARCHAR", arithmetic.integer_to_text),
    "boolean_to_text": _cast("VARCHAR", arithmetic.boolean_to_text),
    "number_to_text": _cast("VARCHAR", arithmetic.number_to_text),
    "integer_to_decimal": Operation("{0}", "{0}", decimals.rescale),
    "rescale": Operation("{0}", "{0}", decimals.rescale),
    "add_decimals": _infix("+", decimals.add_decimals),
    "subtract_decimals": _infix("-", decimals.subtract_decimals),
    "multiply_decimals": _integer("*", decimals.multiply_decimals),
    "remainder_of_decimals": _integer("%", decimals.remainder_of_decimals, "division by zero"),
    "negate_decimal": Operation("-{0}", "(-{0})", decimals.negate_decimal),
    "decimal_to_number": Operation("{0}::DOUBLE", "CAST({0} AS DOUBLE)", decimals.decimal_to_number),
    "decimal_to_integer": _cast("BIGINT", decimals.decimal_to_integer),
    "decimal_to_boolean": _cast("BOOLEAN", arithmetic.number_to_boolean),
    "decimal_to_text": _cast("VARCHAR", decimals.decimal_to_text),
    "join": _infix("||", strings.join),
    "concat": Operation("concat({*})", "concat({*})", strings.concat),
    "lower": _function("lower", strings.lower),
    "upper": _function("upper", strings.upper),
    "length": _function("length", strings.length),
    "trim": _function("trim", strings.trim),
    "ltrim": _function("ltrim", strings.ltrim),
    "rtrim": _function("rtrim", strings.rtrim),
    "trim_of": _function("trim", strings.trim_of, 2),
    "ltrim_of": _function("ltrim", strings.ltrim_of, 2),
    "rtrim_of": _function("rtrim", strings.rtrim_of, 2),
    "replace": _function("replace", strings.replace, 3),
    "left": Operation("left({0}, {1})", "TRY(left({0}, {1}))", strings.left, failure=_TOO_FAR),
    "right": _function("right", strings.right, 2),
    "substr": Operation(
        "substr({0}, {1})",
        "TRY(substr({0}, NULLIF({1}, -4294967296)))",  # where DuckDB loses count
        strings.substr,
        failure=_TOO_FAR,
    ),
    "substr_of": Operation(
        "substr({0}, {1}, {2})", "TRY(substr({0}, {1}, {2}))", strings.substr_of, failure=_TOO_FAR
    ),
    "contains": _function("contains", strings.contains, 2, 0.2),
    "starts_with": _function("starts_with", strings.starts_with, 2),
    "ends_with": _function("ends_with", strings.ends_with, 2),
    "like": _prepared("{0} LIKE {1} ESCAPE {2}", likes.like),
    "ilike": _prepared("{0} ILIKE {1} ESCAPE {2}", likes.ilike, 1.0),
    "regexp_matches": _prepared("regexp_matches({0}, {1}, {2})", regexes.regexp_matches, 1.5),
    "regexp_extract": Operation(
        "regexp_extract({0}, {1}, {2}, {3})",
        "regexp_extract({0}, {1}, CAST({2} AS INTEGER), {3})",
        prepare=regexes.regexp_extract,
        cost_us=2.0,
    ),
    "regexp_replace": Operation(
        "regexp_replace({0}, {1}, {2}, {3})",
        "regexp_replace({0}, {1}, {2}, {3})",
        prepare=regexes.regexp_replace,
        cost_us=2.5,
    ),
    "reverse": Operation(
        "reverse({0})",
        "CASE WHEN strlen({0}) = length({0}) THEN reverse({0}) END",
        strings.reverse,
        failure="not only ASCII",
    ),
    "split_part": _function("split_part", strings.split_part, 3, 0.2),
    "levenshtein": _function("levenshtein", distances.levenshtein, 2, 20.0),
    "jaccard": Operation(
        "jaccard({0}, {1})", "TRY(jaccard({0}, {1}))", distances.jaccard, failure="an empty text", cost_us=2.0
    ),
    "bucket": Operation(
        "bucket({0}, {1}, {2})",
        "(CAST('0x' || left(md5({1} || ':' || {0}), 15) AS BIGINT) % {2})",
        prepare=sampling.bucket,
        cost_us=1.0,
        dialect="ours",
    ),
    "len": _function("len", lists.items_of),
    "list_contains": _function("list_contains", lists.list_contains, 2),
    "list_has_any": _function("list_has_any", lists.list_has_any, 2, 0.3),
    "list_has_all": _function("list_has_all", lists.list_has_all, 2, 0.3),
    "element": Operation("{0}[{1}]", "{0}[{1}]", lists.element, failure="no such element"),
    "minute": _function("minute", moments.minute),
    "hour": _function("hour", moments.hour),
    "day": _function("day", moments.day, cost_us=0.3),
    "month": _function("month", moments.month, cost_us=0.3),
    "year": _function("year", moments.year, cost_us=0.3),
    "dayofweek": _function("dayofweek", moments.dayofweek),
    "local_hour": _local("local_hour", moments.local_hour),
    "local_dayofweek": _local("local_dayofweek", moments.local_dayofweek),
    "date_diff": _function("date_diff", moments.date_diff, 3),
    "date_trunc": _function("date_trunc", moments.date_trunc, 2),
    "elapsed": Operation("{0} - {1}", "({0} - {1})", moments.elapsed),
    "later": _moment("{0} + {1}", "{0} + {1}", moments.later),
    "earlier": _moment("{0} - {1}", "{0} + (-{1})", moments.earlier),
    # To DuckDB a month equals 30 days, and it computes equal sums of one query once: months are subtracted,
    # which nothing else is.
    "months_later": _moment(
        "{0} + INTERVAL '{1} months'", "{0} - to_months(CAST(-{1} AS INTEGER))", moments.months_later
    ),
}
