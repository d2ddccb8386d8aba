"""Every function and every way to call it gives, value by value, what DuckDB gives."""

from __future__ import annotations

import random
from datetime import datetime

import duckdb
import pytest
from condition_worlds import AT, BANKS, MARKET_TZ, World, quoted, value_of
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.core.clock import EPOCH
from seawall.core.types import FieldType, Kind
from seawall.policy.conditions import Column, Scope, compile_condition
from seawall.policy.conditions.computed import computed_columns
from seawall.policy.conditions.expr import Call, Expr
from seawall.policy.conditions.functions import FUNCTIONS, Overload
from seawall.policy.conditions.moments import DIFFERENCES, TRUNCATIONS
from seawall.policy.conditions.to_duckdb import expression

ROWS = 200
LITERALS = {
    "pattern": (
        "a",
        "^a",
        "b$",
        "[ab]+",
        "(a)(b)?",
        "x*",
        "é|ß",
        "\\s",
        "(?s).",
        "",
        "\\bfree\\b",
        "(a|ab)(c|bcd)?",
    ),
    "options": ("", "i", "s", "l", "c", "im"),
    "group": ("0",),
    "by": ("", "-", "[\\0]", "\\\\", "é\\0"),
    "salt": ("", "trial", "é"),
    "count": ("1", "2", "100", "9223372036854775807"),
}
UNITS = {"date_diff": DIFFERENCES, "date_trunc": TRUNCATIONS}
WAYS = [
    pytest.param(name, way, id=f"{name}-{'-'.join(str(each.type) for each in way.parameters)}")
    for name, function in FUNCTIONS.items()
    if name == function.name
    for way in function.overloads
]


@pytest.fixture(scope="module")
def database() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(config={"threads": 1})
    yield connection
    connection.close()


def scope_of(way: Overload) -> Scope:
    columns = {
        f"p{place}": FieldType(each.type.kind, is_list=each.type.is_list, nullable=True)
        for place, each in enumerate(way.parameters)
        if not each.literal
    }
    columns |= {name: FieldType(Kind.STRING, nullable=True) for name in ("tz", "market")}
    named = {name: Column(name=name, type=type_) for name, type_ in columns.items()}
    return Scope(named, BANKS, MARKET_TZ)


def call_of(name: str, way: Overload, rng: random.Random) -> str:
    args = []
    for place, each in enumerate(way.parameters):
        if not each.literal:
            args.append(f"p{place}")
        elif each.name == "unit":
            args.append(quoted(rng.choice(UNITS[name])))
        else:
            options = LITERALS[each.name]
            if each.name == "options" and name == "regexp_replace":
                options = (*options, "g", "gi", "gl")
            text = rng.choice(options)
            args.append(text if each.type.kind is Kind.INTEGER else quoted(text))
    return f"{name}({', '.join(args)})"


def as_ours(value: object) -> object:
    if isinstance(value, datetime):
        since = value - EPOCH.replace(tzinfo=None)
        return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
    return value


def call_in(expr: Expr) -> Expr:
    assert isinstance(expr, Call)
    return expr.args[0]


@pytest.mark.parametrize(("name", "way"), WAYS)
@settings(max_examples=max(5, settings().max_examples // 6))  # of each of some sixty ways
@given(seed=st.integers(0, 2**32))
def test_a_function_gives_what_duckdb_gives(name, way, seed, database):
    text = call_of(name, way, random.Random(seed))
    world = World(scope_of(way))
    rows = world.rows(seed, ROWS)
    expr = call_in(compile_condition(f"{text} IS NULL", world.scope, at=AT).expr)
    database.register("events", world.table(rows, computed_columns([expr])))
    theirs = [
        as_ours(value) for (value,) in database.execute(f"SELECT {expression(expr)} FROM events").fetchall()
    ]
    for row, known in zip(rows, theirs, strict=True):
        of_row = dict(zip(world.columns, row, strict=True))
        ours = value_of(expr, of_row)
        assert (type(ours), ours) == (type(known), known), f"{text} of {of_row}"
