"""The strategies of one event type, compiled together: which hold for an event, how its row is laid out."""

from __future__ import annotations

from copy import copy
from functools import lru_cache, partial
from math import prod
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from seawall.core.truth import NOT_BOUGHT
from seawall.decide.ask import clause_of, grounded
from seawall.decide.combine import adds, certain
from seawall.decide.residual import Part, Residual, waits_for, without
from seawall.decide.row import RowProgram, compile_row
from seawall.decide.shares import Shares
from seawall.decide.value import FREE_US, Open, best, expected
from seawall.policy.conditions.to_text import to_text
from seawall.policy.effective import strategy_condition
from seawall.policy.flatten import flattened, forms
from seawall.policy.model import Mode
from seawall.policy.rollout import belongs, parts
from seawall.policy.scope import scope_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from seawall.core.decision import Reading
    from seawall.core.event import Event
    from seawall.core.truth import NotBought
    from seawall.core.types import Value
    from seawall.decide.ask import Grounded
    from seawall.decide.case import Case
    from seawall.decide.residual import Left, Rails
    from seawall.policy.conditions import Condition
    from seawall.policy.model import EventType, Project, Strategy

_MOST_PLACES = 4_096  # combinations of market, language and availability whose scope is remembered

_MOST_SITUATIONS = 16_384  # combinations of what fired, what is open and who takes part, likewise

_MOST_COMPARED = 32  # open strategies; among more, which outdoes which is not worth finding out

Names: TypeAlias = "tuple[tuple[str, str], ...]"
"""The names of an event's targets, as `Targets.names` has them."""


class Situation(NamedTuple):
    """What some conditions being true and others open comes to.

    Attributes:
        matter: open live conditions that could change the outcome.
        several: those of them that read several signals; their row says which still matter.
        choice: the signal to buy where there are none such and every signal can be had.
        weighed: whether one that another would outdo counts for less.
    """

    matter: tuple[int, ...]
    several: tuple[int, ...]
    choice: str | None
    weighed: bool = True


