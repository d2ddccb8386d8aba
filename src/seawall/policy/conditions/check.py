"""Syntax to typed expressions: names are looked up, types agree, and every fault is collected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seawall.policy.conditions import (
    check_calls,
    check_choices,
    check_comparisons,
    check_moments,
    check_values,
    syntax,
)
from seawall.policy.conditions.checker import Checker
from seawall.policy.conditions.expr import And, Or
from seawall.policy.conditions.typed import Typed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from seawall.policy.conditions.expr import Expr
    from seawall.policy.conditions.model import Scope
    from seawall.policy.conditions.syntax import Syntax


def check(tree: Syntax, scope: Scope, path: tuple[str, ...] = ()) -> tuple[Expr | None, Checker]:
    """Type a condition. The expression is None if there is any fault.

    Args:
        tree: as it was written.
        scope: what it may name.
        path: the definition whose condition it is, if it is one's.
    """
    checker = Checker(scope, _TYPED_BY, path=path)
    found = checker.boolean(tree, "a condition")
    return (found.expr if found and not checker.faults else None), checker


def connective(checker: Checker, tree: syntax.Connective) -> Typed | None:
    """AND or OR over parts that are true or false; a chain of one of them is one node."""
    word = tree.operator.upper()
    parts = [checker.boolean(part, f"each side of {word}") for part in tree.parts]
    known = [part.expr for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    node = And if tree.operator == "and" else Or
    flat = [
        inner
        for part in parts
        if part is not None
        for inner in (part.expr.parts if isinstance(part.expr, node) and not part.named else (part.expr,))
    ]
    return Typed(node(tuple(flat)), tree.at)


_TYPED_BY: Mapping[type[Syntax], Callable[[Checker, Any], Typed | None]] = {
    syntax.Name: check_values.name,
    syntax.Number: check_values.number_literal,
    syntax.Text: check_values.text_literal,
    syntax.Word: check_values.word,
    syntax.Moment: check_values.moment,
    syntax.Interval: check_moments.interval,
    syntax.Listed: check_moments.listed,
    syntax.Unary: check_values.unary,
    syntax.Binary: check_values.binary,
    syntax.Cast: check_values.cast,
    syntax.Index: check_values.index,
    syntax.Connective: connective,
    syntax.Is: check_comparisons.truth_test,
    syntax.In: check_comparisons.member,
    syntax.Between: check_comparisons.between,
    syntax.Like: check_comparisons.like,
    syntax.Choice: check_choices.choice,
    syntax.Function: check_calls.function,
}
