"""What the ledger keeps of decisions: effects with their grounds, counts by the minute, controls.

None of these cares about order. Counts are sums; an effect keeps its earliest decision; a decision of a later
round takes back what the one before it had counted.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Table, and_, or_
from sqlalchemy.dialects import postgresql, sqlite

from seawall.core.clock import MICROS_PER_SECOND
from seawall.store.entry import Control, Entry
from seawall.store.tables import CONTROLS, EFFECTS, FIRED_MINUTE, ROLLUPS_MINUTE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seawall.core.action import Action
    from seawall.core.decision import Decision
    from seawall.store.projector import Item, Projection

MINUTE_US = 60 * MICROS_PER_SECOND
ACTIVE = "active"
LIVE, SHADOW = "live", "shadow"


def _upsert(connection: Connection, table: Table) -> Any:
    """`INSERT ... ON CONFLICT`: both dialects write it alike, SQLAlchemy keeps it in two places."""
    return (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)


def project_effects(connection: Connection, items: Sequence[Item]) -> None:
    """One row per target, axis, action, territory and ground, with the earliest decision that asked."""
    rows: dict[tuple[str, ...], dict[str, Any]] = {}
    for item in items:
        if isinstance(item.body, Entry):
            for key, row in _effects(item.body.decision):
                held = rows.get(key)
                if held is None or (row["since"], row["decision_id"]) < (held["since"], held["decision_id"]):
                    rows[key] = row
    if not rows:
        return
    statement = _upsert(connection, EFFECTS)
    new = statement.excluded
    earlier = or_(
        new.since < EFFECTS.c.since,
        and_(new.since == EFFECTS.c.since, new.decision_id < EFFECTS.c.decision_id),
    )
    moved = {"decision_id": new.decision_id, "since": new.since, "until": new.until}
    connection.execute(
        statement.on_conflict_do_update(index_elements=list(EFFECTS.primary_key), set_=moved, where=earlier),
        [rows[key] for key in sorted(rows)],
    )


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
        connection.execute(_upsert(connection, CONTROLS).on_conflict_do_nothing(), rows)


PROJECTIONS: tuple[Projection, ...] = (project_effects, project_rollups, project_fires, project_controls)
"""What the ledger is made of; later packages bring their own to wiring."""


def _entries(items: Sequence[Item]) -> Iterator[Entry]:
    return (item.body for item in items if isinstance(item.body, Entry))


def _effects(decision: Decision) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    for action in decision.actions:
        target_id = _target_id(decision, action)
        if target_id is None:
            continue
        until = None
        if action.duration_s is not None:
            until = decision.decided_at + action.duration_s * MICROS_PER_SECOND
        for territory in action.territory:
            for ground in action.grounds:
                key = (
                    action.target,
                    target_id,
                    action.axis,
                    action.action,
                    territory,
                    ground.strategy,
                    ground.policy,
                )
                yield (
                    key,
                    {
                        **dict(zip((column.name for column in EFFECTS.primary_key), key, strict=True)),
                        "state": ACTIVE,
                        "decision_id": decision.decision_id,
                        "since": decision.decided_at,
                        "until": until,
                    },
                )


def _target_id(decision: Decision, action: Action) -> str | None:
    if action.target_id is not None:
        return action.target_id
    return {"subject": decision.subject, "actor": decision.actor}.get(action.target)


def _add(connection: Connection, table: Table, counts: Counter[tuple[Any, ...]]) -> None:
    """Add counts to the rows they belong to. Rows are touched in one order, so that two never deadlock."""
    names = [column.name for column in table.columns]
    total = table.columns[names[-1]]
    rows = [dict(zip(names, (*key, count), strict=True)) for key, count in sorted(counts.items()) if count]
    if not rows:
        return
    statement = _upsert(connection, table)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=list(table.primary_key), set_={total.name: total + statement.excluded[total.name]}
        ),
        rows,
    )
