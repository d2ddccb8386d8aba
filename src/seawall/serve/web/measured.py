"""What the Measure page shows, read from the ledger in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seawall.core.errors import UsageError
from seawall.measure.appealed import what_people_got
from seawall.measure.backlog import attainment, backlog
from seawall.measure.flows import automation, flows
from seawall.measure.leaked import leaked_items
from seawall.measure.strategy import strategy_disturbance, strategy_precision
from seawall.measure.times import time_to_platform, time_to_verdict
from seawall.policy.model import Mode

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from seawall.measure.backlog import Backlog
    from seawall.measure.flows import Flow
    from seawall.measure.model import Estimate, Window
    from seawall.policy.model import Strategy
    from seawall.serve.live import Live
    from seawall.serve.watch import Seen


class Record(NamedTuple):
    """A strategy's promise beside its record.

    Attributes:
        disturbance: None where nobody was active, or nobody could be counted.
    """

    strategy: Strategy
    precision: Estimate
    disturbance: Estimate | None

    @property
    def silent(self) -> bool:
        """It touched nobody, and nobody has looked at what it did."""
        return self.disturbance is not None and not self.disturbance.value and not self.precision.n


class Measured(NamedTuple):
    """Every number of one window.

    Attributes:
        active: accounts that the decisions of the window name; None if they could not be counted.
        records: of the live strategies, by name.
        automation: by surface and market.
        in_time: by queue.
    """

    active: int | None
    records: list[Record]
    leakage: Estimate
    flows: tuple[Flow, ...]
    automation: dict[tuple[str, str], Estimate]
    to_verdict: tuple[Estimate, ...]
    to_platform: tuple[Estimate, ...]
    backlog: tuple[Backlog, ...]
    in_time: dict[str, Estimate]
    appeals: tuple[Estimate, ...]


def measured(live: Live, window: Window) -> Measured:
    """Compute everything of a window that ends now."""
    active = _active(live, window)
    now = window.until
    with live.store.ledger.read() as connection:
        return Measured(
            active=active,
            records=[
                _record(connection, strategy, window, active)
                for strategy in live.project.strategies.values()
                if strategy.mode is Mode.LIVE
            ],
            leakage=leaked_items(connection, window),
            flows=flows(connection, window),
            automation=automation(connection, window),
            to_verdict=time_to_verdict(connection, window, now=now),
            to_platform=time_to_platform(connection, window, now=now),
            backlog=backlog(connection, now=now),
            in_time=attainment(connection, window),
            appeals=what_people_got(connection, window),
        )


def record_of(live: Live, strategy: Strategy, window: Window) -> Record:
    """The record of one strategy in a window."""
    active = _active(live, window)
    with live.store.ledger.read() as connection:
        return _record(connection, strategy, window, active)


def watched_of(live: Live, strategy: Strategy) -> Seen | None:
    """How a live strategy stands against its budget; None without one, or where nobody could be counted."""
    if strategy.mode is not Mode.LIVE:
        return None
    try:
        return live.watch.see(live.project, strategy, live.held)
    except UsageError:  # it took too long
        return None


def _record(connection: Connection, strategy: Strategy, window: Window, active: int | None) -> Record:
    disturbed = strategy_disturbance(connection, strategy, window, active=active) if active else None
    return Record(strategy, strategy_precision(connection, strategy, window), disturbed)


def _active(live: Live, window: Window) -> int | None:
    try:
        return live.store.active(window.since, window.until)
    except UsageError:  # it took too long: the page says so, and shows everything else
        return None
