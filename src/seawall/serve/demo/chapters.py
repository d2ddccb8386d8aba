"""The stories a demo tells, in the order it tells them."""
# ruff: noqa: E501 - sentences that are read on a page, not here

from __future__ import annotations

from typing import NamedTuple


class Chapter(NamedTuple):
    """One story.

    Attributes:
        story: of the simulator.
        title: as the guide shows it.
        says: what to look at; `{n}` events belong to the story, `{acted}` of them were acted on, `{seen}` went to people.
        strategy: the example is an event on which it fired (live or shadow); None: one on which nothing did.
        reads: a signal that the example's decision read.
        ends: on the decision of the example, or on the strategy.
    """

    story: str
    title: str
    says: str
    strategy: str | None
    reads: str | None = None
    ends: str = "decision"


CHAPTERS = (
    Chapter(
        "double_your_coins",
        "One condition for one scam",
        "{n} comments in many wordings promise more coins back; one condition caught {acted}. Open one and see which part "
        "of the condition was true.",
        "fraud.double_your_coins",
    ),
    Chapter(
        "unsupported_language",
        "The honest failure",
        "{n} lures in Vietnamese and Thai passed; {acted} were acted on. The scam lexicon cannot read these languages, and "
        "its score is NULL with that reason, not a guess. A shadow strategy counts the gap.",
        "fraud.unscored_link",
        reads="scam_score",
    ),
    Chapter(
        "spam_ring",
        "A ring that rotates its accounts",
        "{n} comments from rings of a dozen accounts on three devices each; {acted} acted on. What gave them away is a "
        "windowed count by device.",
        "spam.device_ring",
    ),
    Chapter(
        "viral_trend",
        "Why shadow comes first",
        "{n} people post the same harmless caption, and {acted} were touched. Only a shadow strategy took them for spammers: "
        "look when it fired, and what it would have cost.",
        "spam.same_text_burst",
        ends="strategy",
    ),
    Chapter(
        "fundraiser",
        "Honest people who look guilty",
        "Families share one link for a school run: {acted} of {n} comments were held, and all of those went to a person with a "
        "time-out that lets them through.",
        "spam.domain_burst",
    ),
    Chapter(
        "brigade",
        "Reports as a weapon",
        "{n} false reports against innocent creators. Nothing was taken down: the reporters were restricted ({acted} times), "
        "for many accounts on few devices are few voices.",
        "integrity.false_reports",
    ),
    Chapter(
        "cry_for_help",
        "Help, never a penalty",
        "{n} people said they were not well; {acted} were offered help and seen by the care team. The others said it in words "
        "that no list has.",
        "wellbeing.at_risk",
    ),
    Chapter(
        "minor_on_live",
        "A child on LIVE",
        "{n} segments of hosts who are too young. A known age ends the room; a child who only says so is seen by a person "
        "within minutes.",
        "minors.says_too_young",
    ),
    Chapter(
        "at_the_wheel",
        "Hosting at the wheel",
        "{n} segments of hosts who drive; {acted} acted on. The first pauses the room, the third within ten minutes ends it.",
        "driving.keeps_driving",
    ),
    Chapter(
        "guaranteed_returns",
        "One clause, two grounds",
        "{n} promises of sure profit. Everywhere they lose recommendation under the terms; in Singapore the overlay makes it a "
        "matter of law, and the item is withheld there.",
        "fraud.sure_profit_sg",
    ),
)  # fmt: skip
