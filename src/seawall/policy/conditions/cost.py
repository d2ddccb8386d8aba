"""What it costs to look at a part of a condition, so that cheap parts come first."""

from __future__ import annotations

from typing import assert_never

from seawall.policy.conditions.expr import And, Call, Case, Constant, Expr, Matches, Not, Or, Read, children
from seawall.policy.conditions.operations import OPERATIONS

_BANK_US = 3.0
_NEAR_US = 40.0
_CONNECTIVE_US = 0.05


def cost_of(expr: Expr) -> float:
    """Microseconds, roughly, once its signals have been bought."""
    inner = sum(cost_of(child) for child in children(expr))
    match expr:
        case Read() | Constant():
            return 0.0
        case Call(operation=operation):
            return OPERATIONS[operation].cost_us + inner
        case Matches(how=how):
            return _NEAR_US if how == "near" else _BANK_US
        case And() | Or() | Not() | Case():
            return _CONNECTIVE_US + inner
        case _:
            assert_never(expr)
