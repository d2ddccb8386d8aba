"""What the platform is told: the state it should bring about for one key, with a version that only rises."""

from __future__ import annotations

from typing import Any

import msgspec

from seawall.act.facts import Key, digest
from seawall.core.clock import format_time


class Clause(msgspec.Struct, frozen=True, array_like=True, order=True):
    """A clause that an effect rests on."""

    clause: str
    severity: str
    ground: str


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """The state of one key as the outbox was told it."""

    key: Key
    action: str | None  # None: nothing holds any more
    until: int | None
    clauses: tuple[Clause, ...]
    decision_id: str
    version: int
    since: int
    recheck_at: int | None = None


def message_id(destination: str, told: Told) -> str:
    """One id per destination, key and version: what the receiver recognises a repeat by."""
    return digest("message", destination, told.key.id, str(told.version))


def body_of(told: Told, *, message: str) -> str:
    """The JSON text that is signed and sent; see docs/reference/webhooks.md.

    >>> key = Key("comment", "c1", "visibility", "*")
    >>> clause = Clause("spam/s#c1", "low", "terms")
    >>> told = Told(key=key, action=None, until=None, clauses=(), decision_id="d1", version=2, since=0)
    >>> print(body_of(told, message="m1")[:64])
    {"message_id":"m1","key":"comment/c1/visibility/*","version":2,"
    """
    document: dict[str, Any] = {
        "message_id": message,
        "key": str(told.key),
        "version": told.version,
        "target": {"kind": told.key.target_kind, "id": told.key.target_id},
        "axis": told.key.axis,
        "territory": told.key.territory,
        "action": told.action,
        "since": format_time(told.since),
        "until": None if told.until is None else format_time(told.until),
        "clauses": [msgspec.structs.asdict(clause) for clause in told.clauses],
        "decision_id": told.decision_id,
    }
    return msgspec.json.encode(document).decode()
