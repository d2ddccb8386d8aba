"""A ledger on each backend, made quickly; on PostgreSQL every test has a schema of its own."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, text

import seawall.act.tables  # noqa: F401  so that they stand in METADATA too
from seawall.review import tables
from seawall.store.ledger import Ledger
from seawall.store.tables import METADATA

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

POSTGRES = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
BACKENDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]

TABLES = [
    tables.TASKS,
    tables.SAMPLES,
    tables.BARS,
    tables.VERDICTS,
    tables.STEPS,
    tables.QUESTIONS,
    tables.LABELS,
    tables.LABEL_PROPOSALS,
]


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Engine]:
    server = create_engine(POSTGRES)
    yield server
    server.dispose()


@pytest.fixture(params=BACKENDS)
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ledger]:
    """Made from the tables directly: that the migrations make the same is a test of its own."""
    if request.param == "sqlite":
        ledger = Ledger.open(f"sqlite:///{tmp_path / 'ledger.db'}")
        yield ledger
        ledger.close()
        return
    server: Engine = request.getfixturevalue("postgres_server")
    schema = f"review_{uuid.uuid4().hex}"
    with server.begin() as connection:
        connection.execute(text(f'CREATE SCHEMA "{schema}"'))
    ledger = Ledger(
        create_engine(f"{POSTGRES}?options=-csearch_path%3D{schema}", pool_size=50, max_overflow=0)
    )
    METADATA.create_all(ledger.engine, checkfirst=False)
    try:
        yield ledger
    finally:
        ledger.close()
        with server.begin() as connection:
            connection.execute(text(f'DROP SCHEMA "{schema}" CASCADE'))
