"""Appeals, overturns and reinstatements, read from what people were told."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from seawall.measure.appeals import Appealed, appeal_rates
from seawall.measure.model import About, Estimate, Rows, Window
from seawall.measure.query import run

if TYPE_CHECKING:
    from sqlalchemy import Connection


def what_people_got(connection: Connection, window: Window) -> tuple[Estimate, ...]:
    """The rates of `appeal_rates`, of what people were told in a window, as it stands now."""
    parameters: dict[str, str | int | float | None] = {"since": window.since, "until": window.until}
    rows = run(connection, "appealed", parameters)
    outcomes = Counter(row["outcome"] for row in rows)
    about = About(
        name="",
        population="actions that people were told of and could appeal",
        since=window.since,
        until=window.until,
        rows=Rows("appealed", parameters),
    )
    found = Appealed(
        actions=len(rows),
        appeals=sum(row["appeal_id"] is not None for row in rows),
        overturned=outcomes["overturned"],
        reduced=outcomes["reduced"],
        upheld=outcomes["upheld"],
        reinstated=sum(bool(row["reinstated"]) for row in rows),
    )
    return appeal_rates(found, about)
