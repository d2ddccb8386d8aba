"""Typing of what gives a value: names, literals, signs, arithmetic, casts and elements of lists."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from seawall.core.types import FieldType, Kind
from seawall.policy.conditions import syntax
from seawall.policy.conditions.arithmetic import HIGHEST, LOWEST
from seawall.policy.conditions.check_comparisons import SIGNS, comparison, too_wide
from seawall.policy.conditions.check_definitions import defined
from seawall.policy.conditions.check_moments import shifted, shifts
from seawall.policy.conditions.decimals import common, literal_of, product_type, sum_type
from seawall.policy.conditions.expr import INTERVAL, Call, Constant, DecimalType, Not, Read
from seawall.policy.conditions.moments import parse_moment
from seawall.policy.conditions.operations import OPERATIONS
from seawall.policy.conditions.typed import (
    BOOLEAN,
    INTEGER,
    NUMBER,
    TEXT,
    TIMESTAMP,
    Typed,
    as_decimal,
    as_number,
    named,
    plain,
    to_scale,
)
from seawall.policy.near import did_you_mean

if TYPE_CHECKING:
    from seawall.policy.conditions.checker import Checker
    from seawall.policy.conditions.syntax import Place

_INT32 = 2**31
_MAX_DIGITS = 100

_INTEGER_SIGNS = {
    "+": "add_integers",
    "-": "subtract_integers",
    "*": "multiply_integers",
    "//": "quotient",
    "%": "remainder",
}
_NUMBER_SIGNS = {
    "+": "add_numbers",
    "-": "subtract_numbers",
    "*": "multiply_numbers",
    "/": "divide",
    "%": "remainder_of_numbers",
}
_DECIMAL_SIGNS = {
    "+": "add_decimals",
    "-": "subtract_decimals",
    "*": "multiply_decimals",
    "%": "remainder_of_decimals",
}
_DECIMAL_TYPES = {"+": sum_type, "-": sum_type, "*": product_type, "%": common}
_TARGETS = {
    **dict.fromkeys(("bigint", "int8", "long", "int64"), INTEGER),
    **dict.fromkeys(("double", "float8", "double precision"), NUMBER),
    **dict.fromkeys(("varchar", "text", "string", "char", "bpchar"), TEXT),
    **dict.fromkeys(("boolean", "bool", "logical"), BOOLEAN),
    **dict.fromkeys(("timestamp", "datetime"), TIMESTAMP),
}
_CASTS = {
    (Kind.INTEGER, Kind.NUMBER): "integer_to_number",
    (Kind.NUMBER, Kind.INTEGER): "number_to_integer",
    (Kind.BOOLEAN, Kind.INTEGER): "boolean_to_integer",
    (Kind.INTEGER, Kind.BOOLEAN): "integer_to_boolean",
    (Kind.NUMBER, Kind.BOOLEAN): "number_to_boolean",
    (Kind.INTEGER, Kind.STRING): "integer_to_text",
    (Kind.NUMBER, Kind.STRING): "number_to_text",
    (Kind.BOOLEAN, Kind.STRING): "boolean_to_text",
}


def name(checker: Checker, tree: syntax.Name) -> Typed | None:
    """A column, by its name in any case."""
    column = checker.scope.columns.get(tree.name)
    if column is None:
        folded = [name for name in checker.scope.columns if name.lower() == tree.name.lower()]
        if len(folded) == 1:
            column = checker.scope.columns[folded[0]]
    definition = checker.scope.definitions.get(tree.name) if column is None else None
    if definition is not None:
        return defined(checker, tree, definition)
    if column is None:
        hint = did_you_mean(tree.name, (*checker.scope.columns, *checker.scope.definitions))
        if tree.quoted:
            hint = "a text stands in single quotes: '" + tree.name.replace("'", "''") + "'"
        checker.fault(tree.at, "unknown-name", f"there is no field, feature or signal {tree.name!r}", hint)
        return None
    return Typed(Read(column.name, plain(column.type), signal=column.source == "signal"), tree.at)


def _number(checker: Checker, at: Place, text: str) -> Typed | None:
    digits = text.replace("_", "")
    if text.endswith("_") or "__" in text or "_." in text or "._" in text:
        checker.fault(at, "syntax", "an underscore stands between two digits", f"write {digits}")
        return None
    if len(digits) > _MAX_DIGITS:
        checker.fault(at, "number-range", f"a number has at most {_MAX_DIGITS} digits")
        return None
    if digits.lstrip("-").isdigit():
        value = int(digits)
        if not LOWEST <= value <= HIGHEST:
            hint = f"write {float(value)!r} to compare with a double"
            checker.fault(at, "integer-range", f"{digits[:24]} does not fit into 64 bits", hint)
            return None
        return Typed(Constant(value, INTEGER), at, narrow=-_INT32 <= value < _INT32)
    exact = None if "e" in digits.lower() else literal_of(digits)
    if exact is not None:
        return Typed(Constant(*exact), at)
    value = float(digits)
    if not math.isfinite(value):
        checker.fault(at, "number-range", f"{digits[:24]} is too large for a double")
        return None
    return Typed(Constant(value, NUMBER), at)


def number_literal(checker: Checker, tree: syntax.Number) -> Typed | None:
    """A number without sign."""
    return _number(checker, tree.at, tree.text)


def text_literal(_: Checker, tree: syntax.Text) -> Typed:
    """A text in single quotes."""
    return Typed(Constant(tree.text, TEXT), tree.at)


def word(_: Checker, tree: syntax.Word) -> Typed:
    """TRUE, FALSE, or a NULL that takes its type from what it stands beside."""
    if tree.word == "null":
        return Typed(Constant(None, TEXT), tree.at, bare_null=True)
    return Typed(Constant(tree.word == "true", BOOLEAN), tree.at)


def moment(checker: Checker, tree: syntax.Moment) -> Typed | None:
    """TIMESTAMP '...'."""
    try:
        return Typed(Constant(parse_moment(tree.text), TIMESTAMP), tree.at)
    except ValueError as failure:
        checker.fault(tree.at, "bad-timestamp", f"{tree.text!r} is no timestamp", str(failure))
        return None


def unary(checker: Checker, tree: syntax.Unary) -> Typed | None:
    """NOT, or a sign."""
    if tree.operator == "not":
        part = checker.boolean(tree.part, "what NOT turns round")
        return part and Typed(Not(part.expr), tree.at)
    if isinstance(tree.part, syntax.Number):
        sign = "-" if tree.operator == "-" else ""
        return _number(checker, tree.at, sign + tree.part.text)
    part = checker.value(tree.part, f"{tree.operator} of")
    if part is None:
        return None
    if not part.is_scalar_number:
        checker.fault(part.at, "type-mismatch", f"a sign needs a number, but this is {named(part)}")
        return None
    if tree.operator == "+":
        return replace(part, at=tree.at)
    if part.narrow:
        return _narrow(checker, tree.at)
    operation = "negate_integer" if part.kind is Kind.INTEGER else "negate_number"
    if part.is_decimal:
        operation = "negate_decimal"
    return Typed(Call(operation, (part.expr,), plain(part.type)), tree.at)


def _narrow(checker: Checker, at: Place) -> None:
    message = "DuckDB computes this in a narrow type, since nothing in it but literals says otherwise"
    checker.fault(
        at, "literal-arithmetic", message, "write the result, or cast one literal: 1::BIGINT, 0.5::DOUBLE"
    )


def binary(checker: Checker, tree: syntax.Binary) -> Typed | None:
    """A comparison, arithmetic, or the joining of texts."""
    if tree.operator in SIGNS:
        return comparison(checker, tree)
    left, right = (
        checker.value(tree.left, f"{tree.operator} with"),
        checker.value(tree.right, f"{tree.operator} with"),
    )
    if left is None or right is None:
        return None
    if tree.operator == "||":
        return _join(checker, tree, left, right)
    return _arithmetic(checker, tree, left, right)


def _join(checker: Checker, tree: syntax.Binary, left: Typed, right: Typed) -> Typed | None:
    for part in (left, right):
        if plain(part.type) != TEXT:
            checker.fault(
                part.at,
                "type-mismatch",
                f"|| joins texts, but this is {named(part)}",
                "cast it: ::VARCHAR",
            )
            return None
    return Typed(Call("join", (left.expr, right.expr), TEXT), tree.at)


def _arithmetic(checker: Checker, tree: syntax.Binary, left: Typed, right: Typed) -> Typed | None:
    if shifts(left, right):
        return shifted(checker, tree, left, right)
    for part in (left, right):
        if not part.is_scalar_number:
            message = f"{tree.operator} computes with numbers, but this is {named(part)}"
            checker.fault(part.at, "type-mismatch", message)
            return None
    if tree.operator == "/":
        operation, type_ = "divide", NUMBER
    elif left.kind is Kind.INTEGER and right.kind is Kind.INTEGER:
        if left.narrow and right.narrow:
            return _fold(checker, tree, left, right)
        operation, type_ = _INTEGER_SIGNS[tree.operator], INTEGER
    elif tree.operator == "//":
        checker.fault(tree.at, "type-mismatch", "// divides integers", "cast to BIGINT first, or write /")
        return None
    elif NUMBER not in (plain(left.type), plain(right.type)):
        return _decimal_arithmetic(checker, tree, left, right)
    else:
        operation, type_ = _NUMBER_SIGNS[tree.operator], NUMBER
    args = (left.expr, right.expr) if type_ == INTEGER else (as_number(left).expr, as_number(right).expr)
    return Typed(Call(operation, args, type_), tree.at)


def _decimal_arithmetic(checker: Checker, tree: syntax.Binary, left: Typed, right: Typed) -> Typed | None:
    """A decimal beside a decimal or an integer, in digits that DuckDB's type of the result holds."""
    for part in (left, right):
        if part.narrow and not isinstance(part.expr, Constant):
            return _narrow(checker, part.at)
    one, other = as_decimal(left), as_decimal(right)
    first, second = one.type, other.type
    assert isinstance(first, DecimalType)
    assert isinstance(second, DecimalType)
    type_ = _DECIMAL_TYPES[tree.operator](first, second)
    if type_ is None:
        too_wide(checker, tree.at)
        return None
    operation = _DECIMAL_SIGNS[tree.operator]
    if tree.operator == "*":
        args = (one.expr, other.expr, Constant(type_.width, INTEGER))
    else:
        args = (to_scale(one, type_.scale), to_scale(other, type_.scale))
    return Typed(Call(operation, args, type_), tree.at)


