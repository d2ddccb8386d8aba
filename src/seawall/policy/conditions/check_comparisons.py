"""Typing of what compares: signs, IS, IN, BETWEEN and LIKE."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from seawall.core.types import FieldType, Kind
from seawall.policy.conditions import syntax
from seawall.policy.conditions.arithmetic import HIGHEST, LOWEST
from seawall.policy.conditions.decimals import WIDEST, common, decimal_type
from seawall.policy.conditions.expr import INTERVAL, And, Call, Constant, Expr, Not
from seawall.policy.conditions.likes import pieces_of
from seawall.policy.conditions.typed import (
    BOOLEAN,
    INTEGER,
    NUMBER,
    NUMERIC,
    TEXT,
    Typed,
    as_common_decimals,
    as_number,
    named,
    plain,
)

if TYPE_CHECKING:
    from seawall.policy.conditions.checker import Checker
    from seawall.policy.conditions.syntax import Place, Syntax

SIGNS = {
    "=": "equal",
    "<>": "unequal",
    "<": "less",
    "<=": "at_most",
    ">": "greater",
    ">=": "at_least",
    "distinct": "distinct",
    "not distinct": "not_distinct",
}
_MIRRORED = {"less": "greater", "at_most": "at_least", "greater": "less", "at_least": "at_most"}


def comparison(checker: Checker, tree: syntax.Binary) -> Typed | None:
    """Two values of one type and a sign between them."""
    what = "a comparison with"
    left, right = checker.value(tree.left, what), checker.value(tree.right, what)
    if left is None or right is None:
        return None
    return _compare(checker, SIGNS[tree.operator], left, right, tree.at)


def _compare(checker: Checker, operation: str, left: Typed, right: Typed, at: Place) -> Typed | None:
    one, other = _whole_sides(checker, operation, left, right)
    pair = one and other and agree(checker, one, other)
    if pair is None:
        return None
    if pair[0].type.is_list:
        checker.fault(
            at, "type-mismatch", "lists cannot be compared", "use list_contains, len or list[position]"
        )
        return None
    return Typed(Call(operation, (pair[0].expr, pair[1].expr), BOOLEAN), at)


def _whole_sides(
    checker: Checker, operation: str, left: Typed, right: Typed
) -> tuple[Typed | None, Typed | None]:
    """Both sides, a decimal beside an integer having become one."""
    if left.kind is Kind.INTEGER and right.decimal is not None:
        return left, _whole(checker, operation, right)
    if right.kind is Kind.INTEGER and left.decimal is not None:
        return _whole(checker, _MIRRORED.get(operation, operation), left), right
    return left, right


def _whole(checker: Checker, operation: str, part: Typed) -> Typed | None:
    """A decimal literal that an integer is compared with, as the integer that gives the same answers."""
    exact = part.decimal
    assert exact is not None
    if common(decimal_type(19, 0), part.type) is None:  # type: ignore[arg-type]  a decimal, since it is exact
        too_wide(checker, part.at)
        return None
    whole = math.floor(exact) if operation in ("at_most", "greater") else math.ceil(exact)
    if operation not in ("less", "at_most", "greater", "at_least") and whole != exact:
        checker.fault(part.at, "never-equal", f"an integer is never {exact}", "cast the integer: ::DOUBLE")
        return None
    if not LOWEST <= whole <= HIGHEST:
        checker.fault(
            part.at,
            "integer-range",
            f"{exact} does not fit into 64 bits",
            f"write {float(exact)!r}::DOUBLE",
        )
        return None
    return Typed(Constant(whole, INTEGER), part.at)


def agree(checker: Checker, left: Typed, right: Typed) -> tuple[Typed, Typed] | None:
    """Two parts of one type, an integer beside a double becoming one; or a fault."""
    if plain(left.type) == plain(right.type):
        return left, right
    if left.is_scalar_number and right.is_scalar_number:
        if NUMBER in (plain(left.type), plain(right.type)):
            return as_number(left), as_number(right)
        pair = as_common_decimals((left, right))
        if pair is None:
            too_wide(checker, right.at)
            return None
        return pair[0], pair[1]
    checker.fault(
        right.at,
        "type-mismatch",
        f"{named(left)} and {named(right)} cannot be compared",
        _mend(left, right),
    )
    return None


def too_wide(checker: Checker, at: Place) -> None:
    """No DECIMAL holds what is computed."""
    message = f"this needs more than the {WIDEST} digits of a DECIMAL"
    checker.fault(at, "decimal-arithmetic", message, "cast it: ::DOUBLE")


def truth_test(checker: Checker, tree: syntax.Is) -> Typed | None:
    """IS [NOT] NULL, TRUE or FALSE: never NULL itself."""
    if tree.word == "null":
        part = checker.typed(tree.part)
    else:
        part = checker.boolean(tree.part, f"what IS {tree.word.upper()} asks about")
    if part is None:
        return None
    found = Call(f"is_{tree.word}", (part.expr,), BOOLEAN)
    return Typed(Not(found) if tree.negated else found, tree.at)


def member(checker: Checker, tree: syntax.In) -> Typed | None:
    """IN over a list of literals."""
    part = checker.value(tree.part, "IN of")
    if not tree.items:
        checker.fault(tree.at, "empty-list", "an empty list holds nothing", "write FALSE, or the values")
        return None
    items = [_item(checker, item, part) for item in tree.items]
    if part is None or any(item is None for item in items):
        return None
    if part.is_decimal:
        message = "IN does not look for decimals"
        checker.fault(part.at, "decimal-arithmetic", message, "cast it: ::DOUBLE, or compare with =")
        return None
    if any(item.kind is Kind.NUMBER for item in items if item) and part.kind is Kind.INTEGER:
        checker.fault(
            part.at, "type-mismatch", "an integer beside doubles in a list", "cast the integer: ::DOUBLE"
        )
        return None
    values = dict.fromkeys(
        _value(as_number(item) if part.kind is Kind.NUMBER else item) for item in items if item
    )
    listed = Constant(tuple(values), FieldType(plain(part.type).kind, is_list=True))  # type: ignore[arg-type]
    found = Call("in", (part.expr, listed), BOOLEAN)
    return Typed(Not(found) if tree.negated else found, tree.at)


def _item(checker: Checker, tree: Syntax, part: Typed | None) -> Typed | None:
    item = checker.typed(tree)
    if item is None or part is None:
        return None
    if item.bare_null:
        checker.fault(
            item.at,
            "null-literal",
            "IN with NULL is never FALSE",
            "take NULL out; ask for it with IS NULL",
        )
        return None
    if not isinstance(item.expr, Constant):
        checker.fault(
            item.at, "not-a-literal", "IN takes literals", "compare with = and OR, or use list_contains"
        )
        return None
    if part.kind is Kind.INTEGER and item.decimal is not None:
        return _whole(checker, "equal", item)
    agreed = agree(checker, part, item)
    return item if agreed else None


def between(checker: Checker, tree: syntax.Between) -> Typed | None:
    """Both bounds at once, where both compare in the same type."""
    part, low, high = (checker.value(side, "BETWEEN with") for side in (tree.part, tree.low, tree.high))
    if part is None or low is None or high is None:
        return None
    above = _compare(checker, "at_least", part, low, tree.at)
    below = _compare(checker, "at_most", part, high, tree.at)
    if above is None or below is None:
        return None
    match above.expr, below.expr:
        case Call(args=(first, bottom)), Call(args=(second, top)) if first == second:
            found: Expr = Call("between", (first, bottom, top), BOOLEAN)
        case _:  # the part compares as an integer with one bound and as a double with the other
            found = And((above.expr, below.expr))
    return Typed(Not(found) if tree.negated else found, tree.at)


def like(checker: Checker, tree: syntax.Like) -> Typed | None:
    """LIKE or ILIKE with a pattern that is known now."""
    part = checker.value(tree.part, f"{tree.operator.upper()} of")
    pattern = literal_text(checker, tree.pattern, "a pattern")
    escape = "" if tree.escape is None else literal_text(checker, tree.escape, "an escape character")
    if part is None or pattern is None or escape is None:
        return None
    if plain(part.type) != TEXT:
        checker.fault(
            part.at,
            "type-mismatch",
            f"{tree.operator.upper()} looks at a text, but this is {named(part)}",
        )
        return None
    if len(escape) > 1 or (escape in ("%", "_") and escape) or escape.isalnum():
        at = tree.escape.at if tree.escape else tree.at
        checker.fault(
            at, "bad-pattern", "an escape is one character, no letter, digit, % or _", "write ESCAPE '!'"
        )
        return None
    try:
        pieces_of(pattern, escape)
    except ValueError as failure:
        checker.fault(tree.pattern.at, "bad-pattern", str(failure), f"write it twice: {escape}{escape}")
        return None
    args = (part.expr, Constant(pattern, TEXT), Constant(escape, TEXT))
    found = Call(tree.operator, args, BOOLEAN)
    return Typed(Not(found) if tree.negated else found, tree.at)


def literal_text(checker: Checker, tree: Syntax, what: str) -> str | None:
    """A text in single quotes, where nothing else can stand."""
    if isinstance(tree, syntax.Text):
        return tree.text
    if checker.typed(tree) is not None:
        checker.fault(
            tree.at, "not-a-literal", f"{what} is a text in single quotes", "use contains(text, part)"
        )
    return None


def _value(part: Typed) -> object:
    assert isinstance(part.expr, Constant)
    return part.expr.value


def _mend(left: Typed, right: Typed) -> str | None:
    kinds = {plain(left.type).kind, plain(right.type).kind}
    if INTERVAL in (left.type, right.type):
        return "compare it with an interval: INTERVAL 10 MINUTES"
    if Kind.TIMESTAMP in kinds and Kind.STRING in kinds:
        return "write TIMESTAMP '2026-01-31 00:00:00'"
    if Kind.STRING in kinds and kinds & set(NUMERIC):
        return "a text in quotes is no number: drop the quotes, or cast the number: ::VARCHAR"
    return None
