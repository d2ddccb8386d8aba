"""The text of a condition to its compiled form, or every fault at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.core.errors import ConditionError
from seawall.policy.conditions.always import always
from seawall.policy.conditions.check import check
from seawall.policy.conditions.expr import Expr, reads_of, signals_of
from seawall.policy.conditions.fault import Fault, Refused, locate
from seawall.policy.conditions.model import Condition, Scope
from seawall.policy.conditions.parse import parse

if TYPE_CHECKING:
    from seawall.core.diagnostic import Span


def compile_condition(text: str, scope: Scope, *, at: Span, path: tuple[str, ...] = ()) -> Condition:
    """Read, type and check a condition.

    Args:
        text: a SQL boolean expression; it may have several lines, each of which begins at the column of `at`.
        scope: the columns and banks it may name.
        at: where its first character stands.
        path: the name of the definition whose condition it is, if it is one's.

    Raises:
        ConditionError: with a diagnostic for every fault.
    """
    names, definitions = dict[Expr, str](), tuple[str, ...]()
    try:
        expr, checker = check(parse(text), scope, path)
        faults, names, definitions = checker.faults, checker.names, tuple(sorted(checker.defined))
    except Refused as refused:
        expr, faults = None, [refused.fault]
    except RecursionError:
        expr, faults = (
            None,
            [Fault(0, 1, "too-deep", "the condition nests too deeply", "split it into several")],
        )
    if expr is None:
        raise ConditionError(
            diagnostics=sorted({locate(fault, text, at) for fault in faults}, key=lambda each: each.span)
        )
    return Condition(
        text=text,
        expr=expr,
        at=at,
        reads=reads_of(expr),
        signals=signals_of(expr),
        names=tuple(names.items()),
        definitions=definitions,
        always=always(expr, scope.columns),
    )
