"""What a backtest needs of others: signals, and an engine of SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from seawall.core.decision import Reading
    from seawall.core.event import Event
    from seawall.policy.conditions.expr import Expr
    from seawall.policy.model import FeatureSpec


class Signals(Protocol):
    """Gives the signals that conditions turn out to need."""

    def read(self, signal: str, events: Sequence[Event]) -> list[Reading]:
        """One reading per event, in order."""
        ...


class SqlEngine(Protocol):
    """Answers about Arrow tables. Names of columns are those of the event, its features and signals."""

    def computed(self, exprs: Iterable[Expr]) -> dict[str, Expr]:
        """Columns that it must be brought beside those, since it cannot compute them exactly."""
        ...

    def counts(self, spec: FeatureSpec) -> bool:
        """Whether it can count a feature itself; else it is brought as a column."""
        ...

    def feature(self, spec: FeatureSpec, table: Any, told: Any, *, where: str | None) -> Any:
        """A feature of the events that are `wanted`, in the order of their `ordinal`, as an Arrow array.

        Args:
            spec: the feature.
            table: the events of all its types: what it reads, `ts` in microseconds, `ordinal`, `wanted`.
            told: what people decided, where the feature looks at that: the columns of the source, `ts`,
                `ends`, `identity`, `holds`, `passes`, an `ordinal` in one order with the events; else None.
            where: name of a boolean column that says which events, or which of `told`, count; None: all do.
        """
        ...

    def holding(self, table: Any, exprs: Sequence[Expr]) -> tuple[NDArray[Any], NDArray[Any]]:
        """Pairs of a `row number` and the place of an expression that is TRUE there, in any order."""
        ...
