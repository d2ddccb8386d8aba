"""From decisions and their truth to a guide: what happened to each story, and a page to see it on."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from seawall.serve.demo.chapters import CHAPTERS
from seawall.simulate import Truth

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from seawall.serve.demo.chapters import Chapter
    from seawall.serve.demo.day import Paths


class _Read(msgspec.Struct, frozen=True):
    null: str | None = None


class _Decided(msgspec.Struct, frozen=True):
    """What the guide needs of a decision."""

    decision_id: str
    event_id: str
    actions: tuple[object, ...] = ()
    review: tuple[object, ...] = ()
    fired: tuple[str, ...] = ()
    shadow: tuple[str, ...] = ()
    signals: dict[str, _Read] = {}


class Page(msgspec.Struct, frozen=True):
    """One story and the page it ends on.

    Attributes:
        story: of the simulator.
        title: its heading.
        says: what to look at there.
        path: of the page, beginning with a slash.
    """

    story: str
    title: str
    says: str
    path: str


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


def kept(data: Path) -> tuple[Page, ...]:
    """The stories of a data folder; none where no demo ran, or where its guide cannot be read."""
    try:
        return msgspec.json.decode((data / "demo" / "stories.json").read_bytes(), type=Guide).pages
    except (OSError, msgspec.DecodeError):
        return ()


def guide(paths: Paths) -> Guide:
    """Put the guide together from the day's files."""
    with paths.decisions.open("rb") as decisions, paths.truth.open("rb") as truths:
        return told(
            (msgspec.json.decode(decision, type=_Decided), msgspec.json.decode(truth, type=Truth))
            for decision, truth in zip(decisions, truths, strict=True)
        )


def told(pairs: Iterable[tuple[_Decided, Truth]]) -> Guide:
    """The guide to what was decided, beside what was true."""
    events: Counter[str] = Counter()
    acted: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    clauses: dict[str, str | None] = {}
    examples: dict[str, str] = {}
    for decided, truth in pairs:
        clauses[truth.story] = truth.clause
        events[truth.story] += 1
        acted[truth.story] += bool(decided.actions)
        seen[truth.story] += bool(decided.review)
        for chapter in CHAPTERS:
            if chapter.story == truth.story and chapter.story not in examples and _shows(decided, chapter):
                examples[chapter.story] = decided.decision_id
    return Guide(
        tuple(_pages(examples, events, acted, seen)),
        tuple(
            Outcome(story, clauses[story], count, acted[story], seen[story])
            for story, count in sorted(events.items(), key=lambda item: (clauses[item[0]] is None, item[0]))
        ),
    )


def _shows(decided: _Decided, chapter: Chapter) -> bool:
    fired = (*decided.fired, *decided.shadow)
    read = chapter.reads is None or chapter.reads in decided.signals
    return read and (not fired if chapter.strategy is None else chapter.strategy in fired)


def _pages(
    examples: dict[str, str], events: Counter[str], acted: Counter[str], seen: Counter[str]
) -> Iterator[Page]:
    for chapter in CHAPTERS:
        example = examples.get(chapter.story)
        if example is None:  # a small day may not tell every story
            continue
        n = chapter.story
        says = chapter.says.format(n=f"{events[n]:,}", acted=f"{acted[n]:,}", seen=f"{seen[n]:,}")
        path = f"/strategies/{chapter.strategy}" if chapter.ends == "strategy" else f"/decisions/{example}"
        yield Page(chapter.story, chapter.title, says, path)
