"""The demo's guide: what happened to each story, and the page it ends on."""

from __future__ import annotations

from pathlib import Path

import msgspec

from seawall.policy.read import require_project
from seawall.policy.scaffold import scaffold
from seawall.serve.demo.chapters import CHAPTERS
from seawall.serve.demo.clips import fit_clips
from seawall.serve.demo.guide import Guide, Line, _Decided, kept, told
from seawall.signals import KINDS
from seawall.signals.media.decoder import installed
from seawall.simulate import Truth
from seawall.simulate.stories.table import STORIES


def _decided(number: int, **more: object) -> _Decided:
    return msgspec.convert({"decision_id": f"d{number}", "event_id": f"e{number}", **more}, _Decided)


def _truth(story: str, clause: str | None = None) -> Truth:
    return Truth(event_id="e", clause=clause, adversary=None, story=story)


def test_every_chapter_is_about_a_story_of_the_simulator() -> None:
    stories = {story.name for story in STORIES}
    assert {chapter.story for chapter in CHAPTERS} <= stories
    assert len({chapter.title for chapter in CHAPTERS}) == len(CHAPTERS)


def test_every_stop_needs_a_permission_and_has_a_page() -> None:
    for chapter in CHAPTERS:
        assert chapter.stops
        for stop in chapter.stops:
            assert stop.path.startswith(("/", "platform:/", "{link}"))
            stop.path.format(decision="d", reported="r", link="/n/t")


def test_every_chapter_names_a_strategy_and_a_signal_of_the_demo(tmp_path: Path) -> None:
    scaffold(tmp_path / "demo")
    fit_clips(tmp_path / "demo")
    project = require_project(tmp_path / "demo", kinds=KINDS)
    for chapter in CHAPTERS:
        if chapter.strategy == "fraud.shown_promise" and not installed():
            continue  # its project has no clips, and its guide no such chapter
        assert chapter.strategy is None or chapter.strategy in project.strategies
        assert chapter.reads is None or chapter.reads in project.signals


def _line(number: int, story: str, clause: str | None = None, sent: str = "{}", **more: object) -> Line:
    return Line(_decided(number, **more), _truth(story, clause), sent.encode())


def test_the_first_event_that_shows_a_story_is_its_example_and_the_counts_are_of_all() -> None:
    caught = {"fired": ["fraud.double_your_coins"], "actions": [{"action": "remove"}]}
    found = told(
        [
            _line(1, "double_your_coins", "fraud/scams#c1"),
            _line(2, "double_your_coins", "fraud/scams#c1", **caught),
            _line(3, "asking_first", **caught),
            _line(4, "asking_first", **caught),
        ],
        links={"d4": "/n/token"},
    )
    (page,) = found.pages
    assert [step.path for step in page.steps][2:5] == ["/decisions/d4", "/n/token", "platform:/"]
    assert page.says.startswith("2 comments")
    assert "caught 1." in page.says
    assert "caught 2 people" in page.says
    assert [(row.story, row.events, row.acted, row.seen) for row in found.outcomes] == [
        ("double_your_coins", 2, 1, 0),
        ("asking_first", 2, 2, 0),
    ]


def test_a_story_whose_person_was_told_nothing_is_not_told() -> None:
    found = told([_line(1, "asking_first", fired=["fraud.double_your_coins"])])
    assert found.pages == ()


def test_a_brigade_leads_to_what_it_reported() -> None:
    sent = '{"type": "report", "reported_id": "v/1"}'
    found = told(
        [_line(1, "brigade", "integrity/false-reporting#c1", sent, fired=["integrity.false_reports"])]
    )
    assert found.pages[0].steps[0].path == "/subjects/video/v%2F1"


def test_the_honest_failure_shows_a_decision_that_looked_and_could_not_read() -> None:
    unread = {"shadow": ["fraud.unscored_link"]}
    read = {"signals": {"scam_score": {"null": "unsupported_language"}}}
    found = told(
        [_line(1, "unsupported_language", **unread), _line(2, "unsupported_language", **unread, **read)]
    )
    assert [step.path for page in found.pages for step in page.steps] == ["/decisions/d2"]


def test_what_only_some_may_open_says_what_it_needs() -> None:
    found = told([_line(1, "viral_trend", shadow=["spam.same_text_burst"])])
    assert [step.needs for step in found.pages[0].steps] == [
        "decisions.see",
        "decisions.see",
        "strategies.pause",
    ]


def test_a_guide_comes_back_from_its_file_as_it_was() -> None:
    found = told([_line(1, "viral_trend", shadow=["spam.same_text_burst"])])
    assert msgspec.json.decode(msgspec.json.encode(found), type=Guide) == found


def test_where_no_demo_ran_or_its_guide_is_broken_there_are_no_stories(tmp_path: Path) -> None:
    assert kept(tmp_path) == ()
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "stories.json").write_text("{")
    assert kept(tmp_path) == ()


def test_a_kept_guide_is_found(tmp_path: Path) -> None:
    found = told([_line(1, "viral_trend", shadow=["spam.same_text_burst"])])
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "stories.json").write_bytes(msgspec.json.encode(found))
    assert kept(tmp_path) == found.pages
