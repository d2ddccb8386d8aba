"""One meaning: the row program and DuckDB give every part of every condition the same truth."""

from __future__ import annotations

import duckdb
import pytest
from condition_worlds import AT, World, conditions, worlds
from hypothesis import given
from hypothesis import strategies as st

from seawall.core.errors import ConditionError
from seawall.core.truth import Truth
from seawall.core.types import FieldType, Kind, Value
from seawall.decide.row import compile_row
from seawall.policy.conditions import Column, Condition, Scope, compile_condition
from seawall.policy.conditions.computed import computed_columns
from seawall.policy.conditions.expr import Call, Expr, Matches, Not, leaves, reads_of, signals_of, walk
from seawall.policy.conditions.moments import parse_moment
from seawall.policy.conditions.operations import OPERATIONS
from seawall.policy.conditions.to_duckdb import expression

ROWS = 50
HONEST_REFUSALS = {
    "literal-arithmetic",
    "decimal-arithmetic",
    "never-equal",
    "null-literal",
    "type-mismatch",
    "integer-range",
    "bad-cast",
    "too-deep",
}
"""What a well-typed author may still be told, because DuckDB computes it in a type that we do not have."""


@pytest.fixture(scope="module")
def database() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(config={"threads": 1})
    yield connection
    connection.close()


def _as_condition(expr: Expr) -> Condition:
    return Condition(text="", expr=expr, at=AT, reads=reads_of(expr), signals=signals_of(expr))


def row_truths(exprs: list[Expr], world: World, rows: list[tuple[Value, ...]]) -> list[list[bool | None]]:
    """TRUE, FALSE or NULL of each on each row, asked of the row program by itself and by its opposite."""
    both = [each for expr in exprs for each in (_as_condition(expr), _as_condition(Not(expr)))]
    program = compile_row(both, world.columns)
    truths = []
    for row in rows:
        must, still_open = program(row)
        assert not still_open, "everything was bought"
        truths.append(
            [
                True if 2 * each in must else False if 2 * each + 1 in must else None
                for each in range(len(exprs))
            ]
        )
    return truths


def duckdb_truths(
    database: duckdb.DuckDBPyConnection,
    selected: list[str],
    exprs: list[Expr],
    world: World,
    rows: list[tuple[Value, ...]],
) -> list[list[bool | None]]:
    database.register("events", world.table(rows, computed_columns(exprs)))
    return [list(row) for row in database.execute(f"SELECT {', '.join(selected)} FROM events").fetchall()]


def compiled(texts: list[str], world: World) -> list[Condition]:
    """Those that compile; any other must have been refused for an honest reason."""
    known = []
    for text in texts:
        try:
            known.append(compile_condition(text, world.scope, at=AT))
        except ConditionError as refused:
            codes = {each.code for each in refused.diagnostics}
            assert codes <= HONEST_REFUSALS, f"{text}\n{refused.diagnostics}"  # noqa: PT017  some refusals are right
    return known


def cannot_fail(condition: Condition) -> bool:
    """Nothing that only we know, and no operation that is NULL where DuckDB raises or gives infinity."""
    nodes = list(walk(condition.expr))
    called = [OPERATIONS[node.operation] for node in nodes if isinstance(node, Call)]
    fails = {operation.failure for operation in called} - {None, "no such element"}
    foreign = any(operation.dialect != "duckdb" for operation in called)
    return not fails and not foreign and not any(isinstance(node, Matches) for node in nodes)


@given(data=st.data(), world=worlds(), seed=st.integers(0, 2**32))
def test_every_part_has_the_truth_that_duckdb_gives_it(data, world, seed, database):
    """In its total form part by part, and as it was written, wherever nothing in it can fail."""
    known = compiled([data.draw(conditions(world.scope)) for _ in range(3)], world)
    exprs = list(dict.fromkeys(part for each in known for part in (each.expr, *leaves(each.expr))))
    if not exprs:
        return
    written = [each for each in known if cannot_fail(each)]
    rows = world.rows(seed, ROWS)
    ours = row_truths(exprs, world, rows)
    selected = [*(expression(expr) for expr in exprs), *(f"({each.text})" for each in written)]
    asked = [*exprs, *(each.expr for each in written)]
    theirs_of_all = duckdb_truths(database, selected, exprs, world, rows)
    for row, mine, theirs in zip(rows, ours, theirs_of_all, strict=True):
        for sql, expr, theirs_of_it in zip(selected, asked, theirs, strict=True):
            of_it = mine[exprs.index(expr)]
            assert of_it is theirs_of_it, f"row {of_it}, DuckDB {theirs_of_it}: {sql}\n{named(world, row)}"
    for each in known:
        seen = {truths[exprs.index(each.expr)] for truths in ours}
        assert each.always is not Truth.TRUE or seen == {True}, f"not always true: {each.text}"
        assert each.always is not Truth.FALSE or True not in seen, f"sometimes true: {each.text}"


def named(world: World, row: tuple[Value, ...]) -> dict[str, Value]:
    return dict(zip(world.columns, row, strict=True))


@pytest.mark.parametrize("sign", ["+", "-"])
@pytest.mark.parametrize("months", ["INTERVAL '1 month'", "INTERVAL '2 months'"])
def test_a_month_is_not_30_days_beside_each_other(database, sign: str, months: str) -> None:
    """DuckDB holds the two equal, and computes equal sums of one query once."""
    moment = FieldType(Kind.TIMESTAMP, nullable=True)
    world = World(Scope({"since": Column(name="since", type=moment)}, {}, {}))
    days = "INTERVAL '60 days'" if "2" in months else "INTERVAL '30 days'"
    texts = [
        f"since {sign} {days} {operator} since {other} {months}" for operator in "<=" for other in ("+", "-")
    ]
    exprs = [compile_condition(text, world.scope, at=AT).expr for text in texts]
    rows = [(parse_moment(text),) for text in ("2024-02-29 12:34:56", "2024-01-31", "2023-12-01")]
    theirs = duckdb_truths(database, [expression(each) for each in exprs], exprs, world, rows)
    assert row_truths(exprs, world, rows) == theirs
