"""What holds, as the ledger keeps it: the state of each key that the outbox was told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import bindparam, select, update

from seawall.act.facts import Key, digest
from seawall.act.message import Clause, Told
from seawall.act.repo import insert_new, key_of
from seawall.act.tables import HOLDING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection, RowMapping


def told_of(connection: Connection, key_ids: Sequence[str]) -> dict[Key, Told]:
    """What the outbox was told of some keys."""
    rows = connection.execute(select(HOLDING).where(HOLDING.c.key.in_(key_ids))).mappings()
    return {told.key: told for told in map(told_from, rows)}


def told_from(row: RowMapping) -> Told:
    """A row of `HOLDING`."""
    return Told(
        key=key_of(row),
        action=row["action"],
        until=row["until"],
        clauses=msgspec.json.decode(row["clauses"], type=tuple[Clause, ...]),
        decision_id=row["decision_id"],
        version=row["version"],
        since=row["since"],
        recheck_at=row["recheck_at"],
    )


def told_target(connection: Connection, kind: str, target_id: str) -> tuple[Told, ...]:
    """The state of every key of one target, by axis and territory, also where nothing holds any more."""
    where = HOLDING.c.target_key == digest("target", kind, target_id)
    rows = connection.execute(select(HOLDING).where(where)).mappings()
    return tuple(sorted(map(told_from, rows), key=lambda told: told.key))


def key_with_id(connection: Connection, key_id: str) -> Key | None:
    """The key with a digest, if anything was ever said about it."""
    row = connection.execute(select(HOLDING).where(HOLDING.c.key == key_id)).mappings().first()
    return key_of(row) if row else None


def due(connection: Connection, *, at: int, limit: int) -> list[Key]:
    """Keys whose state changes by itself by `at`, the earliest first."""
    rows = select(HOLDING).where(HOLDING.c.recheck_at <= at).order_by(HOLDING.c.recheck_at).limit(limit)
    return [key_of(row) for row in connection.execute(rows).mappings()]


def save(connection: Connection, before: Mapping[Key, Told], after: Mapping[Key, Told]) -> None:
    """Keep the new state of some keys, given the one they had."""
    fresh = [
        _row(told)
        for key, told in after.items()
        if key not in before and (told.version or told.recheck_at is not None)
    ]
    insert_new(connection, HOLDING, fresh)
    moved = [
        {"b_key": key.id, **_row(told)}
        for key, told in after.items()
        if key in before and told != before[key]
    ]
    if moved:
        connection.execute(update(HOLDING).where(HOLDING.c.key == bindparam("b_key")), moved)


def _row(told: Told) -> dict[str, Any]:
    return {
        "key": told.key.id,
        "target_key": told.key.target,
        "target_kind": told.key.target_kind,
        "target_id": told.key.target_id,
        "axis": told.key.axis,
        "territory": told.key.territory,
        "action": told.action,
        "until": told.until,
        "clauses": msgspec.json.encode(told.clauses).decode(),
        "decision_id": told.decision_id,
        "version": told.version,
        "since": told.since,
        "recheck_at": told.recheck_at,
    }
