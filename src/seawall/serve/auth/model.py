"""Who is at the door: a person with a session, or a machine with a key."""

from __future__ import annotations

import msgspec

from seawall.serve.auth.roles import Permission, Role, Scope, covers, may


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Someone signed in to the console.

    Attributes:
        name: what they type at sign-in, case folded; what the audit chain says.
        display_name: how the console greets them.
        roles: what they are here to do.
        cleared: may see the sealed lane.
        form_token: must come back with every form, so that no other site can send one in their name.
    """

    user_id: int
    name: str
    display_name: str
    roles: tuple[Role, ...]
    cleared: bool = False
    form_token: str = ""

    def may(self, permission: Permission) -> bool:
        """Whether any of their roles allows it."""
        return any(may(role, permission) for role in self.roles)


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """A machine that showed an API key."""

    key_id: int
    name: str
    scopes: frozenset[Scope]

    def may(self, scope: Scope) -> bool:
        """Whether its key covers a scope."""
        return covers(self.scopes, scope)


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A user as lists show one."""

    name: str
    display_name: str
    roles: tuple[Role, ...]
    created_at: int
    disabled_at: int | None
    cleared_at: int | None = None


class ApiKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key as lists show one: never the key itself."""

    key_id: int
    name: str
    prefix: str
    scopes: tuple[Scope, ...]
    created_at: int
    created_by: str
    last_used_at: int | None
    revoked_at: int | None
