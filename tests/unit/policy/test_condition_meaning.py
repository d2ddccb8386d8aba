"""Conditions as strategists write them: what compiles, what it reads, and when it is always the same."""

from __future__ import annotations

import pytest

from seawall.core.decision import Reading
from seawall.core.diagnostic import Span
from seawall.core.errors import ConditionError
from seawall.core.truth import NOT_BOUGHT, Truth
from seawall.core.types import parse_type
from seawall.decide.row import compile_row
from seawall.decide.trace import trace
from seawall.policy.conditions import Column, Scope, compile_condition
from seawall.policy.conditions.to_text import to_text

AT = Span("strategies/spam.yml", 3, 5)
COLUMNS = {
    name: Column(name=name, type=parse_type(type_), source=source, cost_us=cost)
    for name, type_, source, cost in (
        ("age", "integer", "field", 0),
        ("domain", "string?", "field", 0),
        ("links", "integer?", "feature", 0),
        ("flag", "boolean?", "field", 0),
        ("score", "number?", "signal", 5_000),
        ("reputation", "number?", "signal", 20),
    )
}
BURST = "domain IS NOT NULL\n AND links >= 5\n AND (reputation < 0.2 OR score > 0.9)"


def compiled(text: str):
    return compile_condition(text, Scope(COLUMNS), at=AT)


def test_it_says_what_it_reads():
    condition = compiled(BURST)
    assert condition.reads == ("domain", "links", "reputation", "score")
    assert condition.signals == ("reputation", "score")
    assert condition.at == AT


def test_every_fault_is_told_at_once_on_its_own_line():
    with pytest.raises(ConditionError) as refused:
        compiled("age = 'x'\nAND scor > 1\n  AND links LIKE 'a'")
    places = [(each.span.line, each.span.column, each.code) for each in refused.value.diagnostics]
    assert places == [(3, 11, "type-mismatch"), (4, 9, "unknown-name"), (5, 11, "type-mismatch")]
    assert [each.snippet for each in refused.value.diagnostics] == [
        "age = 'x'",
        "AND scor > 1",
        "  AND links LIKE 'a'",
    ]


@pytest.mark.parametrize(
    ("text", "always"),
    [
        ("age > 5 AND age < 3", Truth.FALSE),
        ("age > 3 AND age < 4", Truth.FALSE),  # no integer lies between
        ("score > 3 AND score < 4", None),
        ("domain = 'x' AND domain = 'y'", Truth.FALSE),
        ("domain IN ('x', 'y') AND domain NOT IN ('y', 'x')", Truth.FALSE),
        ("age = 5 AND (age > 6 OR age < 2)", Truth.FALSE),
        ("age BETWEEN 5 AND 3", Truth.FALSE),
        ("age IS NULL", Truth.FALSE),
        ("links IS NULL AND links > 3", Truth.FALSE),
        ("age > 3 OR age <= 3", Truth.TRUE),
        ("links > 3 OR links <= 3", None),  # NULL while it is warming
        ("links IS NULL OR links IS NOT NULL", Truth.TRUE),
        ("flag AND NOT flag", Truth.FALSE),
        ("1 = 1", Truth.TRUE),
        ("length('abc') > 5", Truth.FALSE),
        ("NOT (age > 5 OR age <= 5)", Truth.FALSE),
        (BURST, None),
    ],
)
def test_what_is_always_the_same_is_known(text, always):
    assert compiled(text).always is always


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"domain": "a.test", "links": 5, "reputation": 0.1, "score": NOT_BOUGHT}, ([0], [])),
        ({"domain": "a.test", "links": 5, "reputation": 0.5, "score": NOT_BOUGHT}, ([], [0])),
        ({"domain": "a.test", "links": 5, "reputation": NOT_BOUGHT, "score": NOT_BOUGHT}, ([], [0])),
        ({"domain": "a.test", "links": None, "reputation": NOT_BOUGHT, "score": NOT_BOUGHT}, ([], [])),
        ({"domain": None, "links": 9, "reputation": 0.1, "score": 1.0}, ([], [])),
        ({"domain": "a.test", "links": 5, "reputation": None, "score": None}, ([], [])),
    ],
)
def test_a_row_says_what_must_be_true_and_what_is_open(row, expected):
    assert compile_row([compiled(BURST)], list(row))(list(row.values())) == expected


def test_what_several_conditions_share_is_computed_once():
    texts = ["length(domain) > 5 AND age > 1", "length(domain) > 5 AND age > 2"]
    source = compile_row([compiled(text) for text in texts], list(COLUMNS)).source
    assert source.count("v0 = UNKNOWN") == 1
    assert "must.append(1)" in source


def test_a_trace_says_why_and_what_was_not_looked_at():
    readings = {"domain": "a.test", "links": Reading(null="warming"), "reputation": NOT_BOUGHT}
    root = trace(compiled(BURST), readings)
    domain, links, either = root.children
    assert (root.truth, root.null) == (Truth.NULL, "warming")
    assert (domain.text, domain.truth) == ("domain IS NOT NULL", Truth.TRUE)
    assert (links.text, links.truth, links.null) == ("links >= 5", Truth.NULL, "warming")
    assert (either.truth, either.looked_at) == (Truth.OPEN, False)


def test_a_trace_names_the_operation_that_failed():
    root = trace(compiled("age // (links - 5) > 1"), {"age": 3, "links": 5})
    assert (root.truth, root.null) == (Truth.NULL, "division by zero")


def test_a_trace_adds_up_what_signals_cost():
    readings = {
        "domain": "a",
        "links": 5,
        "reputation": Reading(value=0.5, cost_us=20),
        "score": Reading(value=0.95, cost_us=5_000),
    }
    assert trace(compiled(BURST), readings).cost_us == 5_020


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("NOT domain IN ('a')", "domain NOT IN ('a')"),
        ("age<1 or age>5 and flag", "(age < 1) OR ((age > 5) AND flag)"),
        ("domain LIKE 'a!%' ESCAPE '!'", "domain LIKE 'a!%' ESCAPE '!'"),
        ("domain NOT LIKE 'a!%' ESCAPE '!'", "domain NOT LIKE 'a!%' ESCAPE '!'"),
    ],
)
def test_a_compiled_condition_reads_as_its_author_meant(text, read_as):
    assert to_text(compiled(text).expr) == read_as
