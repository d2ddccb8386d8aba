"""API keys in the ledger: made, looked up, revoked. The key itself is shown once and never kept."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from seawall.core.clock import MICROS_PER_SECOND
from seawall.core.errors import Conflict, NotFound, UsageError
from seawall.serve.auth.model import ApiKey, Caller
from seawall.serve.auth.roles import Scope
from seawall.serve.auth.tokens import KEY_PREFIX, digest, new_key
from seawall.store.audit import append
from seawall.store.tables import API_KEYS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import RowMapping

    from seawall.core.clock import Clock
    from seawall.store.ledger import Ledger

SHOWN = len(KEY_PREFIX) + 6
TRUSTED_US = 2 * MICROS_PER_SECOND
_USED_EVERY_US = 60 * MICROS_PER_SECOND
_MOST_CACHED = 1_000
_scopes_of = msgspec.json.Decoder(tuple[Scope, ...]).decode


class Keys:
    """The keys of machines. A lookup is trusted for two seconds: a revoked key works no longer than that."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock
        self._cache: dict[str, tuple[int, Caller | None]] = {}
        self._lock = Lock()

    def create(self, name: str, scopes: Sequence[Scope], *, by: str) -> str:
        """Make a key; gives it, once.

        Raises:
            UsageError: no name or no scope.
            Conflict: the name is taken.
        """
        if not name.strip() or not scopes:
            raise UsageError("a key needs a name and a scope", hint=f"scopes are {', '.join(Scope)}")
        key = new_key()
        now = self._clock.now()
        row = {
            "name": name.strip(),
            "prefix": key[:SHOWN],
            "key_hash": digest(key),
            "scopes": msgspec.json.encode(sorted(set(scopes))).decode(),
            "created_at": now,
            "created_by": by,
        }
        try:
            with self._ledger.begin() as connection:
                connection.execute(insert(API_KEYS).values(**row))
                append(
                    connection,
                    at=now,
                    by=by,
                    act="keys.create",
                    target=name,
                    detail={"scopes": sorted(scopes)},
                )
        except IntegrityError:
            raise Conflict(
                f"there is a key named {name!r} already", hint="revoked ones keep their name"
            ) from None
        return key

    def revoke(self, name: str, *, by: str) -> None:
        """Let a key work no more.

        Raises:
            NotFound: no key of that name works.
        """
        now = self._clock.now()
        where = (API_KEYS.c.name == name, API_KEYS.c.revoked_at.is_(None))
        with self._ledger.begin() as connection:
            if connection.execute(update(API_KEYS).where(*where).values(revoked_at=now)).rowcount == 0:
                raise NotFound(f"no key named {name!r} works", hint="`seawall keys list` shows them")
            append(connection, at=now, by=by, act="keys.revoke", target=name)

    def all(self) -> list[ApiKey]:
        """Every key, revoked ones too, by name."""
        with self._ledger.read() as connection:
            rows = connection.execute(select(API_KEYS).order_by(API_KEYS.c.name)).mappings().all()
        return [_api_key(row) for row in rows]

    def caller(self, key: str) -> Caller | None:
        """Whose key this is, or None."""
        hashed = digest(key)
        now = self._clock.now()
        with self._lock:
            known = self._cache.get(hashed)
        if known and 0 <= now - known[0] < TRUSTED_US:
            return known[1]
        found = self._look_up(hashed, now)
        with self._lock:
            if len(self._cache) >= _MOST_CACHED:
                self._cache.clear()
            self._cache[hashed] = (now, found)
        return found

    def _look_up(self, hashed: str, now: int) -> Caller | None:
        query = select(API_KEYS).where(API_KEYS.c.key_hash == hashed, API_KEYS.c.revoked_at.is_(None))
        with self._ledger.read() as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            return None
        if now - (row["last_used_at"] or 0) > _USED_EVERY_US:
            with self._ledger.begin() as connection:
                used = update(API_KEYS).where(API_KEYS.c.key_id == row["key_id"]).values(last_used_at=now)
                connection.execute(used)
        return Caller(key_id=row["key_id"], name=row["name"], scopes=frozenset(_scopes_of(row["scopes"])))


def _api_key(row: RowMapping) -> ApiKey:
    return ApiKey(
        key_id=row["key_id"],
        name=row["name"],
        prefix=row["prefix"],
        scopes=_scopes_of(row["scopes"]),
        created_at=row["created_at"],
        created_by=row["created_by"],
        last_used_at=row["last_used_at"],
        revoked_at=row["revoked_at"],
    )
