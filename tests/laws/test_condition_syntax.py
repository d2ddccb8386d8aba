"""Whatever is typed, the answer is a condition or diagnostics; and it is read as DuckDB reads it."""

from __future__ import annotations

import json

import duckdb
import pytest
from condition_worlds import AT, BANKS, conditions, worlds
from hypothesis import example, given
from hypothesis import strategies as st

from seawall.core.errors import ConditionError
from seawall.core.types import parse_type
from seawall.policy.conditions import Column, Condition, Scope, compile_condition
from seawall.policy.conditions import syntax as s
from seawall.policy.conditions.fault import Refused
from seawall.policy.conditions.parse import parse

NAMES = {
    "a": "integer",
    "b": "integer?",
    "c": "string",
    "d": "boolean",
    "f": "number?",
    "l": "list of string",
    "m": "media?",
}
SCOPE = Scope({name: Column(name=name, type=parse_type(type_)) for name, type_ in NAMES.items()}, BANKS)

WORDS = (
    *NAMES,
    "1",
    "2.5",
    "-1",
    "1e3",
    "'x'",
    "''",
    "'%'",
    "TRUE",
    "NULL",
    "AND",
    "OR",
    "NOT",
    "IS",
    "IN",
    "LIKE",
    "ILIKE",
    "BETWEEN",
    "ESCAPE",
    "DISTINCT",
    "FROM",
    "CASE",
    "WHEN",
    "THEN",
    "ELSE",
    "END",
    "CAST",
    "AS",
    "BIGINT",
    "::",
    "(",
    ")",
    "[",
    "]",
    ",",
    "+",
    "-",
    "*",
    "/",
    "//",
    "%",
    "||",
    "=",
    "<>",
    "<",
    ">=",
    "lower",
    "length",
    "COALESCE",
    "matches",
    "SELECT",
    ";",
    "--",
    "/*",
    "*/",
    "$$",
    "?",
    ":x",
    "{",
    "é",
    '"a"',
    "\x00",
    "TIMESTAMP",
    "'2026-01-01'",
    "regexp_matches",
    "OVER",
    "INTERVAL",
    "ISNULL",
    "\n",
    ".",
    "@",
)


def answer(text: str) -> Condition | None:
    """The condition, or None after checking that the refusal is one a person can act on."""
    try:
        return compile_condition(text, SCOPE, at=AT)
    except ConditionError as refused:
        lines = text.split("\n")
        assert refused.diagnostics  # noqa: PT017  a refusal is one of two good answers
        for each in refused.diagnostics:
            assert each.code
            assert each.message
            line = each.span.line - AT.line
            assert 0 <= line < len(lines)
            assert 0 <= each.span.column - AT.column <= len(lines[line])
            assert each.snippet == lines[line]
        return None


@given(st.text(max_size=200))
@example("")
@example("\x00")
@example("'")
@example("a = 'x" + "y" * 30_000 + "'")
@example("(" * 5_000)
@example("NOT " * 5_000 + "d")
@example("- " * 5_000 + "a = 1")
@example("a" + "+a" * 5_000 + " = 1")
@example("a = 1" + " AND a = 1" * 1_900)
@example("CASE WHEN " * 500)
@example("\ud800 = 'x'")
@example("c = '\ud800'")
@example("a = " + "9" * 5_000)
@example("f = 1e" + "9" * 400)
@example("f = " + "9" * 400 + ".5")
@example("c LIKE '" + "%a" * 4_000 + "'")
@example("regexp_matches(c, '(((((a{1,100}){1,100}){1,100})))')")
@example("regexp_matches(c, '\ud800')")
@example("a = ١")
@example("a = ²")
@example("c = TIMESTAMP '9999-99-99'")
def test_any_text_gets_an_answer(text):
    answer(text)


@given(st.lists(st.sampled_from(WORDS), max_size=25), st.sampled_from((" ", "", "\n ")))
def test_any_row_of_words_gets_an_answer(words, between):
    answer(between.join(words))


@given(data=st.data(), world=worlds())
def test_a_damaged_condition_gets_an_answer(data, world):
    text = data.draw(conditions(world.scope))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 5)))
    damaged = text[:start] + data.draw(st.sampled_from(("", *WORDS))) + text[end:]
    try:
        compile_condition(damaged, world.scope, at=AT)
    except ConditionError as refused:
        assert refused.diagnostics  # noqa: PT017  a refusal is one of two good answers


# how DuckDB itself reads a text, in words of our own

SIGNS = {
    "EQUAL": "=",
    "NOTEQUAL": "<>",
    "LESSTHAN": "<",
    "LESSTHANOREQUALTO": "<=",
    "GREATERTHAN": ">",
    "GREATERTHANOREQUALTO": ">=",
    "DISTINCT_FROM": "distinct",
    "NOT_DISTINCT_FROM": "not distinct",
}


