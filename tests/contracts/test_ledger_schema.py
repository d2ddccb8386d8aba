"""The ledger behaves the same on SQLite and PostgreSQL."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Table, delete, insert, select, update
from store_ledgers import ledger, ledger_url

from seawall.core.errors import StorageError, UsageError
from seawall.store import audit, tables
from seawall.store.ledger import Ledger
from seawall.store.tables import AUDIT, RELEASES

__all__ = ["ledger", "ledger_url"]


def test_migrations_end_where_the_tables_stand(ledger: Ledger) -> None:
    with ledger.read() as connection:
        ours = {table.name for table in vars(tables).values() if isinstance(table, Table)}
        assert len(ours) > 10

        def is_ours(name: str, kind: str, parents: dict) -> bool:
            return (name if kind == "table" else parents.get("table_name")) in {*ours, None}

        context = MigrationContext.configure(
            connection,
            opts={"include_name": is_ours, "include_object": lambda one, name, kind, *_: _table(one) in ours},
        )
        assert compare_metadata(context, tables.METADATA) == []


def _table(one) -> str:
    return one.name if isinstance(one, Table) else one.table.name


def test_opening_a_second_time_changes_nothing(ledger: Ledger, ledger_url: str) -> None:
    with ledger.begin() as connection:
        connection.execute(
            insert(RELEASES).values(
                project_version="v", bundle="b", released_at=1, released_by="ann", note=""
            )
        )
    again = Ledger.open(ledger_url)
    with again.read() as connection:
        assert connection.execute(select(RELEASES.c.released_by)).scalars().all() == ["ann"]
    again.close()


def test_an_error_undoes_the_whole_transaction(ledger: Ledger) -> None:
    def act_and_fail() -> None:
        with ledger.begin() as connection:
            audit.append(connection, at=1, by="ann", act="release", target="v1")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act_and_fail()
    with ledger.read() as connection:
        assert audit.head(connection) == (0, audit.ORIGIN)


@pytest.fixture
def chain(ledger: Ledger) -> Ledger:
    for at, act in enumerate(("keys.create", "release", "strategy.pause")):
        with ledger.begin() as connection:
            audit.append(connection, at=at, by="ann", act=act, target="x", detail={"é": [1, None]})
    return ledger


def test_an_untouched_chain_holds(chain: Ledger) -> None:
    with chain.read() as connection:
        assert audit.verify(connection) is None
        assert [one.act for one in audit.acts(connection, before=3)] == ["release", "keys.create"]
        assert audit.head(connection)[0] == 3


@pytest.mark.parametrize(
    "edit",
    [
        update(AUDIT).where(AUDIT.c.sequence == 2).values(by="bob"),
        update(AUDIT).where(AUDIT.c.sequence == 2).values(detail="{}"),
        update(AUDIT).where(AUDIT.c.sequence == 2).values(hash="0" * 64),
        delete(AUDIT).where(AUDIT.c.sequence == 2),
    ],
    ids=["who", "detail", "hash", "deleted"],
)
def test_any_edit_of_the_chain_shows(chain: Ledger, edit) -> None:
    with chain.begin() as connection:
        connection.execute(edit)
    with chain.read() as connection:
        assert audit.verify(connection) == 2


def test_an_unreachable_database_says_where_without_the_password() -> None:
    with pytest.raises(StorageError) as caught:
        Ledger.open("postgresql+psycopg://ann:secret@127.0.0.1:9/none")
    assert "127.0.0.1:9" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_another_kind_of_database_is_refused() -> None:
    with pytest.raises(UsageError, match="SQLite or PostgreSQL"):
        Ledger.open("mysql://127.0.0.1/x")
