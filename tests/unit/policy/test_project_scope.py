from __future__ import annotations

from pathlib import Path

import pytest

from seawall.core.types import FieldType, Kind
from seawall.policy.model import Project
from seawall.policy.read import require_project
from seawall.policy.scope import event_scope_of, scope_of

BASE = Path(__file__).resolve().parents[2] / "golden" / "check" / "base"


@pytest.fixture(scope="module")
def project() -> Project:
    return require_project(BASE)


def test_an_event_type_has_its_own_columns_and_no_others(project: Project) -> None:
    assert list(scope_of(project, "video").columns) == [
        *("id", "type", "ts", "market", "locale", "language", "tz", "source"),
        *("video_id", "creator_id", "caption", "duration_s"),
    ]


def test_what_is_computed_may_be_null_and_says_what_it_costs(project: Project) -> None:
    columns = scope_of(project, "comment").columns
    assert columns["actor_links_10m"].type == FieldType(Kind.INTEGER, nullable=True)
    assert columns["text_spam"].type == FieldType(Kind.NUMBER, nullable=True)
    assert (columns["text_spam"].cost_us, columns["text_spam"].languages) == (40.0, ("en", "id"))
    assert {name for name, column in columns.items() if column.source == "signal"} == {"text_spam"}


def test_a_filter_reads_the_event_alone(project: Project) -> None:
    columns = event_scope_of(project, "comment").columns
    assert {column.source for column in columns.values()} == {"envelope", "field"}


def test_banks_come_along(project: Project) -> None:
    assert scope_of(project, "video").banks.keys() == {"shorteners", "spam/terms"}


def test_an_event_type_that_is_not_there_is_an_error(project: Project) -> None:
    with pytest.raises(KeyError):
        scope_of(project, "letter")
