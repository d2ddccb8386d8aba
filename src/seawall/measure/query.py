"""Named SQL over the ledger: one file per question, the same on SQLite and PostgreSQL."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from sqlalchemy import text

from seawall.core.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, RowMapping, TextClause

    from seawall.measure.model import Rows


def run(
    connection: Connection, name: str, parameters: dict[str, str | int | float | None]
) -> Sequence[RowMapping]:
    """The rows of a named query; parameters it does not mention are left out.

    Raises:
        NotFound: there is no such query.
    """
    query = _query(name)
    wanted = query.compile().params
    return connection.execute(query, {key: parameters[key] for key in wanted}).mappings().all()


def rows_of(connection: Connection, rows: Rows) -> Sequence[RowMapping]:
    """The rows behind an estimate."""
    return run(connection, rows.query, rows.parameters)


@cache
def _query(name: str) -> TextClause:
    file = files("seawall.measure").joinpath(f"queries/{name}.sql")
    if not name.isidentifier() or not file.is_file():
        raise NotFound(f"there is no query {name!r} in measure/queries")
    return text(file.read_text(encoding="utf-8"))
