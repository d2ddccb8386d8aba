"""Every strategy that holds for an event, with the trace of its condition, from the inputs that were read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from seawall.core.decision import NO_ANSWER
from seawall.core.event import ENVELOPE
from seawall.core.truth import Truth
from seawall.decide.plan import Plan
from seawall.decide.trace import TraceNode, trace
from seawall.policy.model import Mode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seawall.core.decision import Reading
    from seawall.core.event import Event
    from seawall.core.truth import NotBought
    from seawall.core.types import Value
    from seawall.policy.model import OnFailure, Project

STATES = {Truth.TRUE: "fired", Truth.OPEN: "undetermined"}
"""What a strategy is by the truth of its condition; else it did not fire."""

UNANSWERED = "unanswered"
"""What it is if a signal that could still decide it gave no answer, and it says what follows from that."""


class Explained(msgspec.Struct, frozen=True):
    """One strategy on one event.

    Attributes:
        strategy: its name.
        mode: live or shadow.
        clause: what it enforces, `policy#clause`.
        state: fired, not fired, undetermined, or unanswered.
        asks: the actions and queues it asks for, in words.
        trace: its condition, part by part.
    """

    strategy: str
    mode: Mode
    clause: str
    state: str
    asks: tuple[str, ...]
    trace: TraceNode


def explain(
    project: Project,
    event: Event,
    *,
    features: Mapping[str, Reading],
    signals: Mapping[str, Reading],
    plan: Plan | None = None,
) -> list[Explained]:
    """Strategies in project order; those that do not hold for the event's market or language are left out.

    Args:
        project: the version that decided.
        event: what it decided on.
        features: what was read.
        signals: what was bought; any other was not looked at.
        plan: of the event's type, where one is at hand.
    """
    plan = plan or Plan(project, project.events[event.type])
    known: dict[str, Value | Reading | NotBought] = {**event.fields, **features, **signals}
    known.update((name, getattr(event, name)) for name in ENVELOPE)
    failed = frozenset(name for name, reading in signals.items() if reading.null in NO_ANSWER)
    explained: list[Explained] = []
    for n in sorted(plan.here(event)):
        strategy = plan.strategies[n]
        doubtful = failed.intersection(plan.conditions[n].signals) if n in plan.careful else frozenset[str]()
        traced = trace(plan.conditions[n], known, doubtful=doubtful)
        asked = plan.grounded(n, event.market)
        asks = (*(ask.action for ask in asked.asks), *(f"review {then.queue}" for then in asked.reviews))
        state = STATES.get(traced.truth or Truth.NULL, "not fired")
        if doubtful and traced.truth is Truth.OPEN:
            state, asks = UNANSWERED, _instead(strategy.on_failure)
        explained.append(Explained(strategy.name, strategy.mode, asked.ground.policy, state, asks, traced))
    return explained


def _instead(said: OnFailure) -> tuple[str, ...]:
    retry = ("ask again",) if said.retry else ()
    return retry if said.review is None else (*retry, f"review {said.review}")
