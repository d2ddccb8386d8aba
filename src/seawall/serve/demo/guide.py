"""From decisions and their truth to a guide: what happened to each story, and the pages to see it on."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urlsplit

import msgspec

from seawall.serve.demo.chapters import CHAPTERS, PERSON
from seawall.simulate import Truth

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from seawall.serve.demo.chapters import Chapter
    from seawall.serve.demo.paths import Paths

SCAM = "double_your_coins"
_NOBODY: Mapping[str, str] = {}


class _Read(msgspec.Struct, frozen=True):
    null: str | None = None


class _Decided(msgspec.Struct, frozen=True):
    """What the guide needs of a decision."""

    decision_id: str
    event_id: str
    type: str = ""
    actions: tuple[object, ...] = ()
    review: tuple[object, ...] = ()
    fired: tuple[str, ...] = ()
    shadow: tuple[str, ...] = ()
    signals: dict[str, _Read] = {}


class _Sent(msgspec.Struct, frozen=True):
    """What the guide needs of an event."""

    reported_id: str = ""


class Step(msgspec.Struct, frozen=True):
    """One page of a story.

    Attributes:
        says: what is to be seen there.
        path: beginning with a slash; with `platform:` before it on the platform, not on the console.
        needs: the permission without which it cannot be opened.
    """

    says: str
    path: str
    needs: str


class Page(msgspec.Struct, frozen=True):
    """One story and the pages it leads to.

    Attributes:
        story: of the simulator.
        title: its heading.
        says: what it is about.
        steps: the pages, in order.
    """

    story: str
    title: str
    says: str
    steps: tuple[Step, ...]


class Outcome(msgspec.Struct, frozen=True):
    """What happened to the events of one story."""

    story: str
    clause: str | None
    events: int
    acted: int
    seen: int


class Guide(msgspec.Struct, frozen=True):
    """The stories of a demo, as `stories.json` keeps them."""

    pages: tuple[Page, ...]
    outcomes: tuple[Outcome, ...]


class Line(NamedTuple):
    """One event of the day: the decision on it, what is true of it, and how it was sent."""

    decided: _Decided
    truth: Truth
    sent: bytes = b"{}"


class _Example(NamedTuple):
    """The event that shows a story."""

    decision: str
    reported: str


def kept(data: Path) -> tuple[Page, ...]:
    """The stories of a data folder; none where no demo ran, or where its guide cannot be read."""
    try:
        return msgspec.json.decode((data / "demo" / "stories.json").read_bytes(), type=Guide).pages
    except (OSError, msgspec.DecodeError):
        return ()


def guide(paths: Paths) -> Guide:
    """Put the guide together from the day's files, and from what the platform was told."""
    with (
        paths.decisions.open("rb") as decisions,
        paths.truth.open("rb") as truths,
        paths.events.open("rb") as events,
    ):
        return told(
            (
                Line(
                    msgspec.json.decode(decision, type=_Decided),
                    msgspec.json.decode(truth, type=Truth),
                    sent,
                )
                for decision, truth, sent in zip(decisions, truths, events, strict=True)
            ),
            links=_links(paths.platform),
        )


def told(lines: Iterable[Line], *, links: Mapping[str, str] = _NOBODY) -> Guide:
    """The guide to what was decided, beside what was true.

    Args:
        lines: of the day, in order.
        links: paths of people's pages, by the decision they were told of.
    """
    events: Counter[str] = Counter()
    acted: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    clauses: dict[str, str | None] = {}
    examples: dict[str, _Example] = {}
    for decided, truth, sent in lines:
        clauses[truth.story] = truth.clause
        events[truth.story] += 1
        acted[truth.story] += bool(decided.actions)
        seen[truth.story] += bool(decided.review)
        for chapter in CHAPTERS:
            if (
                chapter.story == truth.story
                and chapter.title not in examples
                and _shows(decided, chapter, links)
            ):
                reported = msgspec.json.decode(sent, type=_Sent).reported_id
                examples[chapter.title] = _Example(decided.decision_id, reported)
    counts = {
        story: {"n": f"{events[story]:,}", "acted": f"{acted[story]:,}", "seen": f"{seen[story]:,}"}
        for story in events
    }
    scam = {"scams": f"{events[SCAM]:,}", "caught": f"{acted[SCAM]:,}"}
    return Guide(
        tuple(
            _page(chapter, examples[chapter.title], counts[chapter.story] | scam, links)
            for chapter in CHAPTERS
            if chapter.title in examples  # a small day may not tell every story
        ),
        tuple(
            Outcome(story, clauses[story], count, acted[story], seen[story])
            for story, count in sorted(events.items(), key=lambda item: (clauses[item[0]] is None, item[0]))
        ),
    )


def _shows(decided: _Decided, chapter: Chapter, links: Mapping[str, str]) -> bool:
    fired = (*decided.fired, *decided.shadow)
    fits = not chapter.type or chapter.type == decided.type
    read = chapter.reads is None or chapter.reads in decided.signals
    told_of = decided.decision_id in links or all(stop.path != PERSON for stop in chapter.stops)
    return (
        fits and read and told_of and (not fired if chapter.strategy is None else chapter.strategy in fired)
    )


def _page(chapter: Chapter, example: _Example, counts: Mapping[str, str], links: Mapping[str, str]) -> Page:
    places = {
        "decision": example.decision,
        "reported": quote(example.reported, safe=""),
        "link": links.get(example.decision, ""),
    }
    steps = tuple(Step(stop.says, stop.path.format(**places), stop.needs.value) for stop in chapter.stops)
    return Page(chapter.story, chapter.title, chapter.says.format(**counts), steps)


def _links(platform: Path) -> dict[str, str]:
    """Where people's pages are, as the platform was told it: the first by each decision."""
    with closing(sqlite3.connect(f"file:{platform}?mode=ro", uri=True)) as kept_there:
        bodies = kept_there.execute("SELECT body FROM words WHERE kind = 'notice' ORDER BY number").fetchall()
    return dict(reversed([*_linked(body for (body,) in bodies)]))


class _Notice(msgspec.Struct, frozen=True):
    decision_id: str
    link: str | None = None


def _linked(bodies: Iterable[str]) -> Iterator[tuple[str, str]]:
    for body in bodies:
        notice = msgspec.json.decode(body, type=_Notice)
        if notice.link:
            yield notice.decision_id, urlsplit(notice.link).path
