"""The strategies of one event type, compiled together: which hold for an event, how its row is laid out."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from seawall.core.truth import NOT_BOUGHT
from seawall.decide.ask import clause_of, grounded
from seawall.decide.combine import adds, certain
from seawall.decide.residual import Residual
from seawall.decide.row import RowProgram, compile_row
from seawall.policy.conditions import compile_condition
from seawall.policy.model import Mode
from seawall.policy.scope import scope_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from seawall.core.decision import Reading
    from seawall.core.event import Event
    from seawall.core.truth import NotBought
    from seawall.core.types import Value
    from seawall.decide.ask import Grounded
    from seawall.policy.conditions import Condition
    from seawall.policy.model import EventType, Project, Strategy

_MOST_PLACES = 4_096  # combinations of market, language and availability whose scope is remembered

_MOST_SITUATIONS = 16_384  # combinations of what fired, what is open and who takes part, likewise


class Worth(NamedTuple):
    """What is worth buying in a situation.

    Attributes:
        waiting: by signal, how many conditions that could change the outcome wait for it alone.
        several: conditions that could change it and read several signals; their row says which still matter.
        choice: the signal to buy where there are no such.
    """

    waiting: Mapping[str, int]
    several: tuple[int, ...]
    choice: str | None


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
        self.worth = lru_cache(maxsize=_MOST_SITUATIONS)(self._worth)

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

    def next_signal(
        self, worth: Worth, row: Callable[[], list[Value | NotBought]], bought: Mapping[str, object]
    ) -> str | None:
        """The signal to buy for one row; none where nothing that could be bought would change the outcome."""
        if not worth.several:
            return worth.choice
        waiting = Counter(worth.waiting)
        for n in worth.several:
            waiting.update(self._residuals[n].signals(row(), bought))
        return self.cheapest(waiting)

    def _worth(
        self,
        open_: tuple[int, ...],
        fired: tuple[int, ...],
        market: str | None,
        names: tuple[tuple[str, str], ...],
    ) -> Worth:
        """What is worth buying where some live conditions fired and others are open."""
        known = dict(names)
        rungs = certain([self.grounded(n, market) for n in fired], known)
        matter = [n for n in open_ if adds(self.grounded(n, market), rungs, known)]
        waiting = Counter(
            name for n in matter if n not in self._residuals for name in self.conditions[n].signals
        )
        several = tuple(n for n in matter if n in self._residuals)
        return Worth(waiting, several, self.cheapest(waiting))

    def cheapest(self, waiting: Mapping[str, int]) -> str | None:
        """The signal with the least cost per condition that waits for it."""
        return min(waiting, key=lambda name: (self.costs[name] / waiting[name], name), default=None)

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
