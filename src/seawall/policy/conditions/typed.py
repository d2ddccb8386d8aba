"""A part of a condition whose type is known, and what may be done to make two of them agree."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from seawall.core.types import FieldType, Kind
from seawall.policy.conditions.expr import Call, Constant, Expr, IntervalType

if TYPE_CHECKING:
    from decimal import Decimal

    from seawall.policy.conditions.syntax import Place

NUMERIC = (Kind.INTEGER, Kind.NUMBER)
BOOLEAN, INTEGER, NUMBER = FieldType(Kind.BOOLEAN), FieldType(Kind.INTEGER), FieldType(Kind.NUMBER)
TEXT, TIMESTAMP = FieldType(Kind.STRING), FieldType(Kind.TIMESTAMP)


@dataclass(frozen=True, slots=True)
class Typed:
    """An expression, where it stands, and what DuckDB would make of it that our types do not say.

    Attributes:
        expr: a Constant with a NULL of no particular type if `bare_null`.
        decimal: the exact value of a literal with a decimal point.
        narrow: built of literals alone, so that DuckDB computes it in 32 bits, or in DECIMAL if `is_decimal`.
        months: of an interval as it was written, those of its months and years.
    """

    expr: Expr
    at: Place
    bare_null: bool = False
    decimal: Decimal | None = None
    narrow: bool = False
    is_decimal: bool = False
    months: int = 0

    @property
    def type(self) -> FieldType:
        """The type of the expression."""
        return self.expr.type

    @property
    def kind(self) -> Kind:
        """The scalar type, of the elements if it is a list."""
        return self.expr.type.kind

    @property
    def is_scalar_number(self) -> bool:
        """Whether arithmetic can be done with it."""
        return not self.type.is_list and self.kind in NUMERIC and not isinstance(self.type, IntervalType)


def plain(type_: FieldType) -> FieldType:
    """A type without its nullability, and a hash as the text it is."""
    if isinstance(type_, IntervalType):
        return type_
    kind = Kind.STRING if type_.kind is Kind.HASH else type_.kind
    return FieldType(kind, is_list=type_.is_list)


def as_number(part: Typed) -> Typed:
    """An integer as the double next to it."""
    if part.kind is Kind.NUMBER:
        return part
    if isinstance(part.expr, Constant):
        value = part.expr.value
        return replace(part, expr=Constant(None if value is None else float(value), NUMBER))  # type: ignore[arg-type]
    return replace(part, expr=Call("integer_to_number", (part.expr,), NUMBER))


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
