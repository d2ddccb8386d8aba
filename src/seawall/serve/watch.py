"""Watches live strategies against their budgets, and says which control record follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from seawall.measure.brake import LEAST_FIRES, SEVERE, Step, brake
from seawall.measure.model import Window
from seawall.measure.strategy import watched
from seawall.policy.model import Mode
from seawall.serve.live_since import live_since
from seawall.store import Control
from seawall.store.held import BRAKE, CALL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seawall.core.clock import Clock
    from seawall.measure.brake import Ruling, Watched
    from seawall.policy.model import Project, Strategy
    from seawall.store import Store
    from seawall.store.held import Held

MACHINE = "seawall"
"""Who brakes."""

_REST = 20
"""The watch rests this many times as long as it looked, so that it takes a twentieth of a core at most."""


class Seen(NamedTuple):
    """One strategy against its budget.

    Attributes:
        since: from when it is counted, microseconds.
        watched: what is known of it.
        ruling: what follows.
    """

    since: int
    watched: Watched
    ruling: Ruling


class Watch:
    """Looks at what strategies did. One thread drives `look`; `see` may be called by any."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._seen: dict[str, tuple[int, int, int]] = {}  # from when, fires, labels: nothing else can alarm
        self._next = 0

    def look(self, project: Project, held: Held) -> list[Control]:
        """The records that must follow now; none for what is braked or called already.

        Raises:
            UsageError: who was active took too long to count; the next look tries again.
        """
        began = self._clock.now()
        if began < self._next:
            return []
        with self._store.ledger.read() as connection:
            since = live_since(connection)
        found: list[Control] = []
        active: dict[int, int] = {}
        for strategy in _held_to_budget(project, held):
            if strategy.name not in since:
                continue
            start = held.counted_from(strategy.name, since[strategy.name])
            one = self._changed(project, strategy, Window(start, began))
            if one is None:
                continue
            if start not in active:
                active[start] = self._store.active(start, began)
            ruled = brake(msgspec.structs.replace(one, active=max(active[start], 1)))
            self._seen[strategy.name] = (start, one.fires, one.labels)
            if ruled.step is not Step.KEEP:
                kind = BRAKE if ruled.step is Step.TO_SHADOW else CALL
                found.append(
                    Control(kind=kind, target=strategy.name, by=MACHINE, reason=ruled.reason, at=began)
                )
        ended = self._clock.now()
        self._next = ended + _REST * (ended - began)
        return found

    def see(self, project: Project, strategy: Strategy, held: Held) -> Seen | None:
        """How a strategy stands; None where it is not live, has no budget, or nobody was active.

        Raises:
            UsageError: who was active took too long to count.
        """
        now = self._clock.now()
        with self._store.ledger.read() as connection:
            since = live_since(connection).get(strategy.name)
            if since is None or strategy.expect.disturbance_per_10k is None:
                return None
            start = held.counted_from(strategy.name, since)
            severity = gravest(project, strategy)
            one = watched(connection, strategy, Window(start, now), severity=severity, active=0)
        one = msgspec.structs.replace(one, active=self._store.active(start, now))
        return Seen(start, one, brake(one)) if one.active else None

    def _changed(self, project: Project, strategy: Strategy, window: Window) -> Watched | None:
        """What is known, if it is enough to conclude from and more than at the last look."""
        severity = gravest(project, strategy)
        with self._store.ledger.read() as connection:
            one = watched(connection, strategy, window, severity=severity, active=0)
        same = self._seen.get(strategy.name) == (window.since, one.fires, one.labels)
        return None if same or one.fires < LEAST_FIRES else one


def gravest(project: Project, strategy: Strategy) -> str:
    """The severity of the clause it enforces, or `severe` where it is so in any market."""
    policy = project.policies[strategy.policy]
    base = policy.clauses[strategy.clause]
    local = [clauses[base.id] for clauses in policy.overlays.values() if base.id in clauses]
    return next((one.severity for one in (base, *local) if one.severity in SEVERE), base.severity)


def _held_to_budget(project: Project, held: Held) -> Iterator[Strategy]:
    for name, strategy in project.strategies.items():
        budgeted = strategy.mode is Mode.LIVE and strategy.expect.disturbance_per_10k is not None
        if budgeted and name not in held.shadowed and name not in held.called:
            yield strategy
