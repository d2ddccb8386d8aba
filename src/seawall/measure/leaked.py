"""Leakage from what the random lane drew of everything that was decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.measure.leakage import HALF_WIDTH, Audited, leakage
from seawall.measure.model import About, Estimate, Rows, Window
from seawall.measure.query import run

if TYPE_CHECKING:
    from sqlalchemy import Connection


def leaked_items(connection: Connection, window: Window, *, half_width: float = HALF_WIDTH) -> Estimate:
    """`leakage.items`: violating items on whose visibility no machine acted / all violating items.

    Every item counts once. The view-weighted `leakage` needs views before and after the action, which the
    platform has to send.
    """
    parameters: dict[str, str | int | float | None] = {"since": window.since, "until": window.until}
    audited = [
        Audited(
            violates=bool(row["violates"]),
            views=1.0,
            leaked=0.0 if row["acted"] else 1.0,
            probability=row["probability"],
        )
        for row in run(connection, "leakage", parameters)
    ]
    about = About(
        name="leakage.items",
        population="violating items among all that was decided",
        since=window.since,
        until=window.until,
        rows=Rows("leakage", parameters),
    )
    return leakage(audited, about, half_width=half_width)
