"""Typing of intervals, of sums with moments, and of what depends on where the event was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.core.types import FieldType, Kind
from seawall.policy.conditions.expr import BOOLEAN, INTERVAL, Call, Case, Constant, Expr, IntervalType, Read
from seawall.policy.conditions.intervals import MICROS_PER_MONTH
from seawall.policy.conditions.typed import INTEGER, TEXT, TIMESTAMP, Typed, as_number, named, plain

if TYPE_CHECKING:
    from seawall.policy.conditions import syntax
    from seawall.policy.conditions.checker import Checker

LOCAL = ("local_hour", "local_dayofweek")


def interval(_: Checker, tree: syntax.Interval) -> Typed:
    """INTERVAL; where it is compared, a month is 30 days, as in DuckDB."""
    micros = tree.months * MICROS_PER_MONTH + tree.micros
    return Typed(Constant(micros, INTERVAL), tree.at, months=tree.months)


def shifts(left: Typed, right: Typed) -> bool:
    """Whether a sum is one of moments and intervals, not of numbers."""
    return any(part.kind is Kind.TIMESTAMP or isinstance(part.type, IntervalType) for part in (left, right))


def shifted(checker: Checker, tree: syntax.Binary, left: Typed, right: Typed) -> Typed | None:
    """A moment moved by an interval, or the interval between two moments."""
    if tree.operator == "-" and plain(left.type) == plain(right.type) == TIMESTAMP:
        return Typed(Call("elapsed", (left.expr, right.expr), INTERVAL), tree.at)
    moment, by = (right, left) if tree.operator == "+" and left.type == INTERVAL else (left, right)
    if tree.operator not in "+-" or plain(moment.type) != TIMESTAMP or by.type != INTERVAL:
        message = f"{tree.operator} does not go with {named(left)} and {named(right)}"
        hint = "add an interval to a timestamp, or subtract two timestamps"
        checker.fault(tree.at, "type-mismatch", message, hint)
        return None
    found, micros = moment.expr, by.expr
    if by.months:
        assert isinstance(by.expr, Constant)
        assert isinstance(by.expr.value, int)
        micros = Constant(by.expr.value - by.months * MICROS_PER_MONTH, INTERVAL)
        months = Constant(by.months if tree.operator == "+" else -by.months, INTEGER)
        found = Call("months_later", (found, months), TIMESTAMP)
        if not micros.value:
            return Typed(found, tree.at)
    operation = "later" if tree.operator == "+" else "earlier"
    return Typed(Call(operation, (found, micros), TIMESTAMP), tree.at)


def listed(checker: Checker, tree: syntax.Listed) -> Typed | None:
    """[a, b, ...] of literals of one type."""
    items = [checker.value(item, "a list with") for item in tree.items]
    known = [item for item in items if item is not None]
    if len(known) < len(items):
        return None
    kind = Kind.NUMBER if any(item.kind is Kind.NUMBER for item in known) else known[0].kind
    values: list[object] = []
    for item in known:
        same = item.kind is kind or (kind is Kind.NUMBER and item.kind is Kind.INTEGER)
        if not same or not isinstance(item.expr, Constant) or item.type.is_list or item.type == INTERVAL:
            checker.fault(item.at, "not-a-literal", "a list holds literals of one type", "use OR, or CASE")
            return None
        same_kind = as_number(item).expr if kind is Kind.NUMBER else item.expr
        values.append(same_kind.value)  # type: ignore[union-attr]  a constant stays one
    return Typed(Constant(tuple(values), FieldType(kind, is_list=True)), tree.at)  # type: ignore[arg-type]


def local(checker: Checker, tree: syntax.Function) -> Typed | None:
    """`local_hour(moment)`: the time zone is the event's own, else that of its market."""
    part = checker.value(tree.args[0], f"{tree.name} of") if len(tree.args) == 1 else None
    if len(tree.args) != 1 or (part is not None and plain(part.type) != TIMESTAMP):
        checker.fault(tree.at, "bad-arguments", f"{tree.name} takes a timestamp", f"write {tree.name}(ts)")
        return None
    zone = _zone(checker)
    if zone is None:
        message = f"{tree.name} needs the `tz` of the event, which is not there"
        checker.fault(tree.at, "bad-arguments", message, "use hour(ts), which is in UTC")
    if part is None or zone is None:
        return None
    return Typed(Call(tree.name, (part.expr, zone), INTEGER), tree.at)


def _zone(checker: Checker) -> Expr | None:
    columns = checker.scope.columns
    if "tz" not in columns:
        return None
    own: Expr = Read("tz", TEXT)
    zones = sorted(checker.scope.market_tz.items()) if "market" in columns else []
    if not zones:
        return own
    branches = tuple(
        (Call("equal", (Read("market", TEXT), Constant(market, TEXT)), BOOLEAN), Constant(zone, TEXT))
        for market, zone in zones
    )
    return Call("coalesce", (own, Case(branches, Constant(None, TEXT), TEXT)), TEXT)
