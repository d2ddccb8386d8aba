"""Who may come in, and for how long."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from seawall.core.clock import FixedClock
from seawall.core.errors import Conflict, NotFound, UsageError
from seawall.serve.auth.keys import Keys
from seawall.serve.auth.passwords import generate_password, hash_password, verify_password
from seawall.serve.auth.repo import Users
from seawall.serve.auth.roles import GRANTS, Permission, Role, Scope, covers
from seawall.serve.auth.throttle import Throttle
from seawall.store.audit import acts, verify
from seawall.store.ledger import Ledger
from seawall.store.tables import API_KEYS, SESSIONS, USERS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PASSWORD = "correct horse battery"
NOON = 1_790_000_000_000_000


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = Ledger.open(f"sqlite:///{tmp_path}/ledger.db")
    yield opened
    opened.close()


@pytest.fixture
def users(ledger: Ledger, clock: FixedClock) -> Users:
    made = Users(ledger, clock, session_hours=12)
    made.create("Mod-07", [Role.MODERATOR], PASSWORD, by="cli")
    return made


def test_every_permission_is_granted_to_someone_and_every_role_may_do_something() -> None:
    assert set(GRANTS) == set(Permission)
    assert all(GRANTS.values())
    assert all(any(role in roles for roles in GRANTS.values()) for role in Role)


def test_whoever_runs_or_audits_the_machines_sees_no_content() -> None:
    assert not {Role.ADMIN, Role.AUDITOR} & GRANTS[Permission.REVEAL_CONTENT]


def test_the_auditor_changes_nothing() -> None:
    changing = {Permission.EDIT_STRATEGIES, Permission.PAUSE_STRATEGIES, Permission.RELEASE_PROJECT}
    assert not any(Role.AUDITOR in GRANTS[one] for one in changing)


def test_a_password_is_known_by_its_hash_alone(users: Users, ledger: Ledger) -> None:
    token = users.sign_in("mod-07", PASSWORD, user_agent="")
    with ledger.read() as connection:
        kept = str([connection.execute(select(table)).all() for table in (USERS, SESSIONS)])
    assert token
    assert token not in kept
    assert PASSWORD not in kept
    assert "$argon2id$" in kept


def test_names_are_case_folded_and_passwords_are_not(users: Users) -> None:
    assert users.sign_in("  MOD-07 ", PASSWORD, user_agent="")
    assert users.sign_in("mod-07", PASSWORD.upper(), user_agent="") is None
    assert users.sign_in("nobody", PASSWORD, user_agent="") is None


@pytest.mark.parametrize("password", ["", "short", "x" * 2000])
def test_a_password_must_be_worth_its_name(password: str) -> None:
    with pytest.raises(UsageError, match="characters"):
        hash_password(password)


def test_a_generated_password_works_and_is_never_the_same() -> None:
    one, other = generate_password(), generate_password()
    assert one != other
    assert verify_password(hash_password(one), one)
    assert not verify_password(hash_password(one), other)


def test_no_account_is_as_much_work_as_a_wrong_password() -> None:
    assert not verify_password(None, PASSWORD)


def test_a_session_ends_when_its_hours_are_over(users: Users, clock: FixedClock) -> None:
    token = users.sign_in("mod-07", PASSWORD, user_agent="") or ""
    clock.advance(seconds=12 * 3600 - 1)
    assert users.person(token)
    clock.advance(seconds=2)
    assert users.person(token) is None


def test_a_session_ends_at_sign_out(users: Users) -> None:
    token = users.sign_in("mod-07", PASSWORD, user_agent="") or ""
    users.sign_out(token)
    assert users.person(token) is None


def test_sessions_end_when_the_password_changes_or_the_account_is_disabled(
    users: Users, clock: FixedClock
) -> None:
    token = users.sign_in("mod-07", PASSWORD, user_agent="") or ""
    clock.advance(seconds=1)
    users.set_password("mod-07", "another good password", by="cli")
    assert users.person(token) is None
    token = users.sign_in("mod-07", "another good password", user_agent="") or ""
    assert users.person(token)
    clock.advance(seconds=1)
    users.disable("mod-07", by="cli")
    assert users.person(token) is None
    assert users.sign_in("mod-07", "another good password", user_agent="") is None


def test_a_form_token_belongs_to_one_session(users: Users) -> None:
    tokens = [users.sign_in("mod-07", PASSWORD, user_agent="") or "" for _ in range(2)]
    first, second = (users.person(token) for token in tokens)
    assert first
    assert second
    assert first.form_token != second.form_token
    assert first.form_token not in tokens


def test_a_name_is_given_once(users: Users) -> None:
    with pytest.raises(Conflict):
        users.create("MOD-07", [Role.LEAD], PASSWORD, by="cli")
    with pytest.raises(NotFound):
        users.disable("mod-08", by="cli")
    with pytest.raises(UsageError):
        users.create("a b", [Role.LEAD], PASSWORD, by="cli")


def test_a_key_is_kept_as_its_hash_and_dies_when_revoked(ledger: Ledger, clock: FixedClock) -> None:
    keys = Keys(ledger, clock)
    key = keys.create("ingest", [Scope.EVENTS_WRITE], by="cli")
    with ledger.read() as connection:
        assert key not in str(connection.execute(select(API_KEYS)).all())
    caller = keys.caller(key)
    assert caller
    assert caller.may(Scope.EVENTS_WRITE)
    assert not caller.may(Scope.DECISIONS_READ)
    assert keys.caller(key + "x") is None
    keys.revoke("ingest", by="cli")
    clock.advance(seconds=3)  # a lookup is trusted for two seconds
    assert keys.caller(key) is None
    with pytest.raises(NotFound):
        keys.revoke("ingest", by="cli")


def test_the_admin_scope_covers_every_other() -> None:
    assert all(covers(frozenset({Scope.ADMIN}), scope) for scope in Scope)


def test_every_administrative_act_is_in_the_chain(users: Users, ledger: Ledger, clock: FixedClock) -> None:
    Keys(ledger, clock).create("ingest", [Scope.ADMIN], by="ann")
    users.sign_in("mod-07", PASSWORD, user_agent="")
    with ledger.read() as connection:
        assert [(one.act, one.by) for one in acts(connection)] == [
            ("sign-in", "mod-07"),
            ("keys.create", "ann"),
            ("users.create", "cli"),
        ]
        assert verify(connection) is None


def test_guessing_becomes_slow_and_a_success_ends_it(clock: FixedClock) -> None:
    throttle = Throttle(clock, free=3)
    waits = []
    for _ in range(6):
        waits.append(throttle.wait_s("name"))
        throttle.failed("name")
    assert waits == [0, 0, 0, 1, 2, 4]
    assert throttle.wait_s("other") == 0
    clock.advance(seconds=8)
    assert throttle.wait_s("name") == 0
    throttle.failed("name")
    throttle.succeeded("name")
    assert throttle.wait_s("name") == 0


def test_failures_are_forgotten_and_memory_is_bounded(clock: FixedClock) -> None:
    throttle = Throttle(clock, free=1, longest_s=60, keep=10)
    for number in range(100):
        throttle.failed(f"name-{number}")
    assert throttle.wait_s("name-0") == 0
    assert throttle.wait_s("name-99") == 1
    clock.advance(seconds=61)
    throttle.failed("name-99")
    assert throttle.wait_s("name-99") == 1
