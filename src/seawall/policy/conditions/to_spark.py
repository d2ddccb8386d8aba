"""A condition in Spark SQL 4 with ANSI mode on, in its total form: whatever fails is NULL."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from typing import TYPE_CHECKING, assert_never

import sqlglot
from sqlglot import exp

from seawall.core.types import FieldType, Kind, Media, Value
from seawall.policy.conditions.expr import (
    And,
    Call,
    Case,
    Constant,
    DecimalType,
    Expr,
    IntervalType,
    Matches,
    Not,
    Or,
    Read,
    children,
)
from seawall.policy.conditions.operations import OPERATIONS
from seawall.policy.conditions.spark_forms import SPARK
from seawall.policy.conditions.spark_literal_forms import text_literal
from seawall.policy.conditions.strings import lower
from seawall.policy.conditions.to_text import to_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from seawall.policy.conditions.model import Condition

SPARK_TYPES: Mapping[Kind, str] = {
    Kind.STRING: "STRING",
    Kind.INTEGER: "BIGINT",
    Kind.NUMBER: "DOUBLE",
    Kind.BOOLEAN: "BOOLEAN",
    Kind.TIMESTAMP: "TIMESTAMP",
    Kind.HASH: "STRING",
    Kind.MEDIA: "STRING",
}
"""What columns of the events must be."""

_SHORT = 120  # characters that are repeated rather than bound to a name, which leaves Spark's compiled code
_PLAIN_PATTERN = re.compile(r"[\w \-/:@#!,;%&=~'\"]*", re.ASCII)


def to_spark(condition: Condition) -> str:
    """One expression over columns of the same names, of `SPARK_TYPES`, and over `spark_columns`."""
    return expression(condition.expr)


def spark_columns(exprs: Iterable[Expr]) -> dict[str, Expr]:
    """Every column that the expressions read in Spark beside the event's, and the part that gives it."""
    found: dict[str, Expr] = {}
    stack = list(exprs)
    while stack:
        expr = _as_spark_sees(stack.pop())
        if is_computed(expr):
            found[spark_column(expr)] = expr
        else:
            stack.extend(children(expr))
    return found


def is_computed(expr: Expr) -> bool:
    """Whether Spark reads a column instead of this part."""
    if not isinstance(expr, Call):
        return isinstance(expr, Matches)
    how = SPARK[expr.operation]
    return how.how == "computed" or (how.lower is not None and how.lower(expr.args) is None)


def spark_column(expr: Expr) -> str:
    """The name of that column: what it does and a hash of what it says, since Spark minds names."""
    name = expr.how if isinstance(expr, Matches) else expr.operation if isinstance(expr, Call) else "part"
    said = f"{to_text(expr)}\n{expr.version}" if isinstance(expr, Matches) else to_text(expr)
    return f"{name}_{hashlib.sha256(said.encode()).hexdigest()[:16]}"


def expression(expr: Expr) -> str:
    """One node and all below it."""
    expr = _as_spark_sees(expr)
    if is_computed(expr):
        return quoted(spark_column(expr))
    match expr:
        case Read(name=name, type=type_):
            return _read(quoted(name), type_)
        case Constant(value=value, type=type_):
            return literal(value, type_)
        case Call():
            return _call(expr)
        case And(parts=parts):
            return f"({' AND '.join(expression(part) for part in sorted(parts, key=_cost))})"
        case Or(parts=parts):
            return f"({' OR '.join(expression(part) for part in sorted(parts, key=_cost))})"
        case Not(part=part):
            return f"(NOT {expression(part)})"
        case Case(branches=branches, default=default):
            whens = "".join(f" WHEN {expression(when)} THEN {expression(then)}" for when, then in branches)
            return f"(CASE{whens} ELSE {expression(default)} END)"
        case Matches():
            return quoted(spark_column(expr))
        case _:
            assert_never(expr)


def _cost(expr: Expr) -> float:
    """What Spark does for a part; it looks at parts in the order of writing until one settles it."""
    expr = _as_spark_sees(expr)
    if is_computed(expr):
        return 0.0
    own = OPERATIONS[expr.operation].cost_us if isinstance(expr, Call) else 0.0
    return own + sum(map(_cost, children(expr)))


