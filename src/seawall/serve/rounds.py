"""Later rounds: what a decision did not wait for, or what failed, is asked for again, and decided again.

They run beside the worker, in a thread of their own: a slow signal delays no live decision. What is due is
durable; after a restart it goes on where it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.decide.model import Done
from seawall.serve.waited import Basket
from seawall.store.rounds import close_rounds, due_rounds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seawall.core.clock import Clock
    from seawall.core.decision import Decision
    from seawall.core.event import Event
    from seawall.decide.engine import Engine
    from seawall.serve.worker import Worker
    from seawall.store import Store

_TOGETHER = 64
"""Decisions whose next round is decided together."""


class Rounds:
    """Decides the rounds that are due.

    Args:
        store: where decisions are found and recorded.
        worker: whose engine and detectors are used, as they are at that moment.
        clock: what time it is.
    """

    def __init__(self, store: Store, worker: Worker, clock: Clock) -> None:
        self._store = store
        self._worker = worker
        self._clock = clock

    def turn(self) -> int:
        """Decide what is due; gives how many rounds that were.

        Raises:
            StorageError: nothing of it was recorded; it is due still.
        """
        done = 0
        while due := due_rounds(self._store.ledger, at=self._clock.now(), limit=_TOGETHER):
            engine = self._worker.engine
            pairs = self._resumable(engine, due)
            if pairs:
                after = self._decide(engine, pairs)
                events = [event for event, _ in pairs]
                self._store.record(list(zip(events, after, strict=True)))
                done += len(after)
            # the projection closes them too, but it runs later, and what has no next round it cannot know
            close_rounds(self._store.ledger, due, at=self._clock.now())
        return done

    def _resumable(self, engine: Engine, due: Sequence[str]) -> list[tuple[Event, Decision]]:
        """Those of which the event is still kept, and all that fired still in force."""
        found = [self._store.find(decision_id) for decision_id in due]
        return [
            (each.event, each.decision)
            for each in found
            if each is not None and each.event is not None and engine.resumable(each.event, each.decision)
        ]

    def _decide(self, engine: Engine, pairs: Sequence[tuple[Event, Decision]]) -> Sequence[Decision]:
        detectors = self._worker.detectors
        state = engine.resume(pairs, now=self._clock.now())
        basket = Basket(engine, state)
        while not isinstance(step := engine.step(state), Done):
            events = [pairs[row][0] for row in step.rows]
            basket.ask(step.signal, step.rows)
            readings = detectors.read(step.signal, events)
            basket.pay(step.signal, step.rows, readings)
            engine.supply(state, step.signal, readings)
        self._worker.waited.count(basket.purchases, step.decisions)
        return step.decisions
