"""A condition holds where it is TRUE and no exception is, on every back end and every rail."""

from __future__ import annotations

import duckdb
import pytest
from condition_worlds import AT, conditions, worlds
from hypothesis import given
from hypothesis import strategies as st

from seawall.core.errors import ConditionError
from seawall.core.truth import NOT_BOUGHT
from seawall.decide.row import compile_row
from seawall.policy.conditions import compile_condition, to_duckdb, with_exceptions
from seawall.policy.conditions.computed import computed_columns
from seawall.policy.model import Definition

ROWS = 40


@pytest.fixture(scope="module")
def database() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(config={"threads": 1})
    yield connection
    connection.close()


@given(data=st.data(), world=worlds(), seed=st.integers(0, 2**32))
def test_a_condition_holds_where_no_exception_does(data, world, seed, database):
    try:
        whole, *excepted = [
            compile_condition(data.draw(conditions(world.scope)), world.scope, at=AT) for _ in range(3)
        ]
    except ConditionError:
        return
    named = [(str(place), each) for place, each in enumerate(excepted)]
    together = with_exceptions(whole, named, world.scope)
    program = compile_row([whole, *excepted, together], world.columns)
    rows = world.rows(seed, ROWS)
    database.register("events", world.table(rows, computed_columns([together.expr])))
    theirs = database.execute(f"SELECT {to_duckdb(together)} FROM events").fetchall()
    signals = [name for name, column in world.scope.columns.items() if column.source == "signal"]
    unbought = set(data.draw(st.lists(st.sampled_from(signals)))) if signals else set[str]()
    for row, (known,) in zip(rows, theirs, strict=True):
        must, _ = program(row)
        assert (3 in must) is (0 in must and 1 not in must and 2 not in must)
        assert (3 in must) is (known is True)
        partly = [
            NOT_BOUGHT if name in unbought else value for name, value in zip(world.columns, row, strict=True)
        ]
        certain, open_ = program(partly)
        assert 3 not in certain or 3 in must, "what is certain stays so"
        assert 3 not in must or 3 in certain or 3 in open_, "what will be is open"


@given(data=st.data(), world=worlds(), seed=st.integers(0, 2**32))
def test_a_definition_is_what_it_stands_for(data, world, seed):
    text = data.draw(conditions(world.scope))
    known = Definition(name="known", when=text, span=AT, when_span=AT)
    scope = type(world.scope)(world.scope.columns, world.scope.banks, world.scope.market_tz, {"known": known})
    try:
        spelled = compile_condition(f"NOT ({text}) OR {world.columns[0]} IS NULL", scope, at=AT)
    except ConditionError:
        return
    named = compile_condition(f"NOT known OR {world.columns[0]} IS NULL", scope, at=AT)
    assert named.definitions == ("known",)
    program = compile_row([spelled, named], world.columns)
    for row in world.rows(seed, ROWS):
        must, _ = program(row)
        assert (0 in must) is (1 in must)
