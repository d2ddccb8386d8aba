"""A part of a condition whose type is known, and what may be done to make two of them agree."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from seawall.core.types import FieldType, Kind
from seawall.policy.conditions.decimals import (
    common,
    decimal_to_number,
    decimal_type,
    rescale,
)
from seawall.policy.conditions.expr import Call, Constant, DecimalType, Expr, IntervalType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seawall.policy.conditions.syntax import Place

NUMERIC = (Kind.INTEGER, Kind.NUMBER)
BOOLEAN, INTEGER, NUMBER = FieldType(Kind.BOOLEAN), FieldType(Kind.INTEGER), FieldType(Kind.NUMBER)
TEXT, TIMESTAMP = FieldType(Kind.STRING), FieldType(Kind.TIMESTAMP)


@dataclass(frozen=True, slots=True)
class Typed:
    """An expression, where it stands, and what DuckDB would make of it that our types do not say.

    Attributes:
        expr: a Constant with a NULL of no particular type if `bare_null`.
        narrow: an integer built of literals alone, which DuckDB computes in 32 bits.
        named: it stands for the name of a definition.
        months: of an interval as it was written, those of its months and years.
    """

    expr: Expr
    at: Place
    bare_null: bool = False
    narrow: bool = False
    months: int = 0
    named: bool = False

    @property
    def type(self) -> FieldType:
        """The type of the expression."""
        return self.expr.type

    @property
    def kind(self) -> Kind:
        """The scalar type, of the elements if it is a list."""
        return self.expr.type.kind

    @property
    def decimal(self) -> Decimal | None:
        """The exact value of a literal with a decimal point."""
        type_ = self.type
        if not isinstance(type_, DecimalType) or not isinstance(self.expr, Constant):
            return None
        return None if self.expr.value is None else Decimal(self.expr.value).scaleb(-type_.scale)  # type: ignore[arg-type]

    @property
    def is_decimal(self) -> bool:
        """Whether DuckDB computes with it in DECIMAL."""
        return isinstance(self.type, DecimalType)

    @property
    def is_scalar_number(self) -> bool:
        """Whether arithmetic can be done with it."""
        return not self.type.is_list and self.kind in NUMERIC and not isinstance(self.type, IntervalType)


def plain(type_: FieldType) -> FieldType:
    """A type without its nullability, and a hash as the text it is."""
    if isinstance(type_, IntervalType | DecimalType):
        return type_
    kind = Kind.STRING if type_.kind is Kind.HASH else type_.kind
    return FieldType(kind, is_list=type_.is_list)


def as_number(part: Typed) -> Typed:
    """An integer or decimal as the double next to it."""
    if isinstance(part.type, DecimalType):
        scale = part.type.scale
        if isinstance(part.expr, Constant):
            value = decimal_to_number(part.expr.value, scale)  # type: ignore[arg-type]  digits
            return replace(part, expr=Constant(value, NUMBER))
        return replace(part, expr=Call("decimal_to_number", (part.expr, Constant(scale, INTEGER)), NUMBER))
    if part.kind is Kind.NUMBER:
        return part
    if isinstance(part.expr, Constant):
        value = part.expr.value
        return replace(part, expr=Constant(None if value is None else float(value), NUMBER))  # type: ignore[arg-type]
    return replace(part, expr=Call("integer_to_number", (part.expr,), NUMBER))


def as_decimal(part: Typed) -> Typed:
    """An integer as the decimal that DuckDB makes of it; a decimal as it is."""
    if isinstance(part.type, DecimalType):
        return part
    type_ = decimal_type(10 if part.narrow else 19, 0)
    if isinstance(part.expr, Constant):
        return replace(part, expr=Constant(part.expr.value, type_), narrow=False)
    return replace(
        part, expr=Call("integer_to_decimal", (part.expr, Constant(0, INTEGER)), type_), narrow=False
    )


def to_scale(part: Typed, scale: int) -> Expr:
    """A decimal with so many digits behind the point."""
    type_ = part.type
    assert isinstance(type_, DecimalType)
    more = scale - type_.scale
    if not more:
        return part.expr
    wider = decimal_type(type_.width + more, scale)
    if isinstance(part.expr, Constant):
        return Constant(rescale(part.expr.value, more), wider)  # type: ignore[arg-type]  digits
    return Call("rescale", (part.expr, Constant(more, INTEGER)), wider)


def as_common_decimals(parts: Sequence[Typed]) -> list[Typed] | None:
    """Integers and decimals as decimals of one type; None if no DECIMAL holds them all."""
    decimals = [as_decimal(part) for part in parts]
    held = decimals[0].type
    for part in decimals[1:]:
        assert isinstance(held, DecimalType)
        assert isinstance(part.type, DecimalType)
        held = common(held, part.type)
        if held is None:
            return None
    assert isinstance(held, DecimalType)
    return [replace(part, expr=_typed_as(to_scale(part, held.scale), held)) for part in decimals]


def _typed_as(expr: Expr, type_: DecimalType) -> Expr:
    if isinstance(expr, Constant):
        return Constant(expr.value, type_)
    return expr if expr.type == type_ else Call("rescale", (expr, Constant(0, INTEGER)), type_)


def as_numbers(part: Typed) -> Typed:
    """A written list of integers as doubles; any other list as it is."""
    if not isinstance(part.expr, Constant) or part.kind is not Kind.INTEGER:
        return part
    values = part.expr.value
    assert isinstance(values, tuple)
    doubles = tuple(float(value) for value in values)  # type: ignore[arg-type]  integers
    return replace(part, expr=Constant(doubles, FieldType(Kind.NUMBER, is_list=True)))


def as_null_of(part: Typed, type_: FieldType) -> Typed:
    """A bare NULL takes the type of what it stands beside."""
    return replace(part, expr=Constant(None, type_), bare_null=False) if part.bare_null else part


def named(part: Typed) -> str:
    """`a string`, `an integer`, `a list of string`."""
    return f"{'an' if str(part.type)[0] in 'aeiou' else 'a'} {part.type}"