def _as_spark_sees(expr: Expr) -> Expr:
    """ILIKE is LIKE on the text in lower case, which many share; a pattern of plain text is `contains`."""
    match expr:
        case Call(operation="ilike", args=(text, Constant(value=str(pattern)) as written, escape)):
            small = Call("lower", (text,), text.type)
            return Call("like", (small, Constant(lower(pattern), written.type), escape), expr.type)
        case Call(operation="regexp_matches", args=(text, Constant(value=str(pattern)) as written, options)):
            said = str(options.value) if isinstance(options, Constant) else "?"
            if not set(said) - {"c", "l", "s"} and ("l" in said or _PLAIN_PATTERN.fullmatch(pattern)):
                return Call("contains", (text, written), expr.type)
            return expr
        case _:
            return expr


def _read(column: str, type_: FieldType) -> str:
    if type_.kind is not Kind.TIMESTAMP or isinstance(type_, IntervalType):
        return column
    return f"transform({column}, __v -> unix_micros(__v))" if type_.is_list else f"unix_micros({column})"


def _call(call: Call) -> str:
    how, parts = SPARK[call.operation], [expression(arg) for arg in call.args]
    if call.operation == "in":
        parts[1] = f"({parts[1].removeprefix('array')[1:-1]})"
    template = how.lower(call.args) if how.lower is not None else how.sql
    template = template or _translated(OPERATIONS[call.operation].duckdb, len(parts))
    made = _applied(template, parts)
    if how.keep:
        made = _kept(made, how.keep)
    return how.after.format(made)


def _applied(template: str, parts: list[str]) -> str:
    """The template with its arguments; one that is long and used twice gets a name."""
    names = list(parts)
    for place, part in enumerate(parts):
        if len(part) > _SHORT and template.count(f"{{{place}}}") > 1:
            names[place] = f"__a{place}"
    made = template.format(*names)
    for place, part in enumerate(parts):
        if names[place] != part:
            made = f"transform(array({part}), __a{place} -> {made})[0]"
    return made


def _kept(made: str, test: str) -> str:
    if len(made) > _SHORT:
        return f"try_element_at(filter(array({made}), __v -> {test}), 1)"
    return f"(CASE WHEN {test.replace('__v', made)} THEN {made} END)"


@lru_cache(maxsize=256)
def _translated(duckdb: str, count: int) -> str:
    """DuckDB's form of an operation in Spark's words, by sqlglot."""
    names = [f"__p{place}__" for place in range(count)]
    filled = duckdb.replace("{*}", ", ".join(names))
    filled = filled if filled != duckdb else duckdb.format(*names)
    tree = sqlglot.parse_one(f"({filled})", read="duckdb")
    written = tree.sql(dialect="spark", unsupported_level=sqlglot.ErrorLevel.RAISE)
    for place, name in enumerate(names):
        written = written.replace(name, f"{{{place}}}")
    return written


def quoted(name: str) -> str:
    """A name that means a column whatever it is."""
    return exp.to_identifier(name, quoted=True).sql(dialect="spark")


def sql_type(type_: FieldType) -> str:
    """The type of a value inside a condition: moments and intervals are whole microseconds."""
    if isinstance(type_, DecimalType):
        return "DECIMAL(38,0)"
    scalar = "BIGINT" if type_.kind is Kind.TIMESTAMP else SPARK_TYPES[type_.kind]
    return f"ARRAY<{scalar}>" if type_.is_list else scalar


def literal(value: Value, type_: FieldType) -> str:
    """A value that has exactly its type."""
    if isinstance(value, tuple):
        element = FieldType(type_.kind)
        return f"array({', '.join(literal(item, element) for item in value)})"
    if value is None:
        return f"CAST(NULL AS {sql_type(type_)})"
    if isinstance(type_, DecimalType):
        return f"CAST('{value}' AS DECIMAL(38,0))"
    match type_.kind:
        case Kind.BOOLEAN:
            return "TRUE" if value else "FALSE"
        case Kind.INTEGER | Kind.NUMBER | Kind.TIMESTAMP:
            return f"CAST('{value!r}' AS {sql_type(type_)})"
        case Kind.STRING | Kind.HASH | Kind.MEDIA:
            assert not isinstance(value, Media)
            return text_literal(str(value))
        case _:
            assert_never(type_.kind)
