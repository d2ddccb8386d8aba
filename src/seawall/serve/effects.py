"""Wires what holds: who is told, what projects it, and the chores that keep it true and on its way."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from seawall.act.deliver import Deliverer
from seawall.act.destination import Destination, read_destinations
from seawall.act.effects import Effects
from seawall.act.projection import ProjectEffects
from seawall.act.sender_httpx import HttpxSender
from seawall.core.clock import MICROS_PER_SECOND
from seawall.review.project import ProjectTasks
from seawall.review.tidy import tidy
from seawall.store.projections import PROJECTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from seawall.core.clock import Clock
    from seawall.policy.model import Project
    from seawall.store.ledger import Ledger
    from seawall.store.projector import Projection

DESTINATIONS = "destinations.yml"
"""In the data folder: addresses and names of secrets differ between a trial and the real thing."""

_DUE = 1000
_TURN_US = 2 * MICROS_PER_SECOND  # how long one turn of delivery may take before the process may stop


class Outgoing:
    """The effects of one process, and the tasks that bring more of them.

    Attributes:
        destinations: who is told.
        effects: what holds.
    """

    def __init__(self, destinations: Sequence[Destination], *, clock: Clock) -> None:
        self.destinations = tuple(destinations)
        self.effects = Effects(self.destinations)
        self._clock = clock
        self._projection = ProjectEffects(self.effects, clock=clock)
        self._tasks = ProjectTasks()
        self._project: Project | None = None
        self._sender: HttpxSender | None = None

    @classmethod
    def of(cls, data: Path, *, clock: Clock) -> Outgoing:
        """The effects of a data folder.

        Raises:
            UsageError: its list of destinations does not say what it should.
        """
        return cls(read_destinations(data / DESTINATIONS), clock=clock)

    @property
    def projections(self) -> tuple[Projection, ...]:
        """What the ledger is made of, effects and tasks included."""
        return (*PROJECTIONS, self._projection, self._tasks)

    def know(self, project: Project) -> None:
        """Another version of the project is in force."""
        self._projection.know(project)
        self._tasks.know(project)
        self._project = project

    def chores(self, ledger: Ledger) -> list[tuple[str, Callable[[], object], float]]:
        """What has to be done again and again: a name, the work, and the seconds to pause."""
        self._sender = HttpxSender(connections=sum(each.parallel for each in self.destinations) or 1)
        deliverers = {
            each.name: Deliverer(
                ledger, each, sender=self._sender, clock=self._clock, rng=random.SystemRandom()
            )
            for each in self.destinations
        }
        chores: list[tuple[str, Callable[[], object], float]] = [("effects", lambda: self.tick(ledger), 1.0)]
        chores.append(("review", lambda: self.tidy(ledger), 1.0))
        chores += [
            (f"deliver-{name}", lambda one=one: self._turn(one), 0.2) for name, one in deliverers.items()
        ]
        return chores

    def tick(self, ledger: Ledger) -> int:
        """Lift what has ended, begin what has begun; gives how many keys were due."""
        total = 0
        while True:
            with ledger.begin() as connection:
                done = self.effects.tick(connection, at=self._clock.now(), limit=_DUE)
            total += done
            if done < _DUE:
                return total

    def tidy(self, ledger: Ledger) -> None:
        """Let verdicts settle and time-outs fall, with what follows from them, in one transaction."""
        if self._project is not None:
            with ledger.begin() as connection:
                tidy(connection, self.effects, self._project, now=self._clock.now())

    def close(self) -> None:
        """Let go of connections."""
        if self._sender is not None:
            self._sender.close()

    def _turn(self, deliverer: Deliverer) -> None:
        until = self._clock.now() + _TURN_US
        while deliverer.deliver_due() and self._clock.now() < until:
            pass
