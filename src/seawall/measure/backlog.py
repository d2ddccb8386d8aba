"""What waits for people, how old it is, and whether it is looked at in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from seawall.core.clock import MICROS_PER_SECOND
from seawall.measure.model import About, Estimate, Rows, Window, known
from seawall.measure.proportion import wilson
from seawall.measure.query import run

if TYPE_CHECKING:
    from sqlalchemy import Connection


class Backlog(msgspec.Struct, frozen=True, kw_only=True):
    """One queue at this moment. These are counts of everything there is, so they have no interval.

    Attributes:
        waiting: tasks that nobody holds.
        held: tasks that a reviewer holds.
        asked: tasks that rest until policy has ruled.
        overdue: of all these, those past their due time.
        oldest_age_s: seconds since the oldest of them entered.
        rows: how to list them.
    """

    queue: str
    waiting: int
    held: int
    asked: int
    overdue: int
    oldest_age_s: float
    rows: Rows


def backlog(connection: Connection, *, now: int) -> tuple[Backlog, ...]:
    """Every queue in which something is open, by name."""
    return tuple(
        Backlog(
            queue=row["queue"],
            waiting=row["waiting"],
            held=row["held"],
            asked=row["asked"],
            overdue=row["overdue"],
            oldest_age_s=max(0, now - row["oldest"]) / MICROS_PER_SECOND,
            rows=Rows("backlog_rows", {"queue": row["queue"]}),
        )
        for row in run(connection, "backlog", {"now": now})
    )


def attainment(connection: Connection, window: Window) -> dict[str, Estimate]:
    """`sla.attainment` by queue: judged in time / fell due in the window; what is open is a miss."""
    parameters: dict[str, str | int | float | None] = {"since": window.since, "until": window.until}
    rates: dict[str, Estimate] = {}
    for row in run(connection, "sla", parameters):
        about = About(
            name="sla.attainment",
            population=f"tasks of {row['queue']} that fell due",
            since=window.since,
            until=window.until,
            rows=Rows("sla_rows", {**parameters, "queue": row["queue"]}),
        )
        rates[row["queue"]] = known(wilson(row["in_time"], row["due"]), about, n=row["due"])
    return rates
