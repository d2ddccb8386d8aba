from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from seawall.policy.model import Then
from seawall.policy.read import load_project, require_project

BASE = Path(__file__).resolve().parents[2] / "golden" / "check" / "base"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(BASE, tmp_path / "project")
    return tmp_path / "project"


def test_groups_are_spelled_out_and_targets_filled_in(root: Path) -> None:
    (root / "strategies" / "more.yml").write_text(
        """strategy: spam.more
policy: spam#c2
on: comment
when: text = 'x'
then:
  - remove
  - suspend_monetisation
  - offer_help
  - strike: host
  - mute: {target: host, for: 24h, territory: [EU]}
  - label: {territory: worldwide}
  - review: {queue: spam, timeout: 4h, on_timeout: allow}
mode: shadow
markets: [EU, SG]
"""
    )
    more = require_project(root).strategies["spam.more"]
    assert more.markets == ("DE", "FR", "SG")
    assert more.then == (
        Then(action="remove", target="subject"),
        Then(action="suspend_monetisation", target="subject"),
        Then(action="offer_help", target="actor"),
        Then(action="strike", target="host"),
        Then(action="mute", target="host", duration_s=86_400, territory=("DE", "FR")),
        Then(action="label", target="subject", territory=("*",)),
    )
    assert (more.review[0].queue, more.review[0].timeout_s, more.review[0].on_timeout) == (
        "spam",
        14_400,
        "allow",
    )


def test_the_condition_is_kept_with_its_place(root: Path) -> None:
    strategy = require_project(root).strategies["spam.link_burst"]
    assert strategy.when == "matches(link_domain, 'shorteners')\nAND actor_links_10m >= 5"
    assert str(strategy.when_span) == "strategies/link_burst.yml:5:3"


def test_overlays_apply_group_then_market_field_by_field(root: Path) -> None:
    front = (
        "---\noverlay: spam\nfor: {market}\n---\n\n"
        "## c1. {title}\n\n```yaml\nseverity: {severity}\n```\n{text}"
    )
    (root / "policies" / "a.md").write_text(
        front.format(market="DE", title="Werbung", severity="high", text="")
    )
    (root / "policies" / "b.md").write_text(
        front.format(market="EU", title="Ads", severity="medium", text="\nIn the Union.\n")
    )
    overlays = require_project(root).policies["spam"].overlays
    german, french = overlays["DE"]["c1"], overlays["FR"]["c1"]
    assert (german.title, german.severity, german.text, german.ground) == (
        "Werbung",
        "high",
        "In the Union.",
        "terms",
    )
    assert (french.title, french.severity, french.text) == ("Ads", "medium", "In the Union.")
    assert overlays.keys() == {"DE", "FR"}


def test_a_heading_in_a_code_block_is_no_clause(root: Path) -> None:
    policy = root / "policies" / "spam.md"
    policy.write_text(
        policy.read_text() + "\n## Notes\n\n```\n## c8. Not a clause\n```\n\n> ## c9. Nor this\n"
    )
    assert require_project(root).policies["spam"].clauses.keys() == {"c1", "c2", "e1"}


def test_tests_get_ids_times_and_defaults(root: Path) -> None:
    (root / "tests" / "more.yml").write_text(
        """defaults:
  comment: {comment_id: c1, actor_id: u1, text: hello, account_age_days: 3}
tests:
  - name: two
    events:
      - {type: comment, text: one}
      - {type: comment, id: mine, ts: 2026-03-01T10:00:00Z}
    expect: {action: allow}
"""
    )
    case = next(case for case in require_project(root).cases if case.name == "two")
    assert [(event["id"], event["ts"], event["text"]) for event in case.events] == [
        ("e1", "2026-01-01T00:00:00.000000Z", "one"),
        ("mine", "2026-03-01T10:00:00Z", "hello"),
    ]


def test_hashtags_are_entries_and_comments_are_not(root: Path) -> None:
    (root / "lists" / "tags.txt").write_text("# match: anywhere\n#\n# about\n#follow\n\n  two words \n")
    project, _ = load_project(root)
    assert project is not None
    assert (project.banks["tags"].match, project.banks["tags"].entries) == (
        "anywhere",
        ("#follow", "two words"),
    )


def test_a_table_may_quote_its_cells(root: Path) -> None:
    (root / "lists" / "apps.csv").write_text('# apps\napp,publisher\n"a, 1","He said ""hi"""\n#2,x\n')
    project, _ = load_project(root)
    assert project is not None
    assert project.banks["apps"].table == {"a, 1": {"publisher": 'He said "hi"'}, "#2": {"publisher": "x"}}
