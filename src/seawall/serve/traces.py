"""Recomputes why a recorded decision fell as it did, from the inputs that were recorded with it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from seawall.core.decision import NO_ANSWER
from seawall.core.event import ENVELOPE
from seawall.core.truth import Truth
from seawall.decide.plan import in_scope
from seawall.decide.trace import trace
from seawall.policy.conditions.expr import And, Not, Or, is_leaf
from seawall.policy.effective import strategy_condition
from seawall.policy.flatten import flattened
from seawall.policy.model import Mode
from seawall.policy.rollout import part_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from seawall.core.decision import Decision, Reading
    from seawall.core.event import Event
    from seawall.core.types import Value
    from seawall.decide.trace import TraceNode
    from seawall.policy.conditions import Condition
    from seawall.policy.conditions.expr import Expr
    from seawall.policy.model import Project, Strategy


class Part(NamedTuple):
    """A part of a condition: made of other parts (AND, OR, NOT), or true or false by its operands."""

    node: TraceNode
    parts: tuple[Part, ...]

    @property
    def state(self) -> str:
        """The mark before it."""
        truth = self.node.truth if self.node.looked_at else Truth.OPEN
        return (truth or Truth.OPEN).value

    @property
    def operands(self) -> tuple[TraceNode, ...]:
        """What it compares; empty where it is made of parts."""
        return () if self.parts else self.node.children

    def leaves(self) -> Iterator[Part]:
        """The parts that are not made of others."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()


class Verdict(NamedTuple):
    """One strategy on one event.

    Attributes:
        strategy: as it was in the version that decided, with the overlays of the event.
        whole: its condition with every part; None if it is switched off.
        outcome: fired, shadow, unanswered, undetermined, not fired, or off.
    """

    strategy: Strategy
    whole: Part | None
    outcome: str

    @property
    def truth(self) -> str:
        """The mark before its name."""
        return self.whole.state if self.whole else Truth.OPEN.value


def verdicts(project: Project, event: Event, decision: Decision) -> list[Verdict]:
    """Every strategy in scope of an event: what fired first, then what was left open, then the rest."""
    readings = readings_of(event, decision)
    found = [
        _verdict(project, strategy, decision, readings)
        for whole in project.strategies.values()
        if event.type in whole.on
        and (form := flattened(whole, event.market, event.language))
        and (strategy := part_of(form, project.events[event.type], event))
        and in_scope(project, strategy, event.market, event.language, event.available_in)
    ]
    order = ("fired", "shadow", "unanswered", "undetermined", "not fired", "off")
    return sorted(found, key=lambda verdict: order.index(verdict.outcome))


def readings_of(event: Event, decision: Decision) -> Mapping[str, Value | Reading]:
    """Every column a condition may read: envelope, fields, and what was recorded of features and signals."""
    envelope: dict[str, Value] = {name: getattr(event, name) for name in ENVELOPE}
    return {**envelope, **event.fields, **decision.features, **decision.signals}


def explain(
    condition: Condition, readings: Mapping[str, Value | Reading], *, doubtful: Collection[str] = ()
) -> Part:
    """A condition with every part of it, given the inputs of one event; see `trace`."""
    return _part(condition.expr, trace(condition, readings, doubtful=doubtful))


def _part(expr: Expr, node: TraceNode) -> Part:
    match expr:
        case And(parts=parts) | Or(parts=parts):
            return Part(node, tuple(_part(*pair) for pair in zip(parts, node.children, strict=True)))
        case Not(part=part) if not is_leaf(part):
            return Part(node, (_part(part, node.children[0]),))
        case _:
            return Part(node, ())


def condition_of(project: Project, strategy: Strategy, event_type: str) -> Condition:
    """A strategy's condition, compiled for one event type."""
    return _compiled(_Key(project, strategy, event_type))


class _Key:
    """Projects are large; two are the same if their version is. A strategy may have several forms."""

    def __init__(self, project: Project, strategy: Strategy, event_type: str) -> None:
        self.project = project
        self.strategy = strategy
        self.event_type = event_type
        said = (strategy.when, strategy.except_when, strategy.then, strategy.reached)
        self._id = (project.version, strategy.name, event_type, said)

    def __hash__(self) -> int:
        return hash(self._id)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self._id == other._id


@lru_cache(maxsize=512)
def _compiled(key: _Key) -> Condition:
    return strategy_condition(key.project, key.strategy, key.event_type)


def _verdict(
    project: Project, strategy: Strategy, decision: Decision, readings: Mapping[str, Value | Reading]
) -> Verdict:
    if strategy.mode is Mode.OFF:
        return Verdict(strategy, None, "off")
    failed = {name for name, reading in decision.signals.items() if reading.null in NO_ANSWER}
    doubtful = failed if strategy.on_failure and strategy.mode is Mode.LIVE else ()
    explained = explain(condition_of(project, strategy, decision.type), readings, doubtful=doubtful)
    for outcome, names in (
        ("fired", decision.fired),
        ("shadow", decision.shadow),
        ("unanswered", decision.missing),
        ("undetermined", decision.undetermined),
    ):
        if strategy.name in names:
            return Verdict(strategy, explained, outcome)
    return Verdict(strategy, explained, "not fired")
