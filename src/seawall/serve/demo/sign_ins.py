"""Accounts to look around with: one per role, and a key for machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seawall.serve.auth.keys import Keys
from seawall.serve.auth.passwords import generate_password
from seawall.serve.auth.repo import Users
from seawall.serve.auth.roles import Role, Scope
from seawall.serve.process import open_ledger

if TYPE_CHECKING:
    from pathlib import Path

    from seawall.core.clock import Clock
    from seawall.serve.settings import Settings

BY, KEY = "demo", "demo"
SCOPES = (Scope.EVENTS_WRITE, Scope.DECISIONS_READ, Scope.TEXTS_SCORE, Scope.LABELS_SUGGEST)


class SignIns(NamedTuple):
    """What was made.

    Attributes:
        passwords: by account, which is named like its role.
        renewed: accounts were there already and got another password.
        key: a new API key; None if there was one already, which nobody can read back.
    """

    passwords: dict[str, str]
    renewed: bool
    key: str | None


def sign_ins(root: Path, settings: Settings, *, clock: Clock) -> SignIns:
    """One account per role with a fresh password, and a key for events, decisions and scores of texts."""
    ledger, _ = open_ledger(root, settings)
    try:
        users, keys = Users(ledger, clock), Keys(ledger, clock)
        known = {account.name for account in users.all()}
        passwords: dict[str, str] = {}
        for role in Role:
            password = passwords[role.value] = generate_password()
            if role.value in known:
                users.set_password(role.value, password, by=BY)
            else:
                users.create(role.value, [role], password, by=BY)
        key = None
        if KEY not in {each.name for each in keys.all()}:
            key = keys.create(KEY, SCOPES, by=BY)
    finally:
        ledger.close()
    return SignIns(passwords, not known.isdisjoint(Role), key)
