"""Shadow strategies after release: what they would have done where the decision left them open.

A live decision is never delayed for them. A sample of what they left open, drawn by a salted hash of its own,
is looked into afterwards in a thread beside the worker, within a budget for the day. Values are shared: what
the decision bought is known, and what one shadow strategy buys the others know too.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from seawall.core.decision import NO_ANSWER
from seawall.decide.model import Done, Sample
from seawall.decide.sample import drawn
from seawall.store import Aside
from seawall.store.asides import DAY_US, spent_us

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seawall.core.clock import Clock
    from seawall.core.decision import Decision
    from seawall.core.event import Event
    from seawall.serve.worker import Worker
    from seawall.store import Store

_SALT = "shadow"
_MOST = 10_000  # decisions that may wait to be looked into; beyond it they are left out and counted
_TOGETHER = 64


class Asides:
    """Looks into what shadow strategies would have done.

    Args:
        store: where what is found out is recorded.
        worker: whose engine and detectors are used, as they are at that moment.
        clock: what time it is.

    Attributes:
        left_out: decisions that were drawn and not looked into, since too many waited or the day's budget was
            spent.
    """

    def __init__(self, store: Store, worker: Worker, clock: Clock) -> None:
        self._store = store
        self._worker = worker
        self._clock = clock
        self._waiting: deque[tuple[Event, Decision]] = deque()
        self._day: int = -1
        self._spent_us = 0.0
        self.left_out = 0

    def offer(self, pairs: Iterable[tuple[Event, Decision]]) -> None:
        """Decisions that were released; those that are drawn wait to be looked into."""
        engine = self._worker.engine
        sample = Sample(engine.project.shadow.probability, f"{_SALT} {engine.project.name}")
        for event, decision in pairs:
            if not decision.undetermined or not engine.shadows(event, decision) or not drawn(sample, event):
                continue
            if len(self._waiting) < _MOST:
                self._waiting.append((event, decision))
            else:
                self.left_out += 1

    def turn(self) -> int:
        """Look into what waits; gives how many decisions that were.

        Raises:
            StorageError: what was found out could not be recorded.
        """
        done = 0
        while self._waiting:
            left_us = self._left_us()
            if left_us <= 0:
                self.left_out += len(self._waiting)
                self._waiting.clear()
                return done
            most_us = sum(spec.cost_us for spec in self._worker.project.signals.values())
            together = max(1, min(_TOGETHER, len(self._waiting), int(left_us / max(most_us, 1.0))))
            batch = [self._waiting.popleft() for _ in range(together)]
            found = self._look(batch)
            self._store.aside(found)
            self._spent_us += sum(sum(one.costs.values()) for one in found)
            done += len(found)
        return done

    def _left_us(self) -> float:
        """Of the day's budget."""
        day = self._clock.now() // DAY_US
        if day != self._day:
            self._day, self._spent_us = day, spent_us(self._store.ledger, day)
        return self._worker.project.shadow.budget_us - self._spent_us

    def _look(self, batch: list[tuple[Event, Decision]]) -> list[Aside]:
        engine, detectors = self._worker.engine, self._worker.detectors
        state, costs = engine.aside(batch), [dict[str, float]() for _ in batch]
        while not isinstance(step := engine.step(state), Done):
            waiting = engine.waiting(state)
            readings = detectors.read(step.signal, [batch[row][0] for row in step.rows])
            for row, names, reading in zip(step.rows, waiting, readings, strict=True):
                for name in names:
                    costs[row][name] = costs[row].get(name, 0.0) + reading.cost_us / len(names)
            engine.supply(state, step.signal, readings)
        probability, at = engine.project.shadow.probability, self._clock.now()
        return [
            _found(decision, after, engine.shadows(event, decision), spent, probability, at)
            for (event, decision), after, spent in zip(batch, step.decisions, costs, strict=True)
        ]


def _found(
    decision: Decision,
    after: Decision,
    looked: tuple[str, ...],
    costs: dict[str, float],
    probability: float,
    at: int,
) -> Aside:
    """What is known now of the shadow strategies that the decision had left open."""
    fresh = {name: reading for name, reading in after.signals.items() if name not in decision.signals}
    failed = any(reading.null in NO_ANSWER for reading in after.signals.values())
    fired = tuple(name for name in looked if name in after.shadow)
    unsure = tuple(name for name in looked if name in after.undetermined or (failed and name not in fired))
    return Aside(
        decision_id=decision.decision_id,
        ts=decision.ts,
        signals=fresh,
        fired=fired,
        not_fired=tuple(name for name in looked if name not in fired and name not in unsure),
        unknown=unsure,
        probability=probability,
        costs=costs,
        at=at,
    )
