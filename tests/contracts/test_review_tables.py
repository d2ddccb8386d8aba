"""The migrations make exactly the tables that review reads and writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from act_ledgers import ledger_url
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from review_ledgers import TABLES

from seawall.store.ledger import Ledger
from seawall.store.tables import METADATA

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ledger_url"]
OURS = {table.name for table in TABLES}


@pytest.fixture
def migrated(ledger_url: str) -> Iterator[Ledger]:
    ledger = Ledger.open(ledger_url)
    yield ledger
    ledger.close()


def test_migrations_and_tables_agree(migrated: Ledger) -> None:
    with migrated.read() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), METADATA)
    assert [one for one in differences if any(name in repr(one) for name in OURS)] == []
