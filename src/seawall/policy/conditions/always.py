"""Conditions that come out the same whatever comes in.

Sound, not complete: what it says is so. It finds constants, columns that are never NULL, and contradictions
about one value within a conjunction.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Any, assert_never

from seawall.core.truth import Truth
from seawall.core.types import FieldType, Kind, Value
from seawall.policy.conditions import logic
from seawall.policy.conditions.arithmetic import HIGHEST, LOWEST
from seawall.policy.conditions.evaluate import evaluate
from seawall.policy.conditions.expr import And, Call, Case, Constant, Expr, Matches, Not, Or, Read, children
from seawall.policy.conditions.operations import OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from seawall.policy.conditions.model import Column

Truths = frozenset[bool | None]
_ONLY_TRUE: Truths = frozenset((True,))

_NEVER_NULL = frozenset(("is_null", "is_true", "is_false", "distinct", "not_distinct", "concat"))
_MAY_FAIL = frozenset(("nullif", "element"))
_OPPOSITES = {
    "equal": "unequal",
    "unequal": "equal",
    "less": "at_least",
    "at_least": "less",
    "greater": "at_most",
    "at_most": "greater",
}
_MIRRORED = {"less": "greater", "greater": "less", "at_most": "at_least", "at_least": "at_most"}


def always(expr: Expr, columns: Mapping[str, Column]) -> Truth | None:
    """TRUE if it can be nothing else, FALSE if it can never be TRUE, None otherwise."""
    truths = _Possible(columns).truths(_pushed(expr, wanted=True))
    if truths == _ONLY_TRUE:
        return Truth.TRUE
    return None if True in truths else Truth.FALSE


def _pushed(expr: Expr, *, wanted: bool) -> Expr:
    """The same, with NOT only on leaves."""
    match expr:
        case Not(part=part):
            return _pushed(part, wanted=not wanted)
        case And(parts=parts) | Or(parts=parts):
            node = And if isinstance(expr, And) is wanted else Or
            return node(tuple(_pushed(part, wanted=wanted) for part in parts))
        case _:
            return expr if wanted else Not(expr)


class _Possible:
    def __init__(self, columns: Mapping[str, Column]) -> None:
        self._columns = columns

    def truths(self, expr: Expr) -> Truths:
        """Every truth that it could have."""
        match expr:
            case Not(part=part):
                return frozenset(logic.opposite(truth) for truth in self.truths(part))
            case And(parts=parts):
                truths = _combined(logic.both, [self.truths(part) for part in parts])
                return truths - {True} if _contradict({}, parts) else truths
            case Or(parts=parts):
                truths = _combined(logic.either, [self.truths(part) for part in parts])
                denied = [_pushed(part, wanted=False) for part in parts]
                return truths - {False} if _contradict({}, denied) else truths
            case _:
                return self._leaf(expr)

    def _leaf(self, expr: Expr) -> Truths:
        known = constant_of(expr)
        if known is not None:
            return frozenset((known.value,))  # type: ignore[arg-type]  a boolean
        if isinstance(expr, Call) and expr.operation == "is_null" and not self._can_be_null(expr.args[0]):
            return frozenset((False,))
        truths: set[bool | None] = {True, False, None} if self._can_be_null(expr) else {True, False}
        return frozenset(
            truths - {wanted for wanted in (True, False) if _contradict({}, (_pushed(expr, wanted=wanted),))}
        )

    def _can_be_null(self, expr: Expr) -> bool:
        match expr:
            case Read(name=name):
                return self._columns[name].type.nullable or self._columns[name].source in (
                    "feature",
                    "signal",
                )
            case Constant(value=value):
                return value is None
            case Call(operation=operation) if operation in _NEVER_NULL:
                return False
            case Call(operation="coalesce", args=args):
                return all(self._can_be_null(arg) for arg in args)
            case Call(operation=operation) if operation in _MAY_FAIL or _fails(operation):
                return True
            case Case(branches=branches, default=default):
                return any(self._can_be_null(then) for then in (*(then for _, then in branches), default))
            case Matches(how="near"):
                return True
            case Call() | And() | Or() | Not() | Matches():
                return any(self._can_be_null(child) for child in children(expr))
            case _:
                assert_never(expr)


def _fails(operation: str) -> bool:
    return OPERATIONS[operation].failure is not None


def _combined(how: Any, parts: list[Truths]) -> Truths:
    """What the parts give together, two by two, so that many parts stay cheap."""
    found: Truths = parts[0]
    for part in parts[1:]:
        found = frozenset(how(a, b) for a, b in product(found, part))
    return found


def constant_of(expr: Expr) -> Constant | None:
    """The value of an expression that reads no column."""
    if isinstance(expr, Constant):
        return expr
    if isinstance(expr, Read | Matches):
        return None
    values: list[Value] = []
    for child in children(expr):
        known = constant_of(child)
        if known is None:
            return None
        values.append(known.value)
    return Constant(evaluate(expr, values), expr.type)


@dataclass(frozen=True, slots=True)
class _Values:
    """The values one expression may still have: within bounds, among some, other than some."""

    type: FieldType
    low: Any = None
    low_open: bool = False
    high: Any = None
    high_open: bool = False
    among: frozenset[Any] | None = None
    other_than: frozenset[Any] = frozenset()
    null: bool | None = None

    def empty(self) -> bool:
        if self.among is not None:
            return not any(self._holds(value) for value in self.among)
        if self.type.kind is Kind.BOOLEAN and self.other_than >= {True, False}:
            return True
        if self.type.kind is Kind.INTEGER:
            low = LOWEST if self.low is None else self.low + self.low_open
            high = HIGHEST if self.high is None else self.high - self.high_open
            return low > high
        if self.low is None or self.high is None:
            return False
        point_excluded = self.low_open or self.high_open or self.low in self.other_than
        return self.low > self.high or (self.low == self.high and point_excluded)

    def _holds(self, value: Any) -> bool:
        above = self.low is None or value > self.low or (value == self.low and not self.low_open)
        below = self.high is None or value < self.high or (value == self.high and not self.high_open)
        return above and below and value not in self.other_than

    def narrowed(self, operation: str, value: Any) -> _Values:
        match operation:
            case "equal":
                return self._among(frozenset((value,)))
            case "in":
                return self._among(frozenset(value))
            case "unequal":
                return replace(self, other_than=self.other_than | {value})
            case "not in":
                return replace(self, other_than=self.other_than | set(value))
            case "greater" | "at_least":
                strict = operation == "greater"
                if self.low is None or (value, strict) > (self.low, self.low_open):
                    return replace(self, low=value, low_open=strict)
            case "less" | "at_most":
                strict = operation == "less"
                if self.high is None or value < self.high or (value == self.high and strict):
                    return replace(self, high=value, high_open=strict)
            case _:
                pass
        return self

    def _among(self, values: frozenset[Any]) -> _Values:
        return replace(self, among=values if self.among is None else self.among & values)


def _contradict(known: Mapping[Expr, _Values], parts: Iterable[Expr]) -> bool:
    """Whether no value of any expression makes all parts TRUE."""
    values = dict(known)
    choices: list[Or] = []
    for part in _flat(parts):
        if isinstance(part, Or):
            choices.append(part)
        for about, operation, constant in _facts(part):
            before = values.get(about, _Values(about.type))
            if operation == "null":
                if before.null is (not constant):
                    return True
                values[about] = replace(before, null=constant)
            else:
                values[about] = replace(before.narrowed(operation, constant), null=before.null or False)
                if before.null:
                    return True
    if any(each.empty() for each in values.values()):
        return True
    return any(all(_contradict(values, (option,)) for option in choice.parts) for choice in choices)


def _flat(parts: Iterable[Expr]) -> Iterable[Expr]:
    for part in parts:
        if isinstance(part, And):
            yield from _flat(part.parts)
        else:
            yield part


def _facts(part: Expr) -> list[tuple[Expr, str, Any]]:
    """What a TRUE part says about the value of one expression."""
    match part:
        case Not(part=Call(operation="in", args=(about, Constant(value=values)))):
            return [(about, "not in", values)]
        case Not(part=Call(operation="is_null", args=(about,))):
            return [(about, "null", False)]
        case Not(part=Call(operation=operation, args=args)) if operation in _OPPOSITES:
            return _facts(Call(_OPPOSITES[operation], args, part.type))
        case Not(part=Read() as about):
            return [(about, "equal", False)]
        case Read():
            return [(part, "equal", True)]
        case Call(operation="is_null", args=(about,)):
            return [(about, "null", True)]
        case Call(operation="is_true" | "is_false" as operation, args=(about,)):
            return [(about, "equal", operation == "is_true")]
        case Call(operation="between", args=(about, Constant(value=low), Constant(value=high))):
            return [(about, "at_least", low), (about, "at_most", high)]
        case Call(operation="in", args=(about, Constant(value=values))):
            return [(about, "in", values)]
        case Call(operation=operation, args=(about, Constant(value=value))) if (
            operation in _OPPOSITES and value is not None
        ):
            return [(about, operation, value)]
        case Call(operation=operation, args=(Constant(value=value), about)) if (
            operation in _OPPOSITES and value is not None
        ):
            return [(about, _MIRRORED.get(operation, operation), value)]
        case _:
            return []
