"""A condition as a column program reads it: NOT pushed to the leaves, and leaves of two kinds.

A *vector* leaf is numbers, truths and times, or a text against constants: looked at for all rows at once. Any
other leaf is *lazy*: looked at only for rows that everything cheaper has left standing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from seawall.core.columns import DTYPES
from seawall.core.types import Kind
from seawall.decide.column_vector import VECTOR_FORMS
from seawall.policy.conditions.cost import cost_of
from seawall.policy.conditions.expr import (
    And,
    Call,
    Case,
    Constant,
    DecimalType,
    Expr,
    Matches,
    Not,
    Or,
    Read,
    children,
    signals_of,
)
from seawall.policy.conditions.intervals import MICROS
from seawall.policy.conditions.likes import pieces_of
from seawall.policy.conditions.strings import lower

if TYPE_CHECKING:
    from collections.abc import Sequence

TEXTS = (Kind.STRING, Kind.HASH)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A part that is looked at as a whole, and the truth that is asked of it."""

    expr: Expr
    wanted: bool


@dataclass(frozen=True, slots=True)
class Every:
    """Holds where every part does."""

    parts: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """Holds where one part does."""

    parts: tuple[Tree, ...]


Tree: TypeAlias = Leaf | Every | Some


def tree_of(expr: Expr, *, wanted: bool = True) -> Tree:
    """The tree that holds where an expression is what is wanted."""
    match expr:
        case Not(part=part):
            return tree_of(part, wanted=not wanted)
        case And(parts=parts) | Or(parts=parts):
            node = Every if isinstance(expr, And) is wanted else Some
            found: dict[Tree, None] = {}
            for part in parts:
                tree = tree_of(part, wanted=wanted)
                found.update(dict.fromkeys(tree.parts if isinstance(tree, node) else (tree,)))
            return next(iter(found)) if len(found) == 1 else node(tuple(found))
        case Call(operation="between", args=(Read() as about, Constant() as low, Constant() as high)):
            bounds = (Call("at_least", (about, low), expr.type), Call("at_most", (about, high), expr.type))
            return tree_of(And(bounds), wanted=wanted)
        case _:
            return Leaf(expr, wanted)


def is_vector(tree: Tree) -> bool:
    """Whether all of it is looked at for all rows at once."""
    if isinstance(tree, Leaf):
        expr = tree.expr
        return is_vector_expr(expr) or text_test_of(expr) is not None or member_test_of(expr) is not None
    return all(is_vector(part) for part in tree.parts)


def is_vector_expr(expr: Expr) -> bool:
    """Whether vector operations give the value of an expression."""
    match expr:
        case Read(type=type_):
            return type_.kind in DTYPES and not type_.is_list
        case Constant(type=type_):
            return type_.kind in DTYPES and not type_.is_list and not isinstance(type_, DecimalType)
        case Call(operation="is_null", args=(Read(),)):
            return True
        case Call(operation="len", args=(Read(type=type_),)):
            return type_.is_list
        case Call(operation="in", args=(about, Constant(value=tuple()))):
            return is_vector_expr(about)
        case Call(operation="date_diff", args=(Constant(value=unit), start, end)):
            return unit in MICROS and is_vector_expr(start) and is_vector_expr(end)
        case Call(operation=operation, args=args):
            return operation in VECTOR_FORMS and all(is_vector_expr(arg) for arg in args)
        case Matches():
            return False
        case And() | Or() | Not() | Case():
            return all(is_vector_expr(part) for part in children(expr))


def text_test_of(expr: Expr) -> tuple[str, tuple[str, ...], bool] | None:
    """(column, texts, negated) of a test whether a text column equals one of some constants."""
    match expr:
        case Call(
            operation="equal" | "unequal" as operation, args=(Read() as read, Constant(value=str() as text))
        ):
            return _text_test(read, (text,), negated=operation == "unequal")
        case Call(
            operation="equal" | "unequal" as operation, args=(Constant(value=str() as text), Read() as read)
        ):
            return _text_test(read, (text,), negated=operation == "unequal")
        case Call(operation="in", args=(Read() as read, Constant(value=tuple() as texts))):
            return _text_test(read, tuple(str(text) for text in texts), negated=False)
        case _:
            return None


def _text_test(
    read: Read, texts: tuple[str, ...], *, negated: bool
) -> tuple[str, tuple[str, ...], bool] | None:
    return (read.name, texts, negated) if read.type.kind in TEXTS and not read.type.is_list else None


def member_test_of(expr: Expr) -> tuple[str, str] | None:
    """(column, text) of a test whether a list of texts has a constant one."""
    match expr:
        case Call(operation="list_contains", args=(Read() as read, Constant(value=str() as text))):
            return (read.name, text) if read.type.kind in TEXTS else None
        case _:
            return None


def signals_in(tree: Tree) -> frozenset[str]:
    """Names of the signals it reads."""
    if isinstance(tree, Leaf):
        return frozenset(signals_of(tree.expr))
    return frozenset[str]().union(*(signals_in(part) for part in tree.parts))


def leaves_in(tree: Tree) -> Sequence[Leaf]:
    """Its leaves, left to right, as often as they occur."""
    if isinstance(tree, Leaf):
        return (tree,)
    return tuple(leaf for part in tree.parts for leaf in leaves_in(part))


def shared_form(expr: Expr) -> Expr:
    """The same meaning, written so that what several parts need stands in it as a part of its own.

    ILIKE is LIKE on the text in lower case, which other parts may want as well.
    """
    match expr:
        case Call(operation="ilike", args=(text, Constant(value=str() as pattern), escape)):
            lowered = Call("lower", (text,), text.type)
            plain = Constant(lower(pattern), expr.args[1].type)
            return shared_form(replace(expr, operation="like", args=(lowered, plain, escape)))
        case Call(
            operation="like", args=(text, Constant(value=str() as pattern), Constant(value=str() as escape))
        ):
            return _simple_like(replace(expr, args=(shared_form(text), *expr.args[1:])), pattern, escape)
        case Call(args=args):
            return replace(expr, args=tuple(shared_form(arg) for arg in args))
        case And(parts=parts) | Or(parts=parts):
            return replace(expr, parts=tuple(shared_form(part) for part in parts))
        case Not(part=part):
            return replace(expr, part=shared_form(part))
        case Case(branches=branches, default=default):
            return replace(
                expr,
                branches=tuple((shared_form(when), shared_form(then)) for when, then in branches),
                default=shared_form(default),
            )
        case Read() | Constant() | Matches():
            return expr


def _simple_like(expr: Call, pattern: str, escape: str) -> Call:
    """LIKE without `_`, and with `%` at the ends alone, is a function that Python has."""
    text, *_ = expr.args
    match pieces_of(pattern, escape):
        case [[], [*middle], []] if "" not in middle:
            operation, part = "contains", middle
        case [[*start], []] if "" not in start:
            operation, part = "starts_with", start
        case [[], [*end]] if "" not in end:
            operation, part = "ends_with", end
        case _:
            return expr
    return Call(operation, (text, Constant("".join(part), text.type)), expr.type)


def cost_in(tree: Tree) -> float:
    """Microseconds, roughly, per row."""
    if isinstance(tree, Leaf):
        return cost_of(tree.expr)
    return sum(cost_in(part) for part in tree.parts)
