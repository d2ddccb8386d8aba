"""How much was decided where, and how much of it by machines alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from seawall.measure.model import About, Estimate, Rows, Window, known
from seawall.measure.proportion import wilson
from seawall.measure.query import run

if TYPE_CHECKING:
    from sqlalchemy import Connection

MINUTE_US = 60_000_000


class Flow(msgspec.Struct, frozen=True, kw_only=True):
    """Decisions on one type of event in one market and language: all of them, so plain counts.

    Attributes:
        market: "" where the event named none; likewise the language.
        decisions: made.
        acted: that did something about visibility.
        routed: that asked for people.
        unrouted: of what was acted on, the share where no people were asked for.
    """

    type: str
    market: str
    language: str
    decisions: int
    acted: int
    routed: int
    unrouted: Estimate | None


def flows(connection: Connection, window: Window) -> tuple[Flow, ...]:
    """What was decided in a window, by event type, market and language; whole minutes of event time."""
    parameters: dict[str, str | int | float | None] = {
        "since_minute": window.since // MINUTE_US,
        "until_minute": -(-window.until // MINUTE_US),
    }
    found: list[Flow] = []
    for row in run(connection, "flows", parameters):
        about = About(
            name="automation.unrouted",
            population=f"decisions that acted on {row['type']}, {row['market'] or 'no market'}, "
            f"{row['language'] or 'no language'}",
            since=window.since,
            until=window.until,
            rows=Rows("flows", parameters),
        )
        acted, alone = int(row["acted"]), int(row["alone"])
        found.append(
            Flow(
                type=row["type"],
                market=row["market"],
                language=row["language"],
                decisions=int(row["decisions"]),
                acted=acted,
                routed=int(row["routed"]),
                unrouted=known(wilson(alone, acted), about, n=acted) if acted else None,
            )
        )
    return tuple(found)


def automation(connection: Connection, window: Window) -> dict[tuple[str, str], Estimate]:
    """`automation.rate` by (surface, market): acted on with no human in the decision / acted on.

    It counts occasions by the grounds they brought, so a verdict that confirms or replaces what a machine did
    counts as a human's part, whenever it came.
    """
    parameters: dict[str, str | int | float | None] = {"since": window.since, "until": window.until}
    rates: dict[tuple[str, str], Estimate] = {}
    for row in run(connection, "automation", parameters):
        about = About(
            name="automation.rate",
            population=f"what was acted on, {row['surface'] or 'accounts'}, {row['market'] or 'no market'}",
            since=window.since,
            until=window.until,
            rows=Rows("automation_rows", {**parameters, "surface": row["surface"], "market": row["market"]}),
        )
        acted = int(row["acted"])
        rates[row["surface"], row["market"]] = known(wilson(int(row["by_machines"]), acted), about, n=acted)
    return rates
