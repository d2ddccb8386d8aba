"""What is left of one condition on one event: the parts that signals not bought could still tell.

NOT is pushed to the leaves. A leaf that reads a signal not bought may be anything; every other leaf is known.
What an AND with a known-not-true part, or an OR with a known-true part, has beside it can no longer matter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import msgspec

from seawall.decide.row import RowProgram, compile_row
from seawall.policy.conditions.expr import And, Expr, Not, Or, leaves, signals_of
from seawall.policy.conditions.to_text import to_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seawall.decide.row import Row
    from seawall.policy.conditions import Condition

Rails: TypeAlias = "tuple[tuple[int, ...], tuple[int, ...]]"
"""Of each leaf and its opposite: which are certain, and which are open."""


class Part(NamedTuple):
    """An open leaf.

    Attributes:
        name: how it reads, the same wherever it stands in the strategy.
        signals: those it waits for; none if it can no longer be told.
    """

    name: str
    signals: tuple[str, ...]


class Parts(NamedTuple):
    """Open parts of which every one, or any one, must be true."""

    every: bool
    parts: tuple[Left, ...]


Left: TypeAlias = Part | Parts
"""What is open of a condition; what is settled does not appear in it."""


class Residual:
    """Answers for one condition; built only for those that read several signals."""

    def __init__(self, condition: Condition, columns: Sequence[str]) -> None:
        self._expr = condition.expr
        self._leaves = {leaf: position for position, leaf in enumerate(leaves(condition.expr))}
        self._signals = [signals_of(leaf) for leaf in self._leaves]
        rails = [expr for leaf in self._leaves for expr in (leaf, Not(leaf))]
        self.names = tuple(to_text(expr) for expr in rails)
        parts = [msgspec.structs.replace(condition, expr=expr) for expr in rails]
        self._program: RowProgram = compile_row(parts, columns)

    def rails(self, row: Row) -> Rails:
        """What is known of the leaves; all that `left` depends on beside what was bought."""
        must, open_ = self._program(row)
        return tuple(must), tuple(open_)

    def left(self, rails: Rails, bought: frozenset[str]) -> Left | bool:
        """What is open of the condition; True or False where it is settled.

        Args:
            rails: of the row.
            bought: signals that cannot be bought any more, whatever they said.
        """
        return self._look(self._expr, True, frozenset(rails[0]), frozenset(rails[1]), bought)  # noqa: FBT003

    def _look(
        self,
        expr: Expr,
        wanted: bool,  # noqa: FBT001 -- which truth value of `expr` is asked for, under the NOTs above it
        must: frozenset[int],
        open_: frozenset[int],
        bought: frozenset[str],
    ) -> Left | bool:
        match expr:
            case Not(part=part):
                return self._look(part, not wanted, must, open_, bought)
            case And(parts=parts) | Or(parts=parts):
                every = isinstance(expr, And) is wanted
                left: list[Left] = []
                for part in parts:
                    looked = self._look(part, wanted, must, open_, bought)
                    if not isinstance(looked, bool):
                        left.append(looked)
                    elif looked is not every:
                        return looked
                if not left:
                    return every
                return left[0] if len(left) == 1 else Parts(every, tuple(left))
            case _:
                place = self._leaves[expr]
                rail = 2 * place + (not wanted)
                if rail not in open_:
                    return rail in must
                waits = tuple(name for name in self._signals[place] if name not in bought)
                return Part(self.names[rail], waits)


def waits_for(left: Left) -> frozenset[str]:
    """The signals that could tell.

    >>> sorted(waits_for(Parts(True, (Part("a > 1", ("a",)), Part("a + b > 1", ("a", "b"))))))
    ['a', 'b']
    """
    if isinstance(left, Part):
        return frozenset(left.signals)
    return frozenset[str]().union(*(waits_for(part) for part in left.parts))


def without(part: Part, settled: frozenset[str]) -> Part:
    """A part that waits for what can still be bought alone."""
    return (
        part
        if settled.isdisjoint(part.signals)
        else Part(part.name, tuple(name for name in part.signals if name not in settled))
    )
