"""The reference is what the compiler reads, and every example in it is what DuckDB answers."""

from __future__ import annotations

import os
import re
from pathlib import Path

import duckdb
import pytest

from seawall.core.diagnostic import Span
from seawall.decide.row import compile_row
from seawall.policy.conditions import Scope, compile_condition, to_duckdb
from seawall.policy.conditions.forms import FORMS
from seawall.policy.conditions.functions import FUNCTIONS
from seawall.policy.conditions.reference import forms_table, functions_table

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "conditions.md"
TABLES = {"forms": forms_table, "functions": functions_table}
EXAMPLES = [
    *((form.example, form.answer) for form in FORMS if form.example),
    *dict.fromkeys((function.example, function.answer) for function in FUNCTIONS.values()),
]


@pytest.mark.parametrize("name", TABLES)
def test_the_page_holds_the_table_of_the_compiler(name):
    around = re.compile(rf"(<!-- {name} -->\n).*?(\n<!-- end -->)", re.DOTALL)
    page = PAGE.read_text()
    written = around.sub(lambda found: found[1] + TABLES[name]() + found[2], page)
    if os.environ.get("SEAWALL_REWRITE"):
        PAGE.write_text(written)
    assert PAGE.read_text() == written, "run this test with SEAWALL_REWRITE=1 to write the table anew"


@pytest.mark.parametrize(("example", "answer"), EXAMPLES)
def test_an_example_gives_its_answer_everywhere(example, answer):
    text = f"({example}) IS NULL" if answer == "NULL" else f"({example}) IS NOT DISTINCT FROM {answer}"
    condition = compile_condition(text, Scope({}), at=Span("docs/reference/conditions.md", 1, 1))
    assert compile_row([condition], [])([]) == ([0], [])
    assert duckdb.execute(f"SELECT {to_duckdb(condition)}").fetchone() == (True,)
    raw = f"TRY({example}) IS NULL" if answer == "NULL" else text
    assert duckdb.execute(f"SELECT {raw}").fetchone() == (True,)
