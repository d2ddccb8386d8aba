"""The strategies of one event type, compiled together: which hold for an event, how its row is laid out."""

from __future__ import annotations

from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING

from seawall.core.truth import NOT_BOUGHT
from seawall.decide.ask import clause_of, grounded
from seawall.decide.residual import Residual
from seawall.decide.row import RowProgram, compile_row
from seawall.policy.conditions import compile_condition
from seawall.policy.model import Mode
from seawall.policy.scope import scope_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from seawall.core.decision import Reading
    from seawall.core.event import Event
    from seawall.core.truth import NotBought
    from seawall.core.types import Value
    from seawall.decide.ask import Grounded
    from seawall.policy.conditions import Condition
    from seawall.policy.model import EventType, Project, Strategy

_MOST_PLACES = 4_096  # combinations of market, language and availability whose scope is remembered


class Plan:
    """Everything the engine knows about one event type before the first event.

    Attributes:
        event_type: the type.
        strategies: those that are on for it, in project order; indexes below are into it.
        names: theirs.
        conditions: compiled, one per strategy.
        live: indexes of live strategies; the others are shadows.
        always: indexes of live strategies whose signals are bought whatever they could change.
        costs: every signal computed for the type, with its cost in microseconds.
        audit: those signals, cheapest first.
    """

    def __init__(self, project: Project, event_type: EventType, *, paused: Collection[str] = ()) -> None:
        self.event_type = event_type
        self.strategies: tuple[Strategy, ...] = tuple(
            strategy
            for strategy in project.strategies.values()
            if event_type.name in strategy.on
            and strategy.mode is not Mode.OFF
            and strategy.name not in paused
        )
        self.names = tuple(strategy.name for strategy in self.strategies)
        scope = scope_of(project, event_type.name)
        self.conditions: tuple[Condition, ...] = tuple(
            compile_condition(strategy.when, scope, at=strategy.when_span) for strategy in self.strategies
        )
        self.live = frozenset(n for n, each in enumerate(self.strategies) if each.mode is Mode.LIVE)
        self.always = frozenset(n for n in self.live if self.strategies[n].evaluate == "always")
        self.costs = {
            name: column.cost_us for name, column in scope.columns.items() if column.source == "signal"
        }
        self.audit = sorted(self.costs, key=lambda name: (self.costs[name], name))
        self._lay_out(scope.columns.keys(), project)
        self.program = compile_row(self.conditions, self.columns)
        self._residuals = {
            n: Residual(each, self.columns) for n, each in enumerate(self.conditions) if len(each.signals) > 1
        }
        self._project = project
        self.alone = lru_cache(maxsize=None)(self._alone)
        self.grounded = lru_cache(maxsize=_MOST_PLACES)(self._grounded)
        self.in_scope = lru_cache(maxsize=_MOST_PLACES)(self._in_scope)

    def _lay_out(self, known: Collection[str], project: Project) -> None:
        read = {name for condition in self.conditions for name in condition.reads}
        ordered = [name for name in known if name in read]
        self._fields = [name for name in ordered if name in self.event_type.fields]
        self._features = [name for name in ordered if name in project.features]
        self._signals = [name for name in ordered if name in self.costs]
        rest = {*self._fields, *self._features, *self._signals}
        self._envelope = [name for name in ordered if name not in rest]
        self._getters = [attrgetter(name) for name in self._envelope]
        self._unbought: list[Value | NotBought] = [NOT_BOUGHT] * len(self._signals)
        self.columns = (*self._fields, *self._envelope, *self._features, *self._signals)
        self.place = {name: self.columns.index(name) for name in self._signals}

    def row(self, event: Event, features: Mapping[str, Reading]) -> list[Value | NotBought]:
        """The values of an event in the order of `columns`, with no signal bought."""
        fields = event.fields
        row: list[Value | NotBought] = [fields[name] for name in self._fields]
        row += [get(event) for get in self._getters]
        row += [features[name].value for name in self._features]
        row += self._unbought
        return row

    def open_signals(
        self, index: int, row: list[Value | NotBought], bought: Mapping[str, object]
    ) -> Collection[str]:
        """Signals not bought that could still decide a condition that is open."""
        residual = self._residuals.get(index)
        return self.conditions[index].signals if residual is None else residual.signals(row, bought)

    def _alone(self, index: int) -> RowProgram:
        return compile_row([self.conditions[index]], self.columns)

    def _grounded(self, index: int, market: str | None) -> Grounded:
        return grounded(self._project, self.strategies[index], market)

    def _in_scope(
        self, market: str | None, language: str | None, available_in: tuple[str, ...]
    ) -> frozenset[int]:
        return frozenset(
            n
            for n, strategy in enumerate(self.strategies)
            if in_scope(self._project, strategy, market, language, available_in)
        )


def in_scope(
    project: Project,
    strategy: Strategy,
    market: str | None,
    language: str | None,
    available_in: tuple[str, ...],
) -> bool:
    """Whether a strategy holds for an event.

    It holds where the event was posted and for the language of its content. One that enforces law holds too
    where the event says that its subject can be seen; terms follow the place of posting alone.
    """
    if strategy.languages and language not in strategy.languages:
        return False
    if not strategy.markets or market in strategy.markets:
        return True
    law = clause_of(project, strategy, market).ground == "law"
    return law and not set(available_in).isdisjoint(strategy.markets)
