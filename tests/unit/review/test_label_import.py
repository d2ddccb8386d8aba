"""Labels from a CSV file: what is kept, and what is said about what is not."""

from __future__ import annotations

from io import StringIO

import pytest

from seawall.review.labels_csv import Refused, read_labels
from seawall.review.model import Label

HEADER = "surface,subject,violates,clause,inclusion_probability,at\n"


def _read(text: str) -> list[Label | Refused]:
    return list(read_labels(StringIO(text), name="labels.csv", source="audit-2026", at=5))


def test_a_row_is_a_label_with_its_provenance() -> None:
    (label,) = _read(HEADER + "comment,c1,Yes,spam/links#c1,0.25,1970-01-01T00:00:01Z\n")
    assert isinstance(label, Label)
    assert (label.violates, label.clause, label.provenance) == (True, "spam/links#c1", "import:audit-2026")
    assert (label.inclusion_probability, label.at, label.reviewer) == (0.25, 1_000_000, "audit-2026")


def test_nobody_knows_the_probability_of_a_row_without_one() -> None:
    (label,) = _read("surface,subject,violates\ncomment,c1,0\n")
    assert isinstance(label, Label)
    assert (label.violates, label.inclusion_probability, label.at) == (False, None, 5)


def test_the_same_row_is_the_same_label() -> None:
    first, second = _read(HEADER + "comment,c1,yes,,,\ncomment,c1,yes,,,\n")
    assert isinstance(first, Label)
    assert first == second


@pytest.mark.parametrize(
    ("row", "column", "says"),
    [
        ("comment,c1,maybe,,,", "violates", "not 'maybe'"),
        ("comment,,yes,,,", "subject", "subject is empty"),
        ("comment,c1,yes,,1.5,", "", "above 0 and at most 1"),
        ("comment,c1,yes,,nan,", "", "above 0 and at most 1"),
        ("comment,c1,yes,,,yesterday", "", "yesterday"),
        ("comment,c1,yes,,,,more", "", "more or fewer values"),
    ],
)
def test_a_bad_row_says_where_and_why(row: str, column: str, says: str) -> None:
    (refused,) = _read(HEADER + row + "\n")
    assert isinstance(refused, Refused)
    assert (refused.span.line, refused.column) == (2, column)
    assert says in refused.message


def test_a_header_without_what_is_needed_is_refused_at_once() -> None:
    (refused,) = _read("surface,violates\ncomment,yes\n")
    assert isinstance(refused, Refused)
    assert refused.column == "subject"
    assert "surface, violates" in refused.hint
