"""The roles that a queue may name are the roles that an account may have."""

from __future__ import annotations

from seawall.policy.kinds.queue import ROLES
from seawall.serve.auth.roles import Role


def test_queues_and_accounts_know_the_same_roles() -> None:
    assert tuple(Role) == ROLES
