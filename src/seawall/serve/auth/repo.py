"""Users and their sessions in the ledger. Every change to them is sealed into the audit chain with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from seawall.core.clock import MICROS_PER_SECOND
from seawall.core.errors import Conflict, NotFound, UsageError
from seawall.serve.auth.model import Account, Person
from seawall.serve.auth.passwords import hash_password, verify_password
from seawall.serve.auth.roles import Role
from seawall.serve.auth.tokens import digest, new_token
from seawall.store.audit import append
from seawall.store.tables import SESSIONS, USERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import RowMapping

    from seawall.core.clock import Clock
    from seawall.store.ledger import Ledger

_NAME = re.compile(r"[\w.@+-]{1,100}")
_AGENT_LENGTH = 400
_SEEN_EVERY_US = 60 * MICROS_PER_SECOND
_roles_of = msgspec.json.Decoder(tuple[Role, ...]).decode


class Users:
    """Accounts and sessions.

    Args:
        ledger: where they live.
        clock: what time it is.
        session_hours: how long a sign-in lasts.
    """

    def __init__(self, ledger: Ledger, clock: Clock, *, session_hours: float = 12.0) -> None:
        self._ledger = ledger
        self._clock = clock
        self._session_us = int(session_hours * 3600 * MICROS_PER_SECOND)

    def create(
        self, name: str, roles: Sequence[Role], password: str, *, by: str, display_name: str = ""
    ) -> None:
        """Make an account.

        Raises:
            UsageError: the name or the password does not fit, or there is no role.
            Conflict: the name is taken.
        """
        folded = fold(name)
        if not roles:
            raise UsageError("an account needs a role", hint=f"one of {', '.join(Role)}")
        kept = hash_password(password)
        now = self._clock.now()
        row = {
            "name": folded,
            "display_name": display_name or name,
            "password_hash": kept,
            "roles": msgspec.json.encode(sorted(set(roles))).decode(),
            "created_at": now,
            "changed_at": now,
        }
        try:
            with self._ledger.begin() as connection:
                connection.execute(insert(USERS).values(**row))
                append(
                    connection,
                    at=now,
                    by=by,
                    act="users.create",
                    target=folded,
                    detail={"roles": sorted(roles)},
                )
        except IntegrityError:
            raise Conflict(
                f"there is an account named {folded!r} already", hint="choose another name"
            ) from None

    def set_password(self, name: str, password: str, *, by: str) -> None:
        """Give an account another password and end its sessions.

        Raises:
            UsageError: the password does not fit.
            NotFound: there is no such account.
        """
        self._change(name, {"password_hash": hash_password(password)}, by=by, act="users.password")

    def disable(self, name: str, *, by: str) -> None:
        """Let an account sign in no more, and end its sessions.

        Raises:
            NotFound: there is no such account.
        """
        self._change(name, {"disabled_at": self._clock.now()}, by=by, act="users.disable")

    def clear(self, name: str, *, by: str, revoke: bool = False) -> None:
        """Clear an account for the sealed lane, or end its clearance. It signs in anew.

        Raises:
            NotFound: there is no such account.
        """
        act = "users.unclear" if revoke else "users.clear"
        self._change(name, {"cleared_at": None if revoke else self._clock.now()}, by=by, act=act)

    def all(self) -> list[Account]:
        """Every account, by name."""
        with self._ledger.read() as connection:
            rows = connection.execute(select(USERS).order_by(USERS.c.name)).mappings().all()
        return [
            Account(
                name=row["name"],
                display_name=row["display_name"],
                roles=_roles_of(row["roles"]),
                created_at=row["created_at"],
                disabled_at=row["disabled_at"],
                cleared_at=row["cleared_at"],
            )
            for row in rows
        ]

    def sign_in(self, name: str, password: str, *, user_agent: str) -> str | None:
        """Begin a session; gives the cookie's token, or None if name and password do not belong together."""
        with self._ledger.read() as connection:
            query = select(USERS).where(
                USERS.c.name == name.strip().casefold(), USERS.c.disabled_at.is_(None)
            )
            row = connection.execute(query).mappings().first()
        if not verify_password(row["password_hash"] if row else None, password) or row is None:
            return None
        token = new_token()
        now = self._clock.now()
        session = {
            "session_hash": digest(token),
            "user_id": row["user_id"],
            "created_at": now,
            "expires_at": now + self._session_us,
            "last_seen_at": now,
            "user_agent": user_agent[:_AGENT_LENGTH],
        }
        with self._ledger.begin() as connection:
            connection.execute(delete(SESSIONS).where(SESSIONS.c.expires_at < now))
            connection.execute(insert(SESSIONS).values(**session))
            append(connection, at=now, by=row["name"], act="sign-in", target=row["name"])
        return token

    def person(self, token: str) -> Person | None:
        """Who a session's token belongs to, while it lasts."""
        now = self._clock.now()
        query = (
            select(USERS, SESSIONS.c.last_seen_at, SESSIONS.c.session_hash)
            .join(SESSIONS, SESSIONS.c.user_id == USERS.c.user_id)
            .where(
                SESSIONS.c.session_hash == digest(token),
                SESSIONS.c.expires_at > now,
                SESSIONS.c.created_at >= USERS.c.changed_at,
                USERS.c.disabled_at.is_(None),
            )
        )
        with self._ledger.read() as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            return None
        if now - row["last_seen_at"] > _SEEN_EVERY_US:
            self._seen(row, now)
        return Person(
            user_id=row["user_id"],
            name=row["name"],
            display_name=row["display_name"],
            roles=_roles_of(row["roles"]),
            cleared=row["cleared_at"] is not None,
            form_token=digest(f"form:{token}"),
        )

    def sign_out(self, token: str) -> None:
        """End a session."""
        with self._ledger.begin() as connection:
            connection.execute(delete(SESSIONS).where(SESSIONS.c.session_hash == digest(token)))

    def _seen(self, row: RowMapping, now: int) -> None:
        with self._ledger.begin() as connection:
            where = SESSIONS.c.session_hash == row["session_hash"]
            connection.execute(update(SESSIONS).where(where).values(last_seen_at=now))

    def _change(self, name: str, values: dict[str, object], *, by: str, act: str) -> None:
        folded = fold(name)
        now = self._clock.now()
        with self._ledger.begin() as connection:
            changed = update(USERS).where(USERS.c.name == folded).values(**values, changed_at=now)
            if connection.execute(changed).rowcount == 0:
                raise NotFound(
                    f"there is no account named {folded!r}", hint="`seawall users list` shows them"
                )
            append(connection, at=now, by=by, act=act, target=folded)


def fold(name: str) -> str:
    """A name as accounts are kept under.

    Raises:
        UsageError: it holds something that is hard to type or to tell apart.

    >>> fold(" Lead-02 ")
    'lead-02'
    """
    folded = name.strip().casefold()
    if not _NAME.fullmatch(folded):
        raise UsageError(
            f"{name!r} is no name for an account", hint="letters, digits and . _ - + @, at most 100"
        )
    return folded
