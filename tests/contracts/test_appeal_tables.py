"""The tables of the way back are what the migrations make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from act_ledgers import ledger, ledger_url
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from seawall.appeal.tables import APPEALS, NOTICES, REPORTS
from seawall.store.tables import METADATA

if TYPE_CHECKING:
    from seawall.store.ledger import Ledger

__all__ = ["ledger", "ledger_url"]


def test_the_tables_stand_where_the_migrations_end(ledger: Ledger) -> None:
    ours = {NOTICES.name, APPEALS.name, REPORTS.name}
    with ledger.read() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_name": lambda name, kind, above: (
                    (name if kind == "table" else above.get("table_name")) in {*ours, None}
                ),
                "include_object": lambda one, name, kind, *_: (
                    (name if kind == "table" else one.table.name) in ours
                ),
            },
        )
        assert compare_metadata(context, METADATA) == []
