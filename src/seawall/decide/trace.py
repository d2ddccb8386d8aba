"""Why a condition came out as it did: every part with its truth, its value, and why it is NULL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from seawall.core.decision import Reading
from seawall.core.truth import NOT_BOUGHT, NotBought, Truth
from seawall.core.types import Kind, Value
from seawall.policy.conditions.cost import cost_of
from seawall.policy.conditions.evaluate import evaluate
from seawall.policy.conditions.expr import (
    And,
    Call,
    Constant,
    Expr,
    Matches,
    Not,
    Or,
    Read,
    children,
    is_leaf,
)
from seawall.policy.conditions.operations import OPERATIONS
from seawall.policy.conditions.to_text import shown, to_text

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from seawall.policy.conditions import Condition

ABSENT = "absent"
WRITTEN = "NULL whatever comes in"


class TraceNode(msgspec.Struct, frozen=True, omit_defaults=True):
    """One part of a condition on one event.

    Attributes:
        text: the part, as a person reads it.
        truth: of a boolean part; OPEN if a signal that was not bought could still tell.
        value: of any other part.
        null: why it is NULL: the reason of the reading, or the operation that failed.
        cost_us: microseconds that the signals it reads cost.
        looked_at: False if the outcome was certain without it.
        children: what it is made of.
    """

    text: str
    truth: Truth | None = None
    value: Value = None
    null: str | None = None
    cost_us: float = 0.0
    looked_at: bool = True
    children: tuple[TraceNode, ...] = ()


def trace(
    condition: Condition,
    readings: Mapping[str, Value | Reading | NotBought],
    *,
    doubtful: Collection[str] = (),
) -> TraceNode:
    """Explain a condition.

    Args:
        condition: what to explain.
        readings: every column it reads; a signal that is missing was not bought.
        doubtful: signals that failed, where the strategy says that this is not NULL: they could still tell.
    """
    return _Tracer(readings, dict(condition.names), doubtful).part(
        condition.expr, wanted=True, looked_at=True
    )


class _Tracer:
    def __init__(
        self,
        readings: Mapping[str, Value | Reading | NotBought],
        names: Mapping[Expr, str],
        doubtful: Collection[str],
    ) -> None:
        self._names = names
        self._readings = readings
        self._doubtful = doubtful
        self._values: dict[Expr, Value | NotBought] = {}

    # boolean parts

    def part(self, expr: Expr, *, wanted: bool, looked_at: bool) -> TraceNode:
        match expr:
            case And(parts=parts) | Or(parts=parts):
                nodes = self._parts(expr, parts, wanted=wanted, looked_at=looked_at)
            case Not(part=part) if not is_leaf(part):
                nodes = (self.part(part, wanted=not wanted, looked_at=looked_at),)
            case Not(part=part):
                nodes = self._operands(part, looked_at=looked_at)
            case _:
                nodes = self._operands(expr, looked_at=looked_at)
        truth = self._truth(expr, wanted=wanted)
        null = next((node.null for node in nodes if node.null), None) if truth is Truth.NULL else None
        if truth is Truth.NULL and null is None:
            null = self._failure(expr) if nodes else WRITTEN
        return TraceNode(self._text(expr), truth, None, null, self._cost(expr), looked_at, nodes)

    def _parts(
        self, whole: Expr, parts: tuple[Expr, ...], *, wanted: bool, looked_at: bool
    ) -> tuple[TraceNode, ...]:
        """Cheap parts are looked at first, and none behind the one that settles it."""
        settles = 0 if isinstance(whole, And) is wanted else 2
        needed: dict[int, bool] = {}
        settled = not looked_at
        for position in sorted(range(len(parts)), key=lambda each: cost_of(parts[each])):
            needed[position] = not settled
            settled = settled or self._rail(parts[position], wanted=wanted) == settles
        return tuple(
            self.part(part, wanted=wanted, looked_at=needed[position]) for position, part in enumerate(parts)
        )

    def _truth(self, expr: Expr, *, wanted: bool) -> Truth:
        rail = self._rail(expr, wanted=wanted)
        if rail == 1:
            return Truth.OPEN
        if rail == 2:
            return Truth.TRUE if wanted else Truth.FALSE
        if self._rail(expr, wanted=not wanted) == 2:
            return Truth.FALSE if wanted else Truth.TRUE
        return Truth.NULL

    def _rail(self, expr: Expr, *, wanted: bool) -> int:
        """2: it is what is wanted; 1: it could still be; 0: it is not."""
        match expr:
            case Not(part=part):
                return self._rail(part, wanted=not wanted)
            case And(parts=parts) | Or(parts=parts):
                rails = [self._rail(part, wanted=wanted) for part in parts]
                return min(rails) if isinstance(expr, And) is wanted else max(rails)
            case _:
                value = self._value(expr)
                return 1 if value is NOT_BOUGHT else 2 * (value is wanted)

    def _text(self, expr: Expr) -> str:
        """As a person reads it, under its name where it has one."""
        name = self._names.get(expr)
        return to_text(expr) if name is None else f"{name}: {to_text(expr)}"

    # values

    def _operands(self, expr: Expr, *, looked_at: bool) -> tuple[TraceNode, ...]:
        return tuple(
            self._operand(child, looked_at=looked_at)
            for child in children(expr)
            if not isinstance(child, Constant)
        )

    def _operand(self, expr: Expr, *, looked_at: bool) -> TraceNode:
        value = self._value(expr)
        nodes = self._operands(expr, looked_at=looked_at and value is not NOT_BOUGHT)
        cost = self._cost(expr)
        text = self._text(expr)
        if value is NOT_BOUGHT:
            failed = self._reason(expr, ()) if to_text(expr) in self._doubtful else None
            return TraceNode(text, Truth.OPEN, None, failed, cost, failed is not None, nodes)
        null = None
        if value is None:
            null = self._reason(expr, nodes)
        truth = None
        if expr.type.kind is Kind.BOOLEAN and not expr.type.is_list:
            truth = Truth.NULL if value is None else Truth.TRUE if value else Truth.FALSE
        return TraceNode(text, truth, shown(value, expr.type), null, cost, looked_at, nodes)

    def _reason(self, expr: Expr, nodes: tuple[TraceNode, ...]) -> str | None:
        if isinstance(expr, Read):
            reading = self._readings.get(expr.name)
            return (reading.null if isinstance(reading, Reading) else None) or ABSENT
        return next((node.null for node in nodes if node.null), None) or self._failure(expr)

    def _failure(self, expr: Expr) -> str | None:
        if isinstance(expr, Constant):
            return WRITTEN
        if isinstance(expr, Matches) and expr.how == "near":
            return "no hash of that length"
        if not isinstance(expr, Call):
            return None
        failure = OPERATIONS[expr.operation].failure
        return failure(*(self._value(arg) for arg in expr.args)) if callable(failure) else failure

    def _cost(self, expr: Expr) -> float:
        if isinstance(expr, Read):
            reading = self._readings.get(expr.name)
            return reading.cost_us if isinstance(reading, Reading) else 0.0
        return sum(self._cost(child) for child in children(expr))

    def _value(self, expr: Expr) -> Value | NotBought:
        if expr not in self._values:
            self._values[expr] = self._compute(expr)
        return self._values[expr]

    def _compute(self, expr: Expr) -> Value | NotBought:
        if isinstance(expr, Read):
            if expr.name in self._doubtful:
                return NOT_BOUGHT
            reading = self._readings.get(expr.name, NOT_BOUGHT if expr.signal else None)
            return reading.value if isinstance(reading, Reading) else reading
        if isinstance(expr, Constant):
            return expr.value
        values = [self._value(child) for child in children(expr)]
        if any(value is NOT_BOUGHT for value in values):
            return NOT_BOUGHT
        return evaluate(expr, values)
