"""Conditions as one Python function over one row: what is true whatever is bought, and what is still open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from seawall.decide.row_source import RowSource, value_source
from seawall.policy.conditions.meetings import meetings_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seawall.core.truth import NotBought
    from seawall.core.types import Value
    from seawall.policy.conditions import Condition
    from seawall.policy.conditions.expr import Expr

    Row = Sequence[Value | NotBought]


@dataclass(frozen=True, slots=True)
class RowProgram:
    """Decides one row.

    Attributes:
        columns: the order of the values of a row.
        source: the generated function, to be read.
        decide: that function.
    """

    columns: tuple[str, ...]
    source: str
    decide: Callable[[Row], tuple[list[int], list[int]]]

    def __call__(self, row: Row) -> tuple[list[int], list[int]]:
        """Indexes of the conditions that are true whatever is bought, and of those that could still be.

        Args:
            row: one value per column, `NOT_BOUGHT` where a signal was not bought.
        """
        return self.decide(row)


def compile_row(conditions: Sequence[Condition], columns: Sequence[str]) -> RowProgram:
    """Compile conditions, all over columns of these names.

    Raises:
        KeyError: a condition reads a column that is not among them.
    """
    generated = RowSource(conditions, columns)
    names = dict(generated.names)
    exec(compile(generated.text, "<conditions>", "exec"), names)  # noqa: S102  our own source, from typed nodes
    return RowProgram(tuple(columns), generated.text, names["decide"])


def compile_value(expr: Expr, columns: Sequence[str]) -> Callable[..., Value]:
    """A function of the values of these columns, in their order, that gives the value of an expression.

    Raises:
        KeyError: it reads a column that is not among them.
    """
    value, names = value_source(expr, columns, meetings_of([expr]))
    locals_ = ", ".join(f"c{position}" for position in range(len(columns)))
    exec(compile(f"def value({locals_}):\n    return {value}\n", "<value>", "exec"), names)  # noqa: S102  our own source
    return names["value"]
