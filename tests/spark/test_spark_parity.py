"""One meaning on Spark too: hundreds of parts of conditions in one query, and each function's values."""

from __future__ import annotations

import random
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from condition_worlds import AT, BANKS, MARKET_TZ, World, conditions, value_of
from hypothesis import given, settings
from test_condition_columns import as_conditions, made_of
from test_condition_functions import WAYS, call_in, call_of, scope_of
from test_condition_parity import compiled, duckdb_truths, row_truths

from seawall.core.columns import Columns
from seawall.core.types import FieldType, Kind
from seawall.decide.column import compile_columns
from seawall.policy.conditions import Column, Scope, compile_condition
from seawall.policy.conditions.expr import Expr, leaves
from seawall.policy.conditions.forms import FORMS
from seawall.policy.conditions.functions import FUNCTIONS
from seawall.policy.conditions.to_duckdb import expression as in_duckdb
from seawall.policy.conditions.to_spark import expression, spark_columns

pytestmark = pytest.mark.spark
ROWS = 60
PARTS = 250  # of conditions in one query
TYPES = {
    "t": FieldType(Kind.STRING, nullable=True),
    "u": FieldType(Kind.STRING, nullable=True),
    "i": FieldType(Kind.INTEGER, nullable=True),
    "j": FieldType(Kind.INTEGER, nullable=True),
    "n": FieldType(Kind.NUMBER, nullable=True),
    "m": FieldType(Kind.NUMBER, nullable=True),
    "b": FieldType(Kind.BOOLEAN, nullable=True),
    "ts": FieldType(Kind.TIMESTAMP, nullable=True),
    "since": FieldType(Kind.TIMESTAMP, nullable=True),
    "h": FieldType(Kind.HASH, nullable=True),
    "tl": FieldType(Kind.STRING, is_list=True, nullable=True),
    "il": FieldType(Kind.INTEGER, is_list=True, nullable=True),
    "nl": FieldType(Kind.NUMBER, is_list=True, nullable=True),
    "tz": FieldType(Kind.STRING, nullable=True),
    "market": FieldType(Kind.STRING, nullable=True),
}
WORLD = World(Scope({name: Column(name=name, type=type_) for name, type_ in TYPES.items()}, BANKS, MARKET_TZ))
EXAMPLES = dict.fromkeys(
    (each.example, each.answer) for each in (*FORMS, *FUNCTIONS.values()) if each.example
)


def of_world(world: World, rows: list[Any], exprs: list[Expr]) -> pa.Table:
    """The rows as Spark is given them: moments in UTC, and what it reads as columns."""
    table = world.table(rows, spark_columns(exprs))
    moments = {pa.timestamp("us"): pa.timestamp("us", "UTC")}
    return table.cast(pa.schema([(each.name, moments.get(each.type, each.type)) for each in table.schema]))


def many_conditions(count: int) -> list[str]:
    found: dict[str, None] = {}

    @settings(max_examples=count)
    @given(conditions(WORLD.scope))
    def draw(text: str) -> None:
        found[text] = None

    draw()
    return list(found)


def test_every_part_has_the_same_truth_in_rows_columns_duckdb_and_spark(spark):
    texts = many_conditions(5 * settings().max_examples)
    known = compiled(texts, WORLD)
    exprs = list(dict.fromkeys(part for each in known for part in (each.expr, *leaves(each.expr))))
    rows = WORLD.rows(random.randrange(2**32), ROWS)
    with duckdb.connect(config={"threads": 1}) as database:
        for first in range(0, len(exprs), PARTS):
            asked = exprs[first : first + PARTS]
            ours = row_truths(asked, WORLD, rows)
            assert ours == duckdb_truths(database, [in_duckdb(each) for each in asked], asked, WORLD, rows)
            assert ours == column_truths(asked, rows)
            sql = [expression(each) for each in asked]
            theirs = spark.select(sql, of_world(WORLD, rows, asked))
            for row, mine, of_spark in zip(rows, ours, theirs, strict=True):
                for text, expr, one, other in zip(sql, asked, mine, of_spark, strict=True):
                    of_row = dict(zip(WORLD.columns, row, strict=True))
                    assert one is other, f"row {one}, Spark {other}: {text}\n{in_duckdb(expr)}\n{of_row}"


def column_truths(exprs: list[Expr], rows: list[Any]) -> list[list[bool | None]]:
    program = compile_columns(as_conditions(exprs), small=0)
    true = program(Columns("x", len(rows), made_of(WORLD, rows, "arrow"))).must.by_row(len(rows))
    return [
        [
            True if 2 * place in true[row] else False if 2 * place + 1 in true[row] else None
            for place in range(len(exprs))
        ]
        for row in range(len(rows))
    ]


def test_every_function_gives_its_values(spark):
    """Every way to call each of them, all in one query, value by value."""
    rng = random.Random(1)
    exprs: list[Expr] = []
    world = World(Scope({}, BANKS, MARKET_TZ))
    columns: dict[str, Column] = {}
    for number, way in enumerate(WAYS):
        name, overload = way.values
        scope = scope_of(overload)
        renamed = {
            (each if each in ("tz", "market") else f"{each}_{number}"): column
            for each, column in scope.columns.items()
        }
        here = {each: Column(name=each, type=column.type) for each, column in renamed.items()}
        columns |= here
        for _ in range(6):
            text = call_of(name, overload, rng)
            for each in scope.columns:
                if each not in ("tz", "market"):
                    text = text.replace(each, f"{each}_{number}")
            known = compile_condition(f"{text} IS NULL", Scope(here, BANKS, MARKET_TZ), at=AT)
            exprs.append(call_in(known.expr))
    exprs = list(dict.fromkeys(exprs))
    world = World(Scope(columns, BANKS, MARKET_TZ))
    rows = world.rows(rng.randrange(2**32), 300)
    sql = [expression(each) for each in exprs]
    for row, values in zip(rows, spark.select(sql, of_world(world, rows, exprs)), strict=True):
        of_row = dict(zip(world.columns, row, strict=True))
        for text, expr, theirs in zip(sql, exprs, values, strict=True):
            ours = value_of(expr, of_row)
            assert (type(ours), ours) == (type(theirs), theirs), f"{text}\n{of_row}"


def test_every_documented_example_gives_its_answer(spark):
    """Those that read a field stand in the parity law."""
    asked, answers, exprs = [], [], []
    scope = Scope({"tz": WORLD.scope.columns["tz"], "market": WORLD.scope.columns["market"]}, {}, MARKET_TZ)
    for example, answer in EXAMPLES:
        if example.startswith(("match", "near")):
            continue
        says = f"({example}) IS NOT DISTINCT FROM ({answer})" if answer != "NULL" else f"({example}) IS NULL"
        expr = compile_condition(says, scope, at=AT).expr
        asked.append(expression(expr))
        answers.append(example)
        exprs.append(expr)
    world = World(scope)
    (found,) = spark.select(asked, of_world(world, [("Asia/Singapore", "SG")], exprs))
    assert [text for text, value in zip(answers, found, strict=True) if value is not True] == []
    assert len(asked) > 50


@pytest.mark.parametrize("text", ["'${x}'", "it's \\u0041", "a\nb\\", "%!_", "{0}", '"`', "\x01\x1f", "😀"])
def test_a_text_arrives_as_it_is(spark, text):
    expr = compile_condition(f"u = '{text.replace(chr(39), chr(39) * 2)}'", WORLD.scope, at=AT).expr
    rows = [tuple(text if name == "u" else None for name in WORLD.columns)]
    assert spark.select([expression(expr)], of_world(WORLD, rows, [expr])) == [[True]]
