"""The compiled form of a condition: a handful of frozen, typed nodes that every back end reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from seawall.core.types import FieldType, Kind, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seawall.policy.model import Bank

BOOLEAN = FieldType(Kind.BOOLEAN)


class IntervalType(FieldType, frozen=True):
    """The time between two moments, in microseconds. No field has it."""

    def __str__(self) -> str:
        return "interval"


class DecimalType(FieldType, frozen=True):
    """DuckDB's DECIMAL: `width` digits, `scale` of them behind the point. No field has it."""

    width: int = 1
    scale: int = 0

    def __str__(self) -> str:
        return f"decimal({self.width},{self.scale})"


INTERVAL = IntervalType(Kind.INTEGER)


@dataclass(frozen=True, slots=True)
class Read:
    """The value of a column."""

    name: str
    type: FieldType
    signal: bool = False


@dataclass(frozen=True, slots=True)
class Constant:
    """A value known when the condition was written; None is NULL."""

    value: Value
    type: FieldType


@dataclass(frozen=True, slots=True)
class Call:
    """An operation of `seawall.policy.conditions.operations` applied to values."""

    operation: str
    args: tuple[Expr, ...]
    type: FieldType


@dataclass(frozen=True, slots=True)
class And:
    """TRUE if every part is, FALSE if one is, else NULL."""

    parts: tuple[Expr, ...]
    type: FieldType = BOOLEAN


@dataclass(frozen=True, slots=True)
class Or:
    """TRUE if one part is, FALSE if every one is, else NULL."""

    parts: tuple[Expr, ...]
    type: FieldType = BOOLEAN


@dataclass(frozen=True, slots=True)
class Not:
    """TRUE becomes FALSE, FALSE becomes TRUE, NULL stays."""

    part: Expr
    type: FieldType = BOOLEAN


@dataclass(frozen=True, slots=True)
class Case:
    """The value of the first branch whose condition is TRUE, else the default."""

    branches: tuple[tuple[Expr, Expr], ...]
    default: Expr
    type: FieldType


@dataclass(frozen=True, slots=True)
class Matches:
    """Whether a text meets an entry of a bank, how many it meets, or whether a hash is near one of them.

    Two are equal if all but the bank itself is: its version stands for it.
    """

    text: Read
    bank: str
    version: str
    source: Bank = field(compare=False, repr=False)
    type: FieldType = BOOLEAN
    how: Literal["matches", "match_count", "near"] = "matches"
    distance: int = 0  # bits, of `near`


Expr = Read | Constant | Call | And | Or | Not | Case | Matches


def children(expr: Expr) -> tuple[Expr, ...]:
    """The direct parts of a node, left to right."""
    match expr:
        case Read() | Constant():
            return ()
        case Call(args=args):
            return args
        case And(parts=parts) | Or(parts=parts):
            return parts
        case Not(part=part):
            return (part,)
        case Case(branches=branches, default=default):
            return (*(part for branch in branches for part in branch), default)
        case Matches(text=text):
            return (text,)


def walk(expr: Expr) -> Iterator[Expr]:
    """Every node, parents before their parts, left to right; a shared node as often as it occurs."""
    stack = [expr]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(children(node)))


def reads_of(expr: Expr) -> tuple[str, ...]:
    """Names of the columns an expression reads, sorted."""
    return tuple(sorted({node.name for node in walk(expr) if isinstance(node, Read)}))


def signals_of(expr: Expr) -> tuple[str, ...]:
    """Names of the signals an expression reads, sorted."""
    return tuple(sorted({node.name for node in walk(expr) if isinstance(node, Read) and node.signal}))


def is_leaf(expr: Expr) -> bool:
    """Whether a boolean part is looked at as a whole: anything but AND, OR and NOT."""
    return not isinstance(expr, And | Or | Not)


def leaves(expr: Expr) -> tuple[Expr, ...]:
    """The boolean parts that AND, OR and NOT combine, each once, in the order they are written."""
    found: dict[Expr, None] = {}
    stack = [expr]
    while stack:
        node = stack.pop()
        if is_leaf(node):
            found[node] = None
        else:
            stack.extend(reversed(children(node)))
    return tuple(found)
