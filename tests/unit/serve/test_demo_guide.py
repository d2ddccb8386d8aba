"""The demo's guide: what happened to each story, and the page it ends on."""

from __future__ import annotations

from pathlib import Path

import msgspec

from seawall.policy.read import require_project
from seawall.serve.demo.chapters import CHAPTERS
from seawall.serve.demo.guide import Guide, _Decided, kept, told
from seawall.simulate import Truth
from seawall.simulate.stories.table import STORIES


def _decided(number: int, **more: object) -> _Decided:
    return msgspec.convert({"decision_id": f"d{number}", "event_id": f"e{number}", **more}, _Decided)


def _truth(story: str, clause: str | None = None) -> Truth:
    return Truth(event_id="e", clause=clause, adversary=None, story=story)


def test_every_chapter_is_about_a_story_of_the_simulator() -> None:
    stories = {story.name for story in STORIES}
    assert {chapter.story for chapter in CHAPTERS} <= stories
    assert len({chapter.story for chapter in CHAPTERS}) == len(CHAPTERS)


def test_every_chapter_names_a_strategy_and_a_signal_of_the_starter() -> None:
    from importlib.resources import as_file, files

    with as_file(files("seawall.policy").joinpath("starter")) as starter:
        project = require_project(starter)
    for chapter in CHAPTERS:
        assert chapter.strategy in project.strategies
        assert chapter.reads is None or chapter.reads in project.signals


def test_the_first_event_that_shows_a_story_is_its_page_and_the_counts_are_of_all() -> None:
    found = told(
        [
            (_decided(1), _truth("double_your_coins", "fraud/scams#c1")),
            (
                _decided(2, fired=["fraud.double_your_coins"], actions=[{"action": "remove"}]),
                _truth("double_your_coins", "fraud/scams#c1"),
            ),
            (_decided(3, fired=["fraud.double_your_coins"]), _truth("everyday")),
        ]
    )
    assert [(page.story, page.path) for page in found.pages] == [("double_your_coins", "/decisions/d2")]
    assert found.pages[0].says.startswith("2 comments")
    assert "caught 1." in found.pages[0].says
    assert [(row.story, row.events, row.acted, row.seen) for row in found.outcomes] == [
        ("double_your_coins", 2, 1, 0),
        ("everyday", 1, 0, 0),
    ]


def test_the_honest_failure_shows_a_decision_that_looked_and_could_not_read() -> None:
    unread = {"shadow": ["fraud.unscored_link"]}
    found = told(
        [
            (_decided(1, **unread), _truth("unsupported_language")),
            (
                _decided(2, **unread, signals={"scam_score": {"null": "unsupported_language"}}),
                _truth("unsupported_language"),
            ),
        ]
    )
    assert [page.path for page in found.pages] == ["/decisions/d2"]


def test_a_shadow_strategy_ends_on_its_own_page() -> None:
    found = told([(_decided(1, shadow=["spam.same_text_burst"]), _truth("viral_trend"))])
    assert found.pages[0].path == "/strategies/spam.same_text_burst"


def test_a_guide_comes_back_from_its_file_as_it_was() -> None:
    found = told([(_decided(1, shadow=["spam.same_text_burst"]), _truth("viral_trend"))])
    assert msgspec.json.decode(msgspec.json.encode(found), type=Guide) == found


def test_where_no_demo_ran_or_its_guide_is_broken_there_are_no_stories(tmp_path: Path) -> None:
    assert kept(tmp_path) == ()
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "stories.json").write_text("{")
    assert kept(tmp_path) == ()


def test_a_kept_guide_is_found(tmp_path: Path) -> None:
    found = told([(_decided(1, shadow=["spam.same_text_burst"]), _truth("viral_trend"))])
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "stories.json").write_bytes(msgspec.json.encode(found))
    assert kept(tmp_path) == found.pages
