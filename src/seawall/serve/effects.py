"""Wires what holds and who is told: what projects it, and the chores that keep it true and on its way."""

from __future__ import annotations

import random
import secrets
from typing import TYPE_CHECKING

from seawall.act.deliver import Deliverer
from seawall.act.destination import Destination, read_destinations
from seawall.act.effects import Effects
from seawall.act.projection import ProjectEffects
from seawall.act.sender_httpx import HttpxSender
from seawall.appeal.finding import ProjectAppeals
from seawall.appeal.notices import notify_settled
from seawall.appeal.post import Post
from seawall.appeal.project import ProjectNotices
from seawall.appeal.reports import decide_reports
from seawall.appeal.restore import decide_appeals
from seawall.core.clock import MICROS_PER_SECOND
from seawall.decide.evidence import Evidence
from seawall.review.finding import ProjectVerdicts
from seawall.review.project import ProjectTasks
from seawall.review.tidy import tidy
from seawall.serve.links import open_links
from seawall.serve.secret import keep_secret
from seawall.store.projections import PROJECTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from seawall.appeal.link import Links
    from seawall.core.clock import Clock
    from seawall.core.decision import Decision
    from seawall.core.event import Event
    from seawall.policy.model import Project
    from seawall.store.ledger import Ledger
    from seawall.store.projector import Projection

DESTINATIONS = "destinations.yml"
"""In the data folder: addresses and names of secrets differ between a trial and the real thing."""

LANE_SALT = "lane.salt"
"""In the data folder: what the random lane draws must not be known to who reads the project."""

_SALT_BYTES = 32
_DUE = 1000
_TURN_US = 2 * MICROS_PER_SECOND  # how long one turn of delivery may take before the process may stop


class Outgoing:
    """The effects of one process, the tasks that bring more of them, and the words to people about them.

    Attributes:
        destinations: who is told.
        effects: what holds.
        post: how people are written to.
        event_of: the event of a decision by the decision's id, once a store is there to ask.
    """

    def __init__(
        self,
        destinations: Sequence[Destination],
        *,
        clock: Clock,
        links: Links | None = None,
        salt: str | None = None,
    ) -> None:
        self.destinations = tuple(destinations)
        self.effects = Effects(self.destinations)
        self._clock = clock
        self._projection = ProjectEffects(self.effects, clock=clock, evidence=self._evidence_of)
        self.post = Post(self.destinations, links)
        self.event_of: Callable[[str], Event | None] = _no_event
        self._notices = ProjectNotices(self.post, clock=clock, event_of=self._event)
        self._tasks = ProjectTasks(salt=salt)
        self._findings = (
            ProjectVerdicts(self.effects, clock=clock),
            ProjectAppeals(self.effects, clock=clock),
        )
        self._project: Project | None = None
        self._evidence: Evidence | None = None
        self._sender: HttpxSender | None = None

    @classmethod
    def of(cls, data: Path, *, clock: Clock, public_url: str | None = None) -> Outgoing:
        """The effects of a data folder.

        Args:
            data: the folder.
            clock: what time it is.
            public_url: under which people reach this server; None: notices carry no link.

        Raises:
            UsageError: its list of destinations, or its keys of links, do not say what they should.
        """
        links = open_links(data, public_url)
        salt = keep_secret(data / LANE_SALT, secrets.token_hex(_SALT_BYTES)).strip()
        return cls(read_destinations(data / DESTINATIONS), clock=clock, links=links, salt=salt)

    @property
    def projections(self) -> tuple[Projection, ...]:
        """What the ledger is made of: effects, the notices of those that stand, and tasks included."""
        return (*PROJECTIONS, self._projection, self._notices, self._tasks, *self._findings)

    def know(self, project: Project) -> None:
        """Another version of the project is in force."""
        self._projection.know(project)
        self._notices.know(project)
        self._tasks.know(project)
        self._project = project
        self._evidence = Evidence(project)

    def chores(self, ledger: Ledger) -> list[tuple[str, Callable[[], object], float]]:
        """What has to be done again and again: a name, the work, and the seconds to pause."""
        self._sender = HttpxSender(connections=sum(each.parallel for each in self.destinations) or 1)
        deliverers = {
            each.name: Deliverer(
                ledger,
                each,
                sender=self._sender,
                clock=self._clock,
                rng=random.SystemRandom(),
                complete=self.post.complete,
            )
            for each in self.destinations
        }
        chores: list[tuple[str, Callable[[], object], float]] = [("effects", lambda: self.tick(ledger), 1.0)]
        chores.append(("review", lambda: self.tidy(ledger), 1.0))
        chores += [
            (f"deliver-{name}", lambda one=one: self._turn(one), 0.2) for name, one in deliverers.items()
        ]
        return chores

    def _event(self, decision_id: str) -> Event | None:
        return self.event_of(decision_id)

    def _evidence_of(self, decision: Decision) -> dict[str, tuple[str, ...]]:
        if self._evidence is None:
            return {}
        return self._evidence.of(decision, self._event(decision.decision_id))

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
        """Let verdicts settle and time-outs fall, with what follows for people, in one transaction."""
        if self._project is None:
            return
        project, post, now = self._project, self.post, self._clock.now()
        with ledger.begin() as connection:
            settled = tidy(connection, self.effects, project, now=now).settled
            notify_settled(connection, settled, project, post, now=now)
            decide_appeals(connection, self.effects, project, post, now=now)
            decide_reports(connection, settled, post, now=now)

    def close(self) -> None:
        """Let go of connections."""
        if self._sender is not None:
            self._sender.close()

    def _turn(self, deliverer: Deliverer) -> None:
        until = self._clock.now() + _TURN_US
        while deliverer.deliver_due() and self._clock.now() < until:
            pass


def _no_event(_decision_id: str) -> Event | None:
    return None
