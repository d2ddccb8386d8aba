"""How long things take: from queue entry to the verdict, from effect to platform."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import msgspec

from seawall.core.clock import MICROS_PER_SECOND
from seawall.measure.kaplan_meier import Curve, Wait, kaplan_meier
from seawall.measure.model import About, Estimate, Interval, Rows, Window, known, too_few
from seawall.measure.query import run

if TYPE_CHECKING:
    from sqlalchemy import Connection

SHARES = (("median", 0.5), ("p90", 0.9), ("p99", 0.99))


def time_to_verdict(
    connection: Connection, window: Window, *, now: int, queue: str = ""
) -> tuple[Estimate, ...]:
    """Median, p90 and p99 seconds from queue entry to the verdict that stands; open tasks are censored.

    Args:
        connection: to the ledger.
        window: when the tasks entered.
        now: until when open ones have waited.
        queue: one queue, or "" for all.
    """
    parameters = {"since": window.since, "until": window.until, "now": now, "queue": queue}
    about = About(
        name="time.verdict",
        population=f"tasks that entered {queue or 'any queue'}",
        since=window.since,
        until=window.until,
        rows=Rows("time_to_verdict", dict(parameters)),
    )
    return _quantiles(connection, about)


def time_to_platform(connection: Connection, window: Window, *, now: int) -> tuple[Estimate, ...]:
    """Median, p90 and p99 seconds from a change of effect to its receipt; what is on its way is censored."""
    about = About(
        name="time.platform",
        population="changes of effects",
        since=window.since,
        until=window.until,
        rows=Rows("time_to_platform", {"since": window.since, "until": window.until, "now": now}),
    )
    return _quantiles(connection, about)


def _quantiles(connection: Connection, about: About) -> tuple[Estimate, ...]:
    assert about.rows is not None
    rows = run(connection, about.rows.query, about.rows.parameters)
    curve = kaplan_meier(Wait(max(0, row["waited"]) / MICROS_PER_SECOND, bool(row["done"])) for row in rows)
    return tuple(_estimate(curve, about, name, share) for name, share in SHARES)


def _estimate(curve: Curve, about: About, name: str, share: float) -> Estimate:
    named = msgspec.structs.replace(about, name=f"{about.name}.{name}")
    reached: Interval | None = curve.quantile(share)
    if reached is None:  # so many are open that the quantile lies ahead
        needed = ceil(curve.n * share)
        return too_few(named, have=curve.n - curve.open, needed=needed, basis="items", method="Kaplan-Meier")
    return known(reached, named, n=curve.n)