class Plan:
    """Everything the engine knows about one event type before the first event.

    Attributes:
        event_type: the type.
        strategies: those that are on for it, in project order, one with overlays in every form it has
            somewhere, one with a rollout in both parts; indexes below are into it.
        names: theirs; an event is in scope of one form of each, at most, and belongs to one part of it.
        conditions: compiled, one per strategy.
        live: indexes of live strategies; the others are shadows.
        always: indexes of live strategies whose signals are bought whatever they could change.
        shadow_names: the names of those that are not, somewhere.
        partial: whether one of them is live for a share of people.
        careful: indexes of live strategies that say what follows if a signal gives no answer.
        costs: every signal computed for the type, with its cost in microseconds.
        audit: those signals, cheapest first.
    """

    def __init__(
        self,
        project: Project,
        event_type: EventType,
        *,
        shares: Shares = Shares(),  # noqa: B008  frozen
    ) -> None:
        self.event_type = event_type
        self.strategies: tuple[Strategy, ...] = tuple(
            part
            for strategy in project.strategies.values()
            if event_type.name in strategy.on
            for form in forms(strategy)
            if form.mode is not Mode.OFF
            for part in parts(form)
        )
        self.names = tuple(strategy.name for strategy in self.strategies)
        scope = scope_of(project, event_type.name)
        self.conditions: tuple[Condition, ...] = tuple(
            strategy_condition(project, strategy, event_type.name) for strategy in self.strategies
        )
        self.live = frozenset(n for n, each in enumerate(self.strategies) if each.mode is Mode.LIVE)
        self.always = frozenset(n for n in self.live if self.strategies[n].evaluate == "always")
        self.shadow_names = frozenset(each.name for each in self.strategies if each.mode is not Mode.LIVE)
        self.partial = any(each.reached is not None for each in self.strategies)
        self.careful = frozenset(n for n in self.live if self.strategies[n].on_failure)
        self.costs = {
            name: column.cost_us for name, column in scope.columns.items() if column.source == "signal"
        }
        self.audit = sorted(self.costs, key=lambda name: (self.costs[name], name))
        self._lay_out(scope.columns.keys(), project)
        self.program = compile_row(self.conditions, self.columns)
        self.residuals = {
            n: Residual(each, self.columns) for n, each in enumerate(self.conditions) if len(each.signals) > 1
        }
        self.wholes = {
            n: Part(to_text(each.expr), each.signals)
            for n, each in enumerate(self.conditions)
            if len(each.signals) == 1
        }
        self._project = project
        self._prices = {name: max(cost, FREE_US) for name, cost in self.costs.items()}
        self.alone = lru_cache(maxsize=None)(self._alone)
        self.grounded = lru_cache(maxsize=_MOST_PLACES)(self._grounded)
        self.in_scope = lru_cache(maxsize=_MOST_PLACES)(self._in_scope)
        self._outdoes = lru_cache(maxsize=_MOST_SITUATIONS)(self._outdone)
        self._learn(shares)

    def learned(self, shares: Shares) -> Plan:
        """The same with other shares; what was compiled is kept."""
        plan = copy(self)
        plan._learn(shares)  # noqa: SLF001  a copy of our own
        return plan

    def _learn(self, shares: Shares) -> None:
        self._share = [partial(shares.share, name) for name in self.names]
        self.situation = lru_cache(maxsize=_MOST_SITUATIONS)(self._situation)
        self.choose = lru_cache(maxsize=_MOST_SITUATIONS)(self._choose)

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

    def here(self, event: Event) -> frozenset[int]:
        """The strategies that an event is in scope of, each in the part of its rollout that it belongs to."""
        holds = self.in_scope(event.market, event.language, event.available_in)
        if not self.partial:
            return holds
        return frozenset(n for n in holds if belongs(self.strategies[n], self.event_type, event))

    def left(self, index: int, case: Case, settled: frozenset[str]) -> Left | bool:
        """What is open of a condition that is open, given the signals that cannot be bought any more."""
        residual = self.residuals.get(index)
        if residual is None:
            return without(self.wholes[index], settled)
        return residual.left(residual.rails(case.row_of(index)), settled)

    def next_signal(self, situation: Situation, case: Case) -> str | None:
        """The signal to buy next; none where nothing that could be bought would change the outcome."""
        if not situation.several and not case.failed and not case.later:
            return situation.choice
        rails = tuple([self.residuals[n].rails(case.row_of(n)) for n in situation.several])
        names = tuple(case.aimed.names.items())
        return self.choose(situation, rails, case.settled, case.event.market, names)

    def unweighed(self, open_: tuple[int, ...]) -> Situation:
        """Where each of these counts, whatever the others would do."""
        several = tuple(n for n in open_ if n in self.residuals)
        found = Situation(open_, several, None, weighed=False)
        return found if several else found._replace(choice=self.choose(found, (), frozenset[str](), None, ()))

    def _situation(
        self, open_: tuple[int, ...], fired: tuple[int, ...], market: str | None, names: Names
    ) -> Situation:
        """Where some live conditions fired and others are open."""
        known = dict(names)
        rungs = certain([self.grounded(n, market) for n in fired], known)
        matter = tuple(n for n in open_ if adds(self.grounded(n, market), rungs, known))
        several = tuple(n for n in matter if n in self.residuals)
        found = Situation(matter, several, None)
        if several:
            return found
        return found._replace(choice=self._choose(found, (), frozenset(), market, names))

    def _choose(
        self,
        situation: Situation,
        rails: tuple[Rails, ...],
        settled: frozenset[str],
        market: str | None,
        names: Names,
    ) -> str | None:
        read = dict(zip(situation.several, rails, strict=True))
        left = {
            n: self.residuals[n].left(read[n], settled) if n in read else without(self.wholes[n], settled)
            for n in situation.matter
        }
        open_ = {n: each for n, each in left.items() if not isinstance(each, bool) and waits_for(each)}
        return best(
            [
                Open(
                    each,
                    self._share[n],
                    self._weight(n, open_, market, names) if situation.weighed else 1.0,
                )
                for n, each in open_.items()
            ],
            self._prices,
        )

    def _weight(self, index: int, open_: Mapping[int, Left], market: str | None, names: Names) -> float:
        """How likely a strategy still matters when those that would outdo it are known."""
        if not 1 < len(open_) <= _MOST_COMPARED:
            return 1.0
        return prod(
            sorted(
                1 - expected(each, self._prices, self._share[n]).share
                for n, each in open_.items()
                if n != index and self._outdoes(n, index, market, names)
            )
        )

    def _outdone(self, stronger: int, weaker: int, market: str | None, names: Names) -> bool:
        known = dict(names)
        return not adds(
            self.grounded(weaker, market), certain([self.grounded(stronger, market)], known), known
        )

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
            if strategy in parts(flattened(self._project.strategies[strategy.name], market, language))
            and in_scope(self._project, strategy, market, language, available_in)
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
