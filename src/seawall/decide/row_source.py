"""Conditions to the source of one Python function that decides a row.

The function looks at cheap parts first, computes what several conditions share at most once, and nothing that
cannot matter any more.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, TypeGuard, assert_never

from seawall.core.truth import NOT_BOUGHT
from seawall.policy.conditions import logic
from seawall.policy.conditions.cost import cost_of
from seawall.policy.conditions.expr import (
    And,
    Call,
    Case,
    Constant,
    Expr,
    Matches,
    Not,
    Or,
    Read,
    children,
    leaves,
    signals_of,
)
from seawall.policy.conditions.meetings import answer_of, meetings_of
from seawall.policy.conditions.operations import OPERATIONS
from seawall.policy.conditions.to_text import to_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seawall.core.types import Value
    from seawall.policy.conditions.meetings import Meeting
    from seawall.policy.conditions.model import Condition

_INLINE: Mapping[str, str] = {
    "equal": "==",
    "unequal": "!=",
    "less": "<",
    "at_most": "<=",
    "greater": ">",
    "at_least": ">=",
}
_UNKNOWN: Any = object()
"""What stands in a local variable before its expression has been computed."""


class RowSource:
    """The source of a row function, and the names that it uses."""

    def __init__(
        self,
        conditions: Sequence[Condition],
        columns: Sequence[str],
        meetings: Mapping[str, Meeting] | None = None,
    ) -> None:
        if meetings is None:
            meetings = meetings_of(condition.expr for condition in conditions)
        self._meetings = meetings
        self.names: dict[str, Any] = {"NOT_BOUGHT": NOT_BOUGHT, "UNKNOWN": _UNKNOWN}
        self._columns = {name: f"c{position}" for position, name in enumerate(columns)}
        self._shared = {expr: f"v{position}" for position, expr in enumerate(_shared(conditions))}
        self._bound: dict[object, str] = {}
        bodies = [
            line for position, each in enumerate(conditions) for line in self._condition(position, each)
        ]
        self.text = "\n".join((*self._head(conditions), *bodies, "    return must, open_", ""))

    def value(self, expr: Expr) -> str:
        """An expression over the columns as local variables."""
        return self._value(expr)

    def _head(self, conditions: Sequence[Condition]) -> list[str]:
        read = {name for condition in conditions for name in condition.reads}
        lines = ["def decide(row):", "    must, open_ = [], []"]
        lines += [
            f"    {local} = row[{local[1:]}]  # {name}"
            for name, local in self._columns.items()
            if name in read
        ]
        lines += [
            f"    {local} = UNKNOWN  # {_one_line(to_text(expr))}" for expr, local in self._shared.items()
        ]
        return lines

    def _condition(self, position: int, condition: Condition) -> list[str]:
        """What must be true could be: so MAY is looked at first, and MUST only where a signal is missing."""
        lines = [f"    # {_one_line(condition.text)}"]
        may = self._rail(condition.expr, wanted=True, open_counts=True)
        if not condition.signals:
            return [*lines, f"    if {may}:", f"        must.append({position})"]
        decided = f"not ({self._missing(condition.signals)})"
        if not needs_all(condition):
            decided += f" or {self._rail(condition.expr, wanted=True, open_counts=False)}"
        return [*lines, f"    if {may}:", f"        (must if {decided} else open_).append({position})"]

    def _missing(self, signals: Sequence[str]) -> str:
        return " or ".join(f"{self._columns[name]} is NOT_BOUGHT" for name in signals)

    def _rail(self, expr: Expr, *, wanted: bool, open_counts: bool) -> str:
        """Whether a part is what is wanted (MUST), or could still be (MAY, where `open_counts`)."""
        match expr:
            case Not(part=part):
                return self._rail(part, wanted=not wanted, open_counts=open_counts)
            case And(parts=parts) | Or(parts=parts):
                word = " and " if isinstance(expr, And) is wanted else " or "
                ordered = sorted(parts, key=cost_of)
                rails = [self._rail(part, wanted=wanted, open_counts=open_counts) for part in ordered]
                return f"({word.join(rails)})"
            case _:
                return self._leaf(expr, wanted=wanted, open_counts=open_counts)

    def _leaf(self, expr: Expr, *, wanted: bool, open_counts: bool) -> str:
        known = self._is(expr, wanted=wanted)
        signals = signals_of(expr)
        if not signals:
            return known
        missing = self._missing(signals)
        return f"({missing} or {known})" if open_counts else f"(not ({missing}) and {known})"

    def _is(self, expr: Expr, *, wanted: bool) -> str:
        if is_inline(expr):
            return self._inline(expr, wanted=wanted)
        return f"{self._value(expr)} is {wanted}"

    def _inline(self, expr: Call, *, wanted: bool) -> str:
        """A test of a column against constants or another column, in Python's own words."""
        about, *_ = args = [self._value(arg) for arg in expr.args]
        if expr.operation == "is_null":
            return f"{about} is {'' if wanted else 'not '}None"
        known = "".join(
            f"{local} is not None and "
            for arg, local in zip(expr.args, args, strict=True)
            if isinstance(arg, Read)
        )
        if expr.operation == "in":
            items = expr.args[1]
            local = self._bound.get(items) or self._bind(f"items_{len(self.names)}", _items(items), key=items)
            return f"({known}{about} {'in' if wanted else 'not in'} {local})"
        comparison = f"{about} {_INLINE[expr.operation]} {args[1]}"
        return f"({known}{comparison if wanted else f'not {comparison}'})"

    def _value(self, expr: Expr) -> str:
        """The value of an expression, None for NULL. Its signals have been bought."""
        local = self._shared.get(expr)
        if local is None:
            return self._compute(expr)
        return f"({local} if {local} is not UNKNOWN else ({local} := {self._compute(expr)}))"

    def _compute(self, expr: Expr) -> str:
        match expr:
            case Read(name=name):
                return self._columns[name]
            case Constant(value=value):
                return repr(value)
            case Call(operation=operation, args=args):
                return self._call(operation, args)
            case And(parts=parts):
                return f"{self._bind('both', logic.both)}({self._list(parts)})"
            case Or(parts=parts):
                return f"{self._bind('either', logic.either)}({self._list(parts)})"
            case Not(part=part):
                return f"{self._bind('opposite', logic.opposite)}({self._value(part)})"
            case Case(branches=branches, default=default):
                whens = "".join(
                    f"{self._value(then)} if {self._value(when)} is True else " for when, then in branches
                )
                return f"({whens}{self._value(default)})"
            case Matches(text=text, how=how):
                local = self._bound.get(expr) or self._bind(
                    f"{how}_{len(self.names)}", answer_of(expr, self._meetings), key=expr
                )
                return f"{local}({self._value(text)})"
            case _:
                assert_never(expr)

    def _list(self, parts: Sequence[Expr]) -> str:
        return ", ".join(self._value(part) for part in parts)

    def _call(self, name: str, args: tuple[Expr, ...]) -> str:
        operation = OPERATIONS[name]
        if operation.prepare is None:
            return f"{self._bind(name, operation.bind(()))}({self._list(args)})"
        constants = tuple(arg.value for arg in args[1:] if isinstance(arg, Constant))
        key = (name, *args[1:])
        local = self._bound.get(key) or self._bind(
            f"{name}_{len(self.names)}", operation.bind(constants), key=key
        )
        return f"{local}({self._value(args[0])})"

    def _bind(self, name: str, what: object, *, key: object = None) -> str:
        self.names[name] = what
        self._bound[key or name] = name
        return name


