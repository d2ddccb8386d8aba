"""One meaning: a column program decides every row of a batch as the row program and DuckDB do."""

from __future__ import annotations

import random

import numpy as np
import pytest
from condition_worlds import AT, World, conditions, worlds
from hypothesis import given
from hypothesis import strategies as st
from test_condition_parity import compiled, database, duckdb_truths  # noqa: F401  a fixture

from seawall.core.columns import Column, Columns
from seawall.core.truth import NOT_BOUGHT
from seawall.core.types import Kind, Value
from seawall.decide.column import Found, compile_columns
from seawall.decide.row import compile_row
from seawall.policy.conditions import Condition
from seawall.policy.conditions.expr import Expr, Not, leaves, reads_of, signals_of
from seawall.policy.conditions.to_duckdb import expression

ROWS = 50
Rows = list[tuple[Value, ...]]


def made_of(world: World, rows: Rows, form: str) -> dict[str, Column]:
    """The columns of a world, made of Python values or of Arrow."""
    table = world.table(rows) if form == "arrow" else None
    made = {}
    for place, (name, column) in enumerate(world.scope.columns.items()):
        if table is None:
            made[name] = Column(column.type, values=[row[place] for row in rows])
        else:
            array = table[name].combine_chunks()
            if column.type.kind is Kind.TIMESTAMP and not column.type.is_list:
                array = array.cast("int64")
            made[name] = Column(column.type, arrow=array)
    return made


def as_conditions(exprs: list[Expr]) -> list[Condition]:
    return [
        Condition(text="", expr=each, at=AT, reads=reads_of(each), signals=signals_of(each))
        for expr in exprs
        for each in (expr, Not(expr))
    ]


def every_part(data: st.DataObject, world: World) -> list[Expr]:
    known = compiled([data.draw(conditions(world.scope)) for _ in range(3)], world)
    return list(dict.fromkeys(part for each in known for part in (each.expr, *leaves(each.expr))))


@given(data=st.data(), world=worlds(), seed=st.integers(0, 2**32), form=st.sampled_from(["values", "arrow"]))
def test_every_part_has_the_truth_that_duckdb_gives_it(data, world, seed, form, database):  # noqa: F811
    exprs = every_part(data, world)
    if not exprs:
        return
    rows = world.rows(seed, ROWS)
    columns = Columns("x", len(rows), made_of(world, rows, form))
    found = compile_columns(as_conditions(exprs), small=0)(columns)
    assert not len(found.open.rows), "everything was bought"
    true = found.must.by_row(len(rows))
    asked = [expression(expr) for expr in exprs]
    for row, theirs in enumerate(duckdb_truths(database, asked, exprs, world, rows)):
        ours = [
            True if 2 * place in true[row] else False if 2 * place + 1 in true[row] else None
            for place in range(len(exprs))
        ]
        assert ours == theirs, f"{asked[next(n for n, each in enumerate(ours) if each is not theirs[n])]}"


@pytest.mark.parametrize("small", [0, 1_000], ids=["all at once", "row by row"])
@given(data=st.data(), world=worlds(), seed=st.integers(0, 2**32), form=st.sampled_from(["values", "arrow"]))
def test_what_must_and_what_may_are_those_of_the_row_program(data, world, seed, form, small):
    """Signals may be missing for all rows or for some; three batches, so that what was learned is used."""
    known = as_conditions(every_part(data, world))
    by_row, program = compile_row(known, world.columns), compile_columns(known, small=small)
    rng = random.Random(seed)
    for _ in range(3):
        rows = world.rows(rng.getrandbits(32), ROWS)
        columns, bought, partial = hidden(rng, world, rows, form)
        assert_same(program(columns, bought), [by_row(row) for row in partial])


def hidden(rng: random.Random, world: World, rows: Rows, form: str):
    """The rows with some signals missing, as columns and as rows."""
    made, bought, partial = made_of(world, rows, form), {}, [list(row) for row in rows]
    for place, (name, column) in enumerate(world.scope.columns.items()):
        how = rng.choice(["all", "some", "none"]) if column.source == "signal" else "all"
        if how == "none":
            del made[name]
            mask = np.zeros(len(rows), np.bool_)
        elif how == "some":
            mask = bought[name] = np.array([rng.random() < 0.5 for _ in rows], np.bool_)
        else:
            continue
        for row in np.flatnonzero(~mask).tolist():
            partial[row][place] = NOT_BOUGHT
    return Columns("x", len(rows), made), bought, partial


def assert_same(found: Found, expected: list[tuple[list[int], list[int]]]) -> None:
    assert found.must.by_row(len(expected)) == [must for must, _ in expected]
    assert found.open.by_row(len(expected)) == [still_open for _, still_open in expected]