def theirs(node: dict) -> object:
    match node["class"]:
        case "COLUMN_REF":
            return node["column_names"][0]
        case "CONSTANT":
            return _constant(node)
        case "COMPARISON":
            return (SIGNS[node["type"].removeprefix("COMPARE_")], theirs(node["left"]), theirs(node["right"]))
        case "CONJUNCTION":
            return (
                node["type"].removeprefix("CONJUNCTION_").lower(),
                *(theirs(each) for each in node["children"]),
            )
        case "BETWEEN":
            return ("between", theirs(node["input"]), theirs(node["lower"]), theirs(node["upper"]))
        case "OPERATOR":
            return _operator(node["type"], [theirs(each) for each in node["children"]])
        case "CAST":
            return ("cast", theirs(node["child"]))
        case _:
            args = [theirs(each["expression"]) for each in node["arguments"]]
            return _function(node["function_name"], args)


def _constant(node: dict) -> object:
    literal = node.get("literal")
    if literal is None:
        return "null"
    if literal["kind"] == "NULL_LITERAL":
        return "null"
    return str(literal.get("text")).lower() if literal["kind"] != "STRING" else repr(literal["text"])


def _operator(name: str, args: list[object]) -> object:
    match name:
        case "OPERATOR_NOT":
            return ("not", *args)
        case "OPERATOR_IS_NULL" | "OPERATOR_IS_NOT_NULL":
            return ("is null", args[0]) if name.endswith("IS_NULL") else ("not", ("is null", args[0]))
        case "COMPARE_IN":
            return ("in", *args)
        case "COMPARE_NOT_IN":
            return ("not", ("in", *args))
        case "ARRAY_EXTRACT":
            return ("[]", *args)
        case _:
            return (name, *args)


def _function(name: str, args: list[object]) -> object:
    match name:
        case "~~":
            return ("like", *args)
        case "!~~":
            return ("not", ("like", *args))
        case _:
            return (name, *args)


def ours(tree: s.Syntax) -> object:
    match tree:
        case s.Name():
            return tree.name
        case s.Number() | s.Word():
            return (tree.text if isinstance(tree, s.Number) else tree.word).lower()
        case s.Text():
            return repr(tree.text)
        case s.Unary(operator="-", part=s.Number() as number):
            return f"-{number.text}"
        case s.Unary():
            return (tree.operator, ours(tree.part))
        case s.Binary():
            return (tree.operator, ours(tree.left), ours(tree.right))
        case s.Connective():
            return (tree.operator, *(ours(part) for part in tree.parts))
        case s.Is():
            return _negated(("is null", ours(tree.part)), tree.negated)
        case s.In():
            return _negated(("in", ours(tree.part), *(ours(item) for item in tree.items)), tree.negated)
        case s.Between():
            return _negated(("between", ours(tree.part), ours(tree.low), ours(tree.high)), tree.negated)
        case s.Like():
            return _negated(("like", ours(tree.part), ours(tree.pattern)), tree.negated)
        case s.Cast():
            return ("cast", ours(tree.part))
        case s.Index():
            return ("[]", ours(tree.part), ours(tree.position))
        case _:
            raise AssertionError(tree)


def _negated(found: object, negated: bool) -> object:
    return ("not", found) if negated else found


@pytest.fixture(scope="module")
def database() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(config={"threads": 1})
    yield connection
    connection.close()


OPERATORS = (
    "+",
    "-",
    "*",
    "/",
    "//",
    "%",
    "||",
    "=",
    "<>",
    "<",
    "<=",
    ">",
    ">=",
    "AND",
    "OR",
    "IS DISTINCT FROM",
    "LIKE",
    "NOT LIKE",
)
operands = st.sampled_from(
    ("a", "b", "1", "-2", "'x'", "- a", "a::BIGINT", "-b[1]", "(a = b)", "(a + 1)", "-(a - b)", "NULL")
)
tails = st.sampled_from(
    (
        "",
        "",
        "",
        " IS NULL",
        " IS NOT NULL",
        " IN (1, 2)",
        " NOT IN (1)",
        " BETWEEN 1 AND 2",
        " NOT BETWEEN a AND b + 1",
        " NOTNULL",
    )
)


@given(
    parts=st.lists(
        st.tuples(st.sampled_from(("", "", "", "NOT ")), operands, tails, st.sampled_from(OPERATORS)),
        min_size=1,
        max_size=6,
    )
)
def test_what_is_read_is_read_as_duckdb_reads_it(parts, database):
    text = " ".join(f"{word}{operand}{tail} {operator}" for word, operand, tail, operator in parts)
    text = text.removesuffix(parts[-1][3]).strip()
    try:
        read = ours(parse(text))
    except Refused:
        return
    document = json.loads(database.execute("SELECT json_serialize_sql(?)", [f"SELECT {text}"]).fetchone()[0])
    assert not document["error"], f"DuckDB cannot read {text}"
    assert read == theirs(document["statements"][0]["node"]["select_list"][0]), text
