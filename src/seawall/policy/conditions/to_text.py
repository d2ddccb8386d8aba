"""A compiled condition as a person reads it, in traces and pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from seawall.core.clock import format_time
from seawall.core.types import FieldType, Kind, Media, Value
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
from seawall.policy.conditions.intervals import MICROS
from seawall.policy.conditions.operations import OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

_NEGATED: Mapping[str, str] = {
    "is_null": "{0} IS NOT NULL",
    "is_true": "{0} IS NOT TRUE",
    "is_false": "{0} IS NOT FALSE",
    "in": "{0} NOT IN {1}",
    "like": "{0} NOT LIKE {1} ESCAPE {2}",
    "ilike": "{0} NOT ILIKE {1} ESCAPE {2}",
    "between": "{0} NOT BETWEEN {1} AND {2}",
}

_UNSAID: Mapping[str, tuple[Value, ...]] = {
    "regexp_matches": ("",),
    "regexp_extract": (0, ""),
    "regexp_replace": ("",),
}
"""Values of the last arguments of a function that need not be written."""


def to_text(expr: Expr) -> str:
    """One node and all below it, in the language it was written in."""
    match expr:
        case Read(name=name):
            return name
        case Constant(value=value, type=type_):
            return constant_text(value, type_)
        case Call(operation="integer_to_decimal" | "rescale", args=args):
            return to_text(args[0])
        case Call():
            return _call(expr, OPERATIONS[expr.operation].text)
        case And(parts=parts):
            return " AND ".join(_part(part) for part in parts)
        case Or(parts=parts):
            return " OR ".join(_part(part) for part in parts)
        case Not(part=Call() as part) if part.operation in _NEGATED:
            return _call(part, _NEGATED[part.operation])
        case Not(part=part):
            return f"NOT {_part(part)}"
        case Case(branches=branches, default=default):
            whens = "".join(f" WHEN {to_text(when)} THEN {to_text(then)}" for when, then in branches)
            return f"CASE{whens} ELSE {to_text(default)} END"
        case Matches(text=text, bank=bank, how=how, distance=distance):
            return f"{how}({text.name}, '{bank}'{f', {distance}' if how == 'near' else ''})"
        case _:
            assert_never(expr)


def _call(expr: Call, template: str) -> str:
    args = [to_text(arg) for arg in expr.args]
    if expr.operation in _UNSAID:
        return f"{expr.operation}({', '.join(args[: _said(expr)])})"
    if expr.operation in ("like", "ilike") and expr.args[2] == Constant("", expr.args[2].type):
        template = template.removesuffix(" ESCAPE {2}")
    if "{*}" in template:
        return template.replace("{*}", ", ".join(args))
    if expr.operation == "in":
        return template.format(_part(expr.args[0]), f"({args[1][1:-1]})")
    infix = not template.endswith(")")
    return template.format(
        *(_part(arg) if infix else text for arg, text in zip(expr.args, args, strict=True))
    )


def _said(expr: Call) -> int:
    """How many arguments are not what they would be if nobody had written them."""
    said = len(expr.args)
    for value in reversed(_UNSAID[expr.operation]):
        last = expr.args[said - 1]
        if not isinstance(last, Constant) or last.value != value:
            break
        said -= 1
    return said


def _part(expr: Expr) -> str:
    """In parentheses, if what stands around it could bind stronger."""
    text = to_text(expr)
    bare = isinstance(expr, Read | Constant | Matches | Case) or (
        isinstance(expr, Call) and text.endswith((")", "]")) and " " not in text.split("(")[0]
    )
    return text if bare else f"({text})"


def shown(value: Value, type_: FieldType) -> Value:
    """A value as a trace shows it: a decimal and an interval as they would be written."""
    inside = isinstance(type_, DecimalType | IntervalType) and value is not None
    return constant_text(value, type_) if inside else value


def _interval_text(micros: int) -> str:
    """In the largest unit that leaves nothing over: `INTERVAL 10 MINUTES`."""
    unit, size = next((unit, size) for unit, size in reversed(MICROS.items()) if micros % size == 0)
    count = micros // size
    return f"INTERVAL {count} {unit.upper()}{'' if count == 1 else 'S'}"


def constant_text(value: Value, type_: FieldType) -> str:
    """A literal."""
    if value is None:
        return "NULL"
    if isinstance(value, tuple):
        return f"[{', '.join(constant_text(item, FieldType(type_.kind)) for item in value)}]"
    if isinstance(type_, IntervalType):
        assert isinstance(value, int)
        return _interval_text(value)
    if isinstance(type_, DecimalType):
        assert isinstance(value, int)
        return decimal_text(value, type_.width, type_.scale)
    match type_.kind:
        case Kind.BOOLEAN:
            return "TRUE" if value else "FALSE"
        case Kind.TIMESTAMP:
            assert isinstance(value, int)
            return f"TIMESTAMP '{format_time(value)[:-1].replace('T', ' ').removesuffix('.000000')}'"
        case Kind.INTEGER | Kind.NUMBER:
            return repr(value)
        case Kind.STRING | Kind.HASH | Kind.MEDIA:
            assert not isinstance(value, Media)
            return "'" + str(value).replace("'", "''") + "'"
        case _:
            assert_never(type_.kind)