def needs_all(condition: Condition) -> bool:
    """Whether the condition cannot be true before every signal it reads has been bought, as in `a AND b`."""
    return _needed(condition.expr, wanted=True).issuperset(condition.signals)


def _needed(expr: Expr, *, wanted: bool) -> frozenset[str]:
    """Signals without which a part cannot be certain to be what is wanted."""
    match expr:
        case Not(part=part):
            return _needed(part, wanted=not wanted)
        case And(parts=parts) | Or(parts=parts):
            needed = [_needed(part, wanted=wanted) for part in parts]
            every = isinstance(expr, And) is wanted
            return frozenset[str]().union(*needed) if every else needed[0].intersection(*needed[1:])
        case _:
            return frozenset(signals_of(expr))


def is_inline(expr: Expr) -> TypeGuard[Call]:
    """Whether a leaf is cheaper to look at again than to keep: a test of a column as it is."""
    if not isinstance(expr, Call) or expr.operation not in (*_INLINE, "in", "is_null"):
        return False
    behind = expr.args[1:]
    return isinstance(expr.args[0], Read) and all(
        isinstance(arg, Read) or (isinstance(arg, Constant) and arg.value is not None) for arg in behind
    )


def _items(expr: Expr) -> frozenset[Value]:
    assert isinstance(expr, Constant)
    assert isinstance(expr.value, tuple)
    return frozenset(expr.value)


def _shared(conditions: Sequence[Condition]) -> list[Expr]:
    """Parts that are needed in more than one place, inner ones first."""
    uses: Counter[Expr] = Counter()
    seen: set[Expr] = set()

    def visit(expr: Expr) -> None:
        uses[expr] += 1
        if expr not in seen:
            seen.add(expr)
            for child in children(expr):
                visit(child)

    for condition in conditions:
        twice = 1 if needs_all(condition) else 2  # once for MAY, once for MUST
        for leaf in leaves(condition.expr):
            for _ in range(twice):
                visit(leaf)
    return [
        expr for expr, count in uses.items() if count > 1 and cost_of(expr) > _TRIVIAL and not is_inline(expr)
    ]


_TRIVIAL = 0.06
"""Looking a part up again costs this much (in microseconds), so that cheaper ones are not kept."""


def _one_line(text: str) -> str:
    return "".join(each if each.isprintable() else "?" for each in " ".join(text.split())[:120])


def value_source(
    expr: Expr, columns: Sequence[str], meetings: Mapping[str, Meeting]
) -> tuple[str, dict[str, Any]]:
    """The source of an expression over local variables `c0`, `c1` ..., and the names that it uses.

    Args:
        expr: any expression whose signals have been bought.
        columns: what the variables hold, in their order.
        meetings: of the expressions that are looked at beside it, so that they read a text once.
    """
    source = RowSource([], columns, meetings)
    return source.value(expr), source.names
