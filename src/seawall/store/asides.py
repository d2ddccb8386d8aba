"""What shadow strategies would have done where decisions had left them open: counted by day."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import func, select

from seawall.core.clock import MICROS_PER_SECOND
from seawall.store.entry import Aside
from seawall.store.tables import SHADOW_DAYS
from seawall.store.upsert import upsert

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from seawall.store.ledger import Ledger
    from seawall.store.projector import Item

DAY_US = 86_400 * MICROS_PER_SECOND
_COUNTED = ("fired", "not_fired", "unknown", "cost_us")


class Looked(msgspec.Struct, frozen=True):
    """One shadow strategy over some days, where decisions had left it open.

    Attributes:
        fired: times it would have fired, of those looked into.
        not_fired: times it would not.
        unknown: times no answer was to be had.
        would_fire: how often it would have fired, of all: each counts for one in its probability.
        cost_us: what looking cost.
    """

    fired: int = 0
    not_fired: int = 0
    unknown: int = 0
    would_fire: float = 0.0
    cost_us: float = 0.0


def project_asides(connection: Connection, items: Sequence[Item]) -> None:
    """Add what was found out to its day."""
    counts: dict[tuple[int, str, float], Counter[str]] = {}
    for item in items:
        one = item.body
        if not isinstance(one, Aside):
            continue
        for column, names in (("fired", one.fired), ("not_fired", one.not_fired), ("unknown", one.unknown)):
            for name in names:
                row = counts.setdefault((one.ts // DAY_US, name, one.probability), Counter())
                row[column] += 1
                row["cost_us"] += one.costs.get(name, 0.0)  # pyright: ignore[reportArgumentType]
    for (day, strategy, probability), row in sorted(counts.items()):
        values = {"day": day, "strategy": strategy, "probability": probability}
        put = upsert(connection, SHADOW_DAYS).values(values | {name: row[name] for name in _COUNTED})
        added = {name: SHADOW_DAYS.c[name] + put.excluded[name] for name in _COUNTED}
        connection.execute(
            put.on_conflict_do_update(index_elements=list(SHADOW_DAYS.primary_key), set_=added)
        )


def shadows(ledger: Ledger, since: int, until: int) -> dict[str, Looked]:
    """By strategy, over the days of [since, until), microseconds."""
    table = SHADOW_DAYS.c
    query = (
        select(
            table.strategy,
            func.sum(table.fired),
            func.sum(table.not_fired),
            func.sum(table.unknown),
            func.sum(table.fired / table.probability),
            func.sum(table.cost_us),
        )
        .where(table.day >= since // DAY_US, table.day < -(-until // DAY_US))
        .group_by(table.strategy)
        .order_by(table.strategy)
    )
    with ledger.read() as connection:
        rows = connection.execute(query).all()
    return {
        row[0]: Looked(int(row[1]), int(row[2]), int(row[3]), float(row[4]), float(row[5])) for row in rows
    }


def spent_us(ledger: Ledger, day: int) -> float:
    """What was spent on shadow strategies for events of one day, counted since 1970."""
    with ledger.read() as connection:
        query = select(func.sum(SHADOW_DAYS.c.cost_us)).where(SHADOW_DAYS.c.day == day)
        return float(connection.scalar(query) or 0.0)
