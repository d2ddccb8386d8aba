"""Which signals can still change one condition on one event, by the analysis of its leaves.

NOT is pushed to the leaves. A leaf that reads a signal not bought may be anything; every other leaf is known.
What an AND with a known-not-true part, or an OR with a known-true part, has beside it can no longer matter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from seawall.decide.row import RowProgram, compile_row
from seawall.policy.conditions.expr import And, Expr, Not, Or, leaves, signals_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seawall.decide.row import Row
    from seawall.policy.conditions import Condition

_NONE: frozenset[str] = frozenset()
_DEAD = (False, False, _NONE)
_TRUE = (True, True, _NONE)


class Residual:
    """Answers for one condition; built only for those that read several signals."""

    def __init__(self, condition: Condition, columns: Sequence[str]) -> None:
        self._expr = condition.expr
        self._leaves = {leaf: position for position, leaf in enumerate(leaves(condition.expr))}
        self._signals = [frozenset(signals_of(leaf)) for leaf in self._leaves]
        parts = [
            msgspec.structs.replace(condition, expr=expr)
            for leaf in self._leaves
            for expr in (leaf, Not(leaf))
        ]
        self._program: RowProgram = compile_row(parts, columns)

    def signals(self, row: Row, bought: Mapping[str, object]) -> frozenset[str]:
        """Signals not bought that could still decide the condition; none if it is decided."""
        must, open_ = self._program(row)
        _, _, wanted = self._look(self._expr, True, frozenset(must), frozenset(open_))  # noqa: FBT003
        return wanted.difference(bought)

    def _look(
        self,
        expr: Expr,
        wanted: bool,  # noqa: FBT001 -- which truth value of `expr` is asked for, under the NOTs above it
        must: frozenset[int],
        open_: frozenset[int],
    ) -> tuple[bool, bool, frozenset[str]]:
        """(certainly `wanted`, possibly `wanted`, signals that could tell)."""
        match expr:
            case Not(part=part):
                return self._look(part, not wanted, must, open_)
            case And(parts=parts) | Or(parts=parts):
                looked = [self._look(part, wanted, must, open_) for part in parts]
                return _all(looked) if isinstance(expr, And) is wanted else _any(looked)
            case _:
                place = self._leaves[expr]
                rail = 2 * place + (not wanted)
                if rail in must:
                    return _TRUE
                return (False, True, self._signals[place]) if rail in open_ else _DEAD


def _all(parts: list[tuple[bool, bool, frozenset[str]]]) -> tuple[bool, bool, frozenset[str]]:
    if not all(may for _, may, _ in parts):
        return _DEAD
    return all(must for must, _, _ in parts), True, _NONE.union(*(signals for _, _, signals in parts))


def _any(parts: list[tuple[bool, bool, frozenset[str]]]) -> tuple[bool, bool, frozenset[str]]:
    if any(must for must, _, _ in parts):
        return _TRUE
    return False, any(may for _, may, _ in parts), _NONE.union(*(signals for _, _, signals in parts))
