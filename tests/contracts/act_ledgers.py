"""A ledger on each backend and small decisions to put into it. On PostgreSQL each test has its own schema."""

from __future__ import annotations

import shutil
import uuid
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, text

from seawall.act.destination import Destination
from seawall.core.action import Action, Ground
from seawall.core.decision import Decision, decision_id
from seawall.store.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

POSTGRES = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
BACKENDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
SPAM = Ground("spam.burst", "spam/commercial#c2", "low", "terms")
SCAM = Ground("scam.giveaway", "scam/fraud#c1", "high", "terms")
PLATFORM = Destination(name="platform", url="http://127.0.0.1:9/hook", secrets=("s" * 32,))
T0 = 1_700_000_000_000_000


@pytest.fixture(params=BACKENDS)
def ledger_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'ledger.db'}"
        return
    schema = f"act_{uuid.uuid4().hex}"
    server = create_engine(POSTGRES)
    with server.begin() as connection:
        connection.execute(text(f'CREATE SCHEMA "{schema}"'))
    try:
        yield f"{POSTGRES}?options=-csearch_path%3D{schema}"
    finally:
        with server.begin() as connection:
            connection.execute(text(f'DROP SCHEMA "{schema}" CASCADE'))
        server.dispose()


@pytest.fixture
def ledger(ledger_url: str) -> Iterator[Ledger]:
    ledger = Ledger.open(ledger_url)
    yield ledger
    ledger.close()


@pytest.fixture(scope="session")
def empty_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "ledger.db"
    Ledger.open(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def local_ledger(empty_ledger: Path, tmp_path: Path) -> Iterator[Ledger]:
    """SQLite only, where the backend does not matter."""
    shutil.copy(empty_ledger, tmp_path / "ledger.db")
    ledger = Ledger.open(f"sqlite:///{tmp_path / 'ledger.db'}")
    yield ledger
    ledger.close()


def remove(*grounds: Ground, **more: object) -> Action:
    return Action("visibility", "remove", "subject", grounds=grounds or (SPAM,), **more)


def strike(*grounds: Ground) -> Action:
    return Action("account", "strike", "actor", grounds=grounds or (SPAM,))


def mute(seconds: int) -> Action:
    return Action("interaction", "mute", "actor", duration_s=seconds, grounds=(SPAM,))


def decided(event: str, *actions: Action, subject: str = "c1", actor: str = "u1", at: int = T0) -> Decision:
    return Decision(
        decision_id=decision_id("app", event, "v1"),
        event_id=event,
        type="comment",
        ts=at,
        market="SG",
        source="app",
        subject=subject,
        actor=actor,
        actions=actions,
        decided_at=at,
    )
