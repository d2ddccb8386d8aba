"""The chain of administrative acts: each row carries the hash of the one before, so that any edit shows."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import func, insert, select, text

from seawall.store.tables import AUDIT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

ORIGIN = "0" * 64
_LOCK = 0x5EA1_A0D1  # advisory lock of PostgreSQL; SQLite's BEGIN IMMEDIATE needs none


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """One administrative act as it lies in the chain."""

    sequence: int
    at: int
    by: str
    act: str
    target: str
    detail: str
    previous: str
    hash: str


def seal(sequence: int, at: int, by: str, act: str, target: str, detail: str, previous: str) -> str:
    """The hash of a row.

    >>> a = seal(1, 0, "ann", "release", "v1", "{}", ORIGIN)
    >>> a == seal(1, 0, "ann", "release", "v2", "{}", ORIGIN)
    False
    """
    document = json.dumps([sequence, at, by, act, target, detail, previous], ensure_ascii=False)
    return hashlib.sha256(document.encode("utf-8", "surrogatepass")).hexdigest()


def append(
    connection: Connection,
    *,
    at: int,
    by: str,
    act: str,
    target: str,
    detail: Mapping[str, Any] | None = None,
) -> int:
    """Add an act to the chain, in the caller's transaction with the change it speaks of; gives its sequence.

    Args:
        connection: from `Ledger.begin`.
        at: microseconds.
        by: who did it: a user's name, or `cli`.
        act: what was done, such as `keys.create`.
        target: on what.
        detail: more, without secrets.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    newest = select(AUDIT.c.sequence, AUDIT.c.hash).order_by(AUDIT.c.sequence.desc()).limit(1)
    last = connection.execute(newest).first()
    sequence, previous = (last.sequence + 1, last.hash) if last else (1, ORIGIN)
    text_ = json.dumps(dict(detail or {}), ensure_ascii=False, sort_keys=True)
    row = {"sequence": sequence, "at": at, "by": by, "act": act, "target": target, "detail": text_}
    sealed = seal(sequence, at, by, act, target, text_, previous)
    connection.execute(insert(AUDIT).values(**row, previous=previous, hash=sealed))
    return sequence


def acts(connection: Connection, *, before: int | None = None, limit: int = 100) -> list[Act]:
    """The newest acts first, those before a sequence number if one is given."""
    query = select(AUDIT).order_by(AUDIT.c.sequence.desc()).limit(limit)
    if before is not None:
        query = query.where(AUDIT.c.sequence < before)
    return [Act(**row) for row in connection.execute(query).mappings()]


def verify(connection: Connection) -> int | None:
    """The first sequence number at which the chain does not hold, None if all of it does.

    What was cut off at the end cannot be seen from the chain alone: compare `head` with one kept elsewhere.
    """
    expected, previous = 1, ORIGIN
    query = select(AUDIT).order_by(AUDIT.c.sequence).execution_options(yield_per=1000)
    with connection.execute(query) as rows:
        for row in rows:
            sealed = seal(row.sequence, row.at, row.by, row.act, row.target, row.detail, row.previous)
            if row.sequence != expected or row.previous != previous or row.hash != sealed:
                return expected
            expected, previous = expected + 1, row.hash
    return None


def head(connection: Connection) -> tuple[int, str]:
    """How many acts there are and the hash of the last: what to write down elsewhere."""
    count = connection.execute(select(func.count()).select_from(AUDIT)).scalar_one()
    last = connection.execute(select(AUDIT.c.hash).order_by(AUDIT.c.sequence.desc()).limit(1)).scalar()
    return count, last or ORIGIN
