"""The reference is what the compiler reads, and every example in it is what DuckDB answers."""

from __future__ import annotations

import os
import re
from pathlib import Path

import duckdb
import pytest

from seawall.core.diagnostic import Span
from seawall.core.types import Value, parse_type
from seawall.decide.row import compile_row
from seawall.policy.conditions import Column, Scope, compile_condition, to_duckdb
from seawall.policy.conditions.computed import computed_columns
from seawall.policy.conditions.evaluate import evaluate
from seawall.policy.conditions.expr import Call, Constant, Expr, Read, children, walk
from seawall.policy.conditions.forms import FORMS
from seawall.policy.conditions.functions import FUNCTIONS
from seawall.policy.conditions.operations import OPERATIONS
from seawall.policy.conditions.reference import forms_table, functions_table
from seawall.policy.conditions.reference_spark import spark_functions_table, spark_operations_table
from seawall.policy.conditions.spark_forms import SPARK
from seawall.policy.model import Bank

REFERENCE = Path(__file__).resolve().parents[3] / "docs" / "reference"
TABLES = {
    "forms": ("conditions.md", forms_table),
    "functions": ("conditions.md", functions_table),
    "spark functions": ("spark.md", spark_functions_table),
    "spark operations": ("spark.md", spark_operations_table),
}
EXAMPLES = [
    *((form.example, form.answer) for form in FORMS if form.example),
    *dict.fromkeys((function.example, function.answer) for function in FUNCTIONS.values()),
]


@pytest.mark.parametrize("name", TABLES)
def test_the_page_holds_the_table_of_the_compiler(name):
    file, table = TABLES[name]
    around = re.compile(rf"(<!-- {name} -->\n).*?(\n?<!-- end -->)", re.DOTALL)
    page = (REFERENCE / file).read_text()
    written = around.sub(lambda found: f"{found[1]}{table()}\n<!-- end -->", page)
    if os.environ.get("SEAWALL_REWRITE"):
        (REFERENCE / file).write_text(written)
    assert (REFERENCE / file).read_text() == written, "SEAWALL_REWRITE=1 writes the table anew"


def test_spark_has_a_word_for_every_operation_of_duckdb():
    assert list(SPARK) == list(OPERATIONS)
    assert all(how.why for how in SPARK.values() if how.how == "computed")


EVENT = {"market": "SG", "tz": None, "text": "Claim your FREE gift now", "picture": "00000000000000ff"}
"""What an example that reads an event is asked of."""
BANKS = {
    "scam_terms": Bank(
        name="scam_terms", match="words", entries=("free gift", "claim", "prize"), version="1", span=Span("x")
    ),
    "known_pictures": Bank(
        name="known_pictures", match="hash", entries=("00000000000000fe",), version="1", span=Span("x")
    ),
}
SCOPE = Scope(
    {name: Column(name=name, type=parse_type("string?"), source="envelope") for name in EVENT},
    BANKS,
    market_tz={"SG": "Asia/Singapore"},
)


@pytest.mark.parametrize(("example", "answer"), EXAMPLES)
def test_an_example_gives_its_answer_everywhere(example, answer):
    text = f"({example}) IS NULL" if answer == "NULL" else f"({example}) IS NOT DISTINCT FROM {answer}"
    condition = compile_condition(text, SCOPE, at=Span("docs/reference/conditions.md", 1, 1))
    assert compile_row([condition], list(EVENT))(list(EVENT.values())) == ([0], [])
    columns = {name: _value(expr) for name, expr in computed_columns([condition.expr]).items()}
    event = ", ".join(f'{value!r} AS "{name}"' for name, value in (columns or {"nothing": 0}).items())
    assert duckdb.execute(f"SELECT {to_duckdb(condition)} FROM (SELECT {event})").fetchone() == (True,)
    called = [OPERATIONS[node.operation] for node in walk(condition.expr) if isinstance(node, Call)]
    if not columns and all(operation.dialect == "duckdb" for operation in called):
        raw = f"TRY({example}) IS NULL" if answer == "NULL" else text
        assert duckdb.execute(f"SELECT {raw}").fetchone() == (True,)


def _value(expr: Expr) -> Value:
    if isinstance(expr, Read):
        return EVENT[expr.name]
    return (
        expr.value
        if isinstance(expr, Constant)
        else evaluate(expr, [_value(each) for each in children(expr)])
    )
