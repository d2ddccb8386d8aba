"""A ledger on each backend. On PostgreSQL each test has its own schema."""

from __future__ import annotations

import os
import uuid
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from seawall.store.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SERVERS = (
    *filter(None, [os.environ.get("SEAWALL_TEST_POSTGRES")]),
    "postgresql+psycopg://root@127.0.0.1:5432/test",
    "postgresql+psycopg://postgres@127.0.0.1:5432/postgres",
)
BACKENDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


def new_schema() -> tuple[str, str]:
    """The URL of a schema of its own, and the server it lies on."""
    schema = f"store_{uuid.uuid4().hex}"
    for server in SERVERS:
        engine = create_engine(server)
        try:
            with engine.begin() as connection:
                connection.execute(text(f"CREATE SCHEMA {schema}"))
        except OperationalError:
            continue
        finally:
            engine.dispose()
        return f"{server}?options=-csearch_path%3D{schema}", server
    pytest.skip("PostgreSQL lets nobody in; name an address in SEAWALL_TEST_POSTGRES")


def drop_schema(url: str, server: str) -> None:
    engine = create_engine(server)
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {url.rpartition('%3D')[2]} CASCADE"))
    engine.dispose()


@pytest.fixture(params=BACKENDS)
def ledger_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'ledger.db'}"
        return
    url, server = new_schema()
    yield url
    drop_schema(url, server)


@pytest.fixture
def ledger(ledger_url: str) -> Iterator[Ledger]:
    ledger = Ledger.open(ledger_url)
    yield ledger
    ledger.close()
