"""The ledger database: SQLite in the data folder, or PostgreSQL; brought to the newest schema when opened."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Engine, create_engine, event, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from seawall.core.errors import StorageError, UsageError

if TYPE_CHECKING:
    from collections.abc import Generator

    from sqlalchemy import Connection

MIGRATIONS = Path(__file__).parent / "migrations"
_MIGRATING = 0x5EA1_3161  # advisory lock of PostgreSQL
BUSY_SECONDS = 30


class Ledger:
    """Connections to the ledger. `begin` to change it, `read` to look."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @classmethod
    def open(cls, url: str) -> Ledger:
        """Connect and bring the schema up to date.

        Args:
            url: SQLAlchemy URL, `sqlite:////path/ledger.db` or `postgresql+psycopg://...`.

        Raises:
            StorageError: the database cannot be reached, or was made by a newer Seawall.
            UsageError: neither SQLite nor PostgreSQL.
        """
        engine = _engine(url)
        try:
            _migrate(engine)
        except (SQLAlchemyError, CommandError) as error:
            engine.dispose()
            where = make_url(url).render_as_string(hide_password=True)
            raise StorageError(
                f"the ledger at {where} cannot be opened: {error}",
                hint="is the address right, does the database run, was it made by a newer Seawall?",
            ) from error
        return cls(engine)

    @contextmanager
    def begin(self) -> Generator[Connection]:
        """A transaction that may write: committed at the end, undone on an error."""
        with self.engine.begin() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection

    @contextmanager
    def read(self) -> Generator[Connection]:
        """A connection for reading."""
        with self.engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN")
            yield connection
            connection.rollback()

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _engine(url: str) -> Engine:
    backend = make_url(url).get_backend_name()
    if backend == "sqlite":
        engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})
        event.listen(engine, "connect", _prepare_sqlite)
        return engine
    if backend == "postgresql":
        return create_engine(url, pool_pre_ping=True)
    raise UsageError(
        f"a ledger can live in SQLite or PostgreSQL, not in {backend!r}",
        hint="use sqlite:////path/ledger.db or postgresql+psycopg://user@host:port/name",
    )


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions begin where `begin` and `read` say so
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _migrate(engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    newest = ScriptDirectory.from_config(config).get_current_head()
    with engine.connect() as connection:
        if MigrationContext.configure(connection).get_current_revision() == newest:
            return
        connection.rollback()
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # another process may be migrating too
        else:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATING})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
