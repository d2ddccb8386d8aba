"""The value of one node of a compiled condition, given the values of its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seawall.policy.conditions import logic
from seawall.policy.conditions.expr import And, Call, Case, Expr, Matches, Not, Or
from seawall.policy.conditions.meetings import answer_of
from seawall.policy.conditions.operations import OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seawall.core.types import Value


def evaluate(expr: Expr, values: Sequence[Any]) -> Value:
    """One node, given the values of its parts."""
    match expr:
        case And():
            return logic.both(*values)
        case Or():
            return logic.either(*values)
        case Not():
            return logic.opposite(*values)
        case Case():
            pairs = zip(values[:-1:2], values[1::2], strict=False)
            return next((then for when, then in pairs if when is True), values[-1])
        case Matches():
            return answer_of(expr, {})(values[0])
        case Call(operation=name):
            operation = OPERATIONS[name]
            prepared = operation.prepare is not None
            return operation.bind(tuple(values[1:]))(values[0]) if prepared else operation.bind(())(*values)
        case _:
            raise AssertionError(expr)
