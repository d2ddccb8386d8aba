"""Typing of what chooses among values: CASE, COALESCE and NULLIF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.core.types import Kind
from seawall.policy.conditions import syntax
from seawall.policy.conditions.check_comparisons import agree, comparison, too_wide
from seawall.policy.conditions.expr import Call, Case, Constant, Expr
from seawall.policy.conditions.typed import (
    NUMBER,
    TEXT,
    Typed,
    as_common_decimals,
    as_null_of,
    as_number,
    plain,
)

if TYPE_CHECKING:
    from seawall.policy.conditions.checker import Checker
    from seawall.policy.conditions.syntax import Place, Syntax


def choice(checker: Checker, tree: syntax.Choice) -> Typed | None:
    """CASE: conditions, and branches of one type."""
    conditions = [_when(checker, tree.operand, when) for when, _ in tree.branches]
    results = [checker.typed(then) for _, then in tree.branches]
    results.append(
        checker.typed(tree.default) if tree.default else Typed(Constant(None, TEXT), tree.at, bare_null=True)
    )
    agreed = _common(checker, [result for result in results if result], tree.at)
    if agreed is None or None in conditions or None in results:
        return None
    whens = [when.expr for when in conditions if when]
    branches = tuple(zip(whens, (part.expr for part in agreed[:-1]), strict=True))
    found = Case(branches, agreed[-1].expr, plain(agreed[0].type))
    return _blended(found, agreed, tree.at)


def _when(checker: Checker, operand: Syntax | None, when: Syntax) -> Typed | None:
    if operand is None:
        return checker.boolean(when, "a WHEN")
    return comparison(checker, syntax.Binary(when.at, "=", operand, when))


def _blended(found: Expr, parts: list[Typed], at: Place) -> Typed:
    """A choice among literals alone is as narrow in DuckDB as they are."""
    known = [part for part in parts if not (isinstance(part.expr, Constant) and part.expr.value is None)]
    return Typed(found, at, narrow=all(part.narrow for part in known))


def _common(checker: Checker, parts: list[Typed], at: Place) -> list[Typed] | None:
    """All of one type: NULL takes it from the others, integers become doubles where one is."""
    known = [part for part in parts if not part.bare_null]
    if not known:
        checker.fault(at, "null-literal", "this is always NULL", "give one branch a value")
        return None
    if any(part.kind is Kind.MEDIA for part in known):
        checker.fault(
            at,
            "type-mismatch",
            "a media field can only be asked whether it IS NULL",
            "use a signal on it",
        )
        return None
    if not _of_fixed_length(checker, known):
        return None
    first = next((part for part in known if plain(part.type) == NUMBER), known[0])
    for part in known:
        if agree(checker, first, part) is None:
            return None
    if any(plain(part.type) == NUMBER for part in known):
        return [as_number(as_null_of(part, NUMBER)) for part in parts]
    if any(part.is_decimal for part in known):
        return _decimals(checker, parts, known)
    return [as_null_of(part, plain(first.type)) for part in parts]


def _decimals(checker: Checker, parts: list[Typed], known: list[Typed]) -> list[Typed] | None:
    agreed = as_common_decimals(known)
    if agreed is None:
        too_wide(checker, known[0].at)
        return None
    rest = iter(agreed)
    return [as_null_of(part, agreed[0].type) if part.bare_null else next(rest) for part in parts]


def _of_fixed_length(checker: Checker, parts: list[Typed]) -> bool:
    for part in parts:
        if part.months:
            message = "months and years are of no fixed length, so they cannot be chosen here"
            checker.fault(part.at, "bad-interval", message, "count in days")
            return False
    return True


def coalesce(checker: Checker, tree: syntax.Function) -> Typed | None:
    """COALESCE over values of one type."""
    args = [checker.typed(arg) for arg in tree.args]
    known = [arg for arg in args if arg is not None]
    if len(known) < len(args):
        return None
    if not known or (tree.name == "ifnull" and len(known) != 2):
        checker.fault(
            tree.at, "bad-arguments", f"{tree.name} takes {'two' if known else 'at least one'} values"
        )
        return None
    agreed = _common(checker, known, tree.at)
    if agreed is None:
        return None
    found = Call("coalesce", tuple(part.expr for part in agreed), plain(agreed[0].type))
    return _blended(found, agreed, tree.at)


def nullif(checker: Checker, tree: syntax.Function) -> Typed | None:
    """NULLIF of two values of one type."""
    args = [checker.value(arg, "NULLIF with") for arg in tree.args]
    if len(args) != 2:
        checker.fault(tree.at, "bad-arguments", "NULLIF takes two values")
        return None
    left, right = args
    pair = left and right and _of_fixed_length(checker, [left, right]) and agree(checker, left, right)
    if not pair or left is None:
        return None
    if pair[0].type.is_list or (pair[0].type != left.type and plain(pair[0].type) != plain(left.type)):
        checker.fault(tree.at, "type-mismatch", "NULLIF takes two values of one type", "cast one of them")
        return None
    found = Call("nullif", (pair[0].expr, pair[1].expr), plain(pair[0].type))
    return _blended(found, [left], tree.at)
