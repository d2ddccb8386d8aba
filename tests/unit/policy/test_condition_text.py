"""A compiled condition reads as its author wrote it, without what nobody wrote."""

from __future__ import annotations

import pytest

from seawall.policy.conditions import compile_condition
from seawall.policy.conditions.to_text import to_text
from seawall.policy.scope import scope_of
from seawall.testing import projects

SCOPE = scope_of(projects.project(), "comment")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("regexp_matches(text, 'a')", "regexp_matches(text, 'a')"),
        ("regexp_matches(text, 'a', '')", "regexp_matches(text, 'a')"),
        ("regexp_matches(text, 'a', 'i')", "regexp_matches(text, 'a', 'i')"),
        ("regexp_extract(text, 'a') = ''", "regexp_extract(text, 'a') = ''"),
        ("regexp_extract(text, '(a)', 1) = 'a'", "regexp_extract(text, '(a)', 1) = 'a'"),
        ("regexp_extract(text, '(a)', 0, 'i') = 'a'", "regexp_extract(text, '(a)', 0, 'i') = 'a'"),
    ],
)
def test_options_that_nobody_wrote_are_not_read(written: str, read: str) -> None:
    assert to_text(compile_condition(written, SCOPE, at=projects.AT).expr) == read