def _fold(checker: Checker, tree: syntax.Binary, left: Typed, right: Typed) -> Typed | None:
    """Literals alone: computed here, if 32 bits hold the result as they must in DuckDB."""
    both = (left.expr, right.expr)
    if not all(isinstance(part, Constant) and isinstance(part.value, int) for part in both):
        return _narrow(checker, tree.at)
    value = OPERATIONS[_INTEGER_SIGNS[tree.operator]].bind(())(*(part.value for part in both))  # type: ignore[union-attr]
    if not isinstance(value, int) or not -_INT32 <= value < _INT32:
        return _narrow(checker, tree.at)
    return Typed(Constant(value, INTEGER), tree.at, narrow=True)


def cast(checker: Checker, tree: syntax.Cast) -> Typed | None:
    """A cast that DuckDB and we do alike; one to the type it has already is nothing."""
    part, target = checker.typed(tree.part), _TARGETS.get(tree.target)
    if target is None:
        near = {
            "int": "BIGINT",
            "integer": "BIGINT",
            "float": "DOUBLE",
            "real": "DOUBLE",
            "decimal": "DOUBLE",
        }
        hint = f"write {near[tree.target]}" if tree.target in near else "BIGINT, DOUBLE, VARCHAR or BOOLEAN"
        checker.fault(tree.target_at, "unknown-type", f"there is no type {tree.target.upper()} here", hint)
    if part is None or target is None:
        return None
    if part.bare_null:
        return Typed(Constant(None, target), tree.at)
    if plain(part.type) == target:
        return Typed(part.expr, tree.at)
    if isinstance(part.expr, Constant) and part.kind is Kind.INTEGER and target == NUMBER:
        return Typed(as_number(part).expr, tree.at)
    if part.is_decimal and target != TIMESTAMP:
        return _cast_decimal(part, target, tree.at)
    scalar = not part.type.is_list and part.type != INTERVAL
    operation = None if not scalar else _CASTS.get((plain(part.type).kind, target.kind))
    if operation is None:
        checker.fault(tree.at, "bad-cast", f"{named(part)} cannot be cast to {target.kind} exactly")
        return None
    return Typed(Call(operation, (part.expr,), target), tree.at)


def _cast_decimal(part: Typed, target: FieldType, at: Place) -> Typed:
    type_ = part.type
    assert isinstance(type_, DecimalType)
    if target == NUMBER:
        return Typed(as_number(part).expr, at)
    width, scale = Constant(type_.width, INTEGER), Constant(type_.scale, INTEGER)
    behind = {Kind.INTEGER: (scale,), Kind.STRING: (width, scale)}.get(target.kind, ())
    name = {Kind.INTEGER: "integer", Kind.STRING: "text"}.get(target.kind, "boolean")
    return Typed(Call(f"decimal_to_{name}", (part.expr, *behind), target), at)


def index(checker: Checker, tree: syntax.Index) -> Typed | None:
    """An element of a list."""
    part, position = checker.value(tree.part, "an element of"), checker.value(tree.position, "the position")
    if part is None or position is None:
        return None
    if not part.type.is_list or plain(position.type) != INTEGER or isinstance(part.expr, Constant):
        checker.fault(
            tree.at,
            "type-mismatch",
            f"{named(part)} has no element at {named(position)}",
            "use substr for texts",
        )
        return None
    return Typed(Call("element", (part.expr, position.expr), FieldType(plain(part.type).kind)), tree.at)
