"""A condition and what it excepts, as one condition."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from seawall.policy.conditions.always import always
from seawall.policy.conditions.expr import And, Call, Expr, Not, Or, reads_of, signals_of
from seawall.policy.conditions.typed import BOOLEAN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seawall.policy.conditions.model import Condition, Scope


def with_exceptions(
    condition: Condition, exceptions: Sequence[tuple[str, Condition]], scope: Scope
) -> Condition:
    """TRUE where the condition is and none of the exceptions is. An exception that is NULL excepts nothing.

    Args:
        condition: what must hold.
        exceptions: what must not, each with the name that a trace shows.
        scope: what all of them were compiled against.
    """
    if not exceptions:
        return condition
    held = {_is(each.expr, wanted=True): name for name, each in exceptions}
    expr = And((condition.expr, *(Not(part) for part in held)))
    names = dict(condition.names) | {Not(part): name for part, name in held.items()}
    for _, each in exceptions:
        names |= dict(each.names)
    definitions = {name for _, each in exceptions for name in each.definitions}
    return _of(condition, expr, names, definitions, scope)


def narrowed(condition: Condition, whom: Condition, name: str, scope: Scope) -> Condition:
    """TRUE where both are; a trace shows the second by its name."""
    expr = And((whom.expr, condition.expr))
    return _of(condition, expr, dict(condition.names) | {whom.expr: name}, set(whom.definitions), scope)


def _of(
    condition: Condition, expr: Expr, names: dict[Expr, str], definitions: set[str], scope: Scope
) -> Condition:
    return msgspec.structs.replace(
        condition,
        expr=expr,
        reads=reads_of(expr),
        signals=signals_of(expr),
        names=tuple(names.items()),
        definitions=tuple(sorted({*condition.definitions, *definitions})),
        always=always(expr, scope.columns),
    )


def _is(expr: Expr, *, wanted: bool) -> Expr:
    """IS TRUE or IS FALSE, asked of the leaves, so that each of them can be open or known by itself."""
    match expr:
        case And(parts=parts) | Or(parts=parts):
            node = And if isinstance(expr, And) is wanted else Or
            return node(tuple(_is(part, wanted=wanted) for part in parts))
        case Not(part=part):
            return _is(part, wanted=not wanted)
        case _:
            return Call("is_true" if wanted else "is_false", (expr,), BOOLEAN)
