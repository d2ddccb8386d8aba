"""What no SQL engine gives exactly: we compute it, and the engine reads a column of its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.policy.conditions.banks import match_column
from seawall.policy.conditions.expr import Call, Expr, Matches, children
from seawall.policy.conditions.operations import OPERATIONS
from seawall.policy.conditions.to_text import to_text

if TYPE_CHECKING:
    from collections.abc import Iterable


def is_computed(expr: Expr) -> bool:
    """Whether SQL reads a column instead of this part."""
    return isinstance(expr, Matches) or (
        isinstance(expr, Call) and OPERATIONS[expr.operation].dialect == "computed"
    )


def computed_column(expr: Expr) -> str:
    """The name of that column: the part itself, as a person would write it, or `match_column`."""
    return (
        match_column(expr.text.name, expr.bank, expr.how, expr.distance)
        if isinstance(expr, Matches)
        else to_text(expr)
    )


def computed_columns(exprs: Iterable[Expr]) -> dict[str, Expr]:
    """Every column that the expressions read in SQL beside those of the event, and the part that gives it."""
    found: dict[str, Expr] = {}
    stack = list(exprs)
    while stack:
        expr = stack.pop()
        if is_computed(expr):
            found[computed_column(expr)] = expr
        else:
            stack.extend(children(expr))
    return found
