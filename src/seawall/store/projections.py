"""What the ledger keeps of decisions: counts by the minute, and controls.

None of these cares about order. Counts are sums; a decision of a later round takes back what the one
before it had counted.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from seawall.core.clock import MICROS_PER_SECOND
from seawall.store.asides import project_asides
from seawall.store.entry import Control, Entry
from seawall.store.rounds import project_rounds
from seawall.store.tables import CONTROLS, FIRED_MINUTE, ROLLUPS_MINUTE
from seawall.store.upsert import upsert

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection, Table

    from seawall.store.projector import Item, Projection

MINUTE_US = 60 * MICROS_PER_SECOND
LIVE, SHADOW = "live", "shadow"


def project_rollups(connection: Connection, items: Sequence[Item]) -> None:
    """Decisions by minute, type, market, language, action, whether reviewed, whether by machines alone."""
    counts: Counter[tuple[Any, ...]] = Counter()
    for entry in _entries(items):
        one = entry.decision
        where = (one.ts // MINUTE_US, one.type, one.market or "", one.language or "")
        counts[*where, one.action, bool(one.review), True] += 1
        if entry.before:
            counts[*where, entry.before.action, entry.before.reviewed, True] -= 1
    _add(connection, ROLLUPS_MINUTE, counts)


def project_fires(connection: Connection, items: Sequence[Item]) -> None:
    """How often each strategy was true by minute, mode and market."""
    counts: Counter[tuple[Any, ...]] = Counter()
    for entry in _entries(items):
        one, before = entry.decision, entry.before
        minute, market = one.ts // MINUTE_US, one.market or ""
        for mode, names in ((LIVE, one.fired), (SHADOW, one.shadow)):
            counts.update((minute, name, mode, market) for name in names)
        if before:
            for mode, names in ((LIVE, before.fired), (SHADOW, before.shadow)):
                counts.subtract((minute, name, mode, market) for name in names)
    _add(connection, FIRED_MINUTE, counts)


def project_controls(connection: Connection, items: Sequence[Item]) -> None:
    """Every control record, under its offset."""
    rows = [
        {
            "writer": item.writer,
            "sequence": item.offset,
            "kind": item.body.kind,
            "target": item.body.target,
            "at": item.body.at,
            "by": item.body.by,
            "reason": item.body.reason,
        }
        for item in items
        if isinstance(item.body, Control)
    ]
    if rows:
        connection.execute(upsert(connection, CONTROLS).on_conflict_do_nothing(), rows)


PROJECTIONS: tuple[Projection, ...] = (
    project_rollups,
    project_fires,
    project_controls,
    project_rounds,
    project_asides,
)
"""What the ledger is made of here; `act` and `review` bring their own to wiring."""


def _entries(items: Sequence[Item]) -> Iterator[Entry]:
    return (item.body for item in items if isinstance(item.body, Entry))


def _add(connection: Connection, table: Table, counts: Counter[tuple[Any, ...]]) -> None:
    """Add counts to the rows they belong to. Rows are touched in one order, so that two never deadlock."""
    names = [column.name for column in table.columns]
    total = table.columns[names[-1]]
    rows = [dict(zip(names, (*key, count), strict=True)) for key, count in sorted(counts.items()) if count]
    if not rows:
        return
    statement = upsert(connection, table)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=list(table.primary_key), set_={total.name: total + statement.excluded[total.name]}
        ),
        rows,
    )
