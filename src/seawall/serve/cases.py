"""The tests of a safety project: events in, and the decision the last one must get."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from seawall.core.decision import Reading
from seawall.core.errors import EventError
from seawall.decide.engine import build
from seawall.decide.explain import Explained, explain
from seawall.decide.filters import definitions
from seawall.decide.model import Done, Sample
from seawall.features import FeatureState
from seawall.ingest import Intake
from seawall.policy.model import Case, Mode
from seawall.signals import KINDS, Detectors

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from seawall.core.decision import Decision
    from seawall.core.event import Event
    from seawall.core.types import Value
    from seawall.policy.model import Project

FAR = 2**62
"""A clock so late that no test's event is ahead of it: tests may be about any day."""


class Mismatch(msgspec.Struct, frozen=True):
    """One expectation that was not met.

    Attributes:
        what: the word of the expectation.
        expected: what the test says.
        got: what came.
        explained: the strategy behind it, where one is.
    """

    what: str
    expected: str
    got: str
    explained: Explained | None = None


class Outcome(msgspec.Struct, frozen=True):
    """What came of one test: no mismatch means that it passed."""

    case: Case
    mismatches: tuple[Mismatch, ...]
    fired: tuple[str, ...] = ()  # live or shadow


class Runner:
    """Runs the tests of one project; each begins with an empty history."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._engine = build(project, sample=Sample(probability=0.0))
        self._thorough = build(project, sample=Sample(probability=1.0))
        self._detectors = Detectors(project, KINDS)
        self._definitions = definitions(project)

    def run(self, case: Case) -> Outcome:
        """Run one."""
        intake = Intake(self._project)
        try:
            events = [intake.take(document, now=FAR) for document in case.events]
        except EventError as error:
            return Outcome(case, (Mismatch("event", "one that fits its type", str(error)),))
        state = FeatureState(self._definitions, warm=False)
        for event in events[:-1]:
            state.absorb(event)
        last = events[-1]
        self._detectors.memories.forget()
        self._detectors.memories.begin(events[0].ts, complete=True)
        self._detectors.memories.observe(events)
        features = {**state.observe(last), **_given(case.features)}
        decision = self._decide(last, features, _given(case.signals))
        explained = {
            each.strategy: each
            for each in explain(
                self._project,
                last,
                features=decision.features,
                signals=decision.signals,
                plan=self._engine.plans[last.type],
            )
        }
        fired = (*decision.fired, *decision.shadow)
        return Outcome(case, tuple(_mismatches(case, decision, explained)), fired)

    def close(self) -> None:
        """Let go of the detectors."""
        self._detectors.close()

    def _decide(self, event: Event, features: dict[str, Reading], given: Mapping[str, Reading]) -> Decision:
        state = self._engine.start([event], [features], now=event.ts)
        while not isinstance(step := self._engine.step(state), Done):
            reading = given.get(step.signal) or self._detectors.read(step.signal, [event])[0]
            self._engine.supply(state, step.signal, [reading])
        shadow = self._shadowed(event, step.decisions[0], given)
        return step.decisions[0] if shadow is None else shadow

    def _shadowed(self, event: Event, decision: Decision, given: Mapping[str, Reading]) -> Decision | None:
        """A test may ask of a shadow strategy what the cascade would not buy: then everything is bought."""
        if not decision.undetermined:
            return None
        engine = self._thorough
        state = engine.start([event], [decision.features], audit=[True], now=event.ts)
        while not isinstance(step := engine.step(state), Done):
            known = decision.signals.get(step.signal) or given.get(step.signal)
            reading = known or self._detectors.read(step.signal, [event])[0]
            engine.supply(state, step.signal, [reading])
        return step.decisions[0]


def unexercised(project: Project, outcomes: Iterable[Outcome]) -> tuple[list[str], list[str]]:
    """Strategies that fired in no test, and clauses that none of those that fired enforces."""
    fired = {name for outcome in outcomes for name in outcome.fired}
    on = [each for each in project.strategies.values() if each.mode is not Mode.OFF]
    strategies = [each.name for each in on if each.name not in fired]
    met = {f"{each.policy}#{each.clause}" for each in on if each.name in fired}
    clauses = [
        f"{policy.name}#{clause.id}"
        for policy in project.policies.values()
        for clause in policy.clauses.values()
        if not clause.exception and f"{policy.name}#{clause.id}" not in met
    ]
    return strategies, clauses


def _given(values: Mapping[str, Value]) -> dict[str, Reading]:
    return {name: Reading(value, None if value is not None else "absent") for name, value in values.items()}


def _mismatches(case: Case, decision: Decision, explained: Mapping[str, Explained]) -> Iterable[Mismatch]:
    fired = {*decision.fired, *decision.shadow}
    if case.action is not None and case.action != decision.action:
        yield Mismatch("action", case.action, decision.action)
    actions = sorted(action.action for action in decision.actions)
    if case.actions is not None and sorted(case.actions) != actions:
        yield Mismatch("actions", _listed(case.actions), _listed(actions))
    queues = sorted(review.queue for review in decision.review)
    if case.review is not None and sorted(case.review) != queues:
        yield Mismatch("review", _listed(case.review), _listed(queues))
    for name in case.fired or ():
        if name not in fired:
            each = explained.get(name)
            said = "not in scope, or off" if each is None else each.state
            yield Mismatch("fired", name, said, each)
    for name in case.not_fired:
        if name in fired:
            yield Mismatch("not_fired", name, "fired", explained.get(name))
    if case.only_fired:
        for name in sorted(fired - set(case.fired or ())):
            yield Mismatch("only_fired", _listed(case.fired or ()), f"{name} fired too", explained.get(name))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"
