"""A condition in DuckDB's SQL, in its total form: whatever fails is NULL, and nothing raises."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from seawall.core.types import FieldType, Kind, Media, Value
from seawall.policy.conditions.computed import computed_column, is_computed
from seawall.policy.conditions.decimals import decimal_text
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
)
from seawall.policy.conditions.operations import OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seawall.policy.conditions.model import Condition

SQL_TYPES: Mapping[Kind, str] = {
    Kind.STRING: "VARCHAR",
    Kind.INTEGER: "BIGINT",
    Kind.NUMBER: "DOUBLE",
    Kind.BOOLEAN: "BOOLEAN",
    Kind.TIMESTAMP: "TIMESTAMP",
    Kind.HASH: "VARCHAR",
    Kind.MEDIA: "VARCHAR",
}


def to_duckdb(condition: Condition) -> str:
    """One expression over columns of the same names and over `computed_columns`."""
    return expression(condition.expr)


def sql_type(type_: FieldType) -> str:
    """The DuckDB type that holds a type of ours."""
    if isinstance(type_, IntervalType):
        return "INTERVAL"
    if isinstance(type_, DecimalType):
        return f"DECIMAL({type_.width},{type_.scale})"
    return SQL_TYPES[type_.kind] + ("[]" if type_.is_list else "")


def expression(expr: Expr) -> str:
    """One node and all below it."""
    if is_computed(expr):
        return quoted(computed_column(expr))
    match expr:
        case Read(name=name):
            return quoted(name)
        case Constant(value=value, type=type_):
            return literal(value, type_)
        case Call(operation=operation, args=args):
            parts = [expression(arg) for arg in args]
            if operation == "in":
                parts[1] = f"({parts[1][1:-1]})"
            template = OPERATIONS[operation].duckdb
            return template.replace("{*}", ", ".join(parts)) if "{*}" in template else template.format(*parts)
        case And(parts=parts):
            return f"({' AND '.join(expression(part) for part in parts)})"
        case Or(parts=parts):
            return f"({' OR '.join(expression(part) for part in parts)})"
        case Not(part=part):
            return f"(NOT {expression(part)})"
        case Case(branches=branches, default=default):
            whens = "".join(f" WHEN {expression(when)} THEN {expression(then)}" for when, then in branches)
            return f"(CASE{whens} ELSE {expression(default)} END)"
        case Matches():
            return quoted(computed_column(expr))
        case _:
            assert_never(expr)


def quoted(name: str) -> str:
    """A name that means a column whatever it is."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: Value, type_: FieldType) -> str:
    """A value that has exactly its type."""
    if isinstance(value, tuple):
        element = FieldType(type_.kind)
        return f"[{', '.join(literal(item, element) for item in value)}]"
    if value is None:
        return f"CAST(NULL AS {sql_type(type_)})"
    if isinstance(type_, IntervalType):
        return f"to_microseconds({value}::BIGINT)"
    if isinstance(type_, DecimalType):
        assert isinstance(value, int)
        return f"CAST('{decimal_text(value, type_.width, type_.scale)}' AS {sql_type(type_)})"
    match type_.kind:
        case Kind.BOOLEAN:
            return "TRUE" if value else "FALSE"
        case Kind.TIMESTAMP:
            return f"make_timestamp({value}::BIGINT)"
        case Kind.INTEGER | Kind.NUMBER:
            return f"CAST('{value!r}' AS {sql_type(type_)})"
        case Kind.STRING | Kind.HASH | Kind.MEDIA:
            assert not isinstance(value, Media)
            return "'" + str(value).replace("'", "''") + "'"
        case _:
            assert_never(type_.kind)
