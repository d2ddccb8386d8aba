"""The stories a demo tells, in the order it tells them, each with the pages it leads to."""
# ruff: noqa: E501 - sentences that are read on a page, not here

from __future__ import annotations

from typing import NamedTuple

from seawall.serve.auth.roles import Permission

DECISION = "/decisions/{decision}"
PERSON = "{link}"
"""The page of whoever was told about the example's decision."""
PLATFORM = "platform:/"
"""The page of the demo's own platform, wherever it runs."""


class Stop(NamedTuple):
    """One page of a story.

    Attributes:
        says: what is to be seen there.
        path: with `{decision}`, `{link}` and `{reported}` for what belongs to the example.
        needs: without this permission the page cannot be opened, and the stop is left out.
    """

    says: str
    path: str
    needs: Permission = Permission.SEE_DECISIONS


class Chapter(NamedTuple):
    """One story.

    Attributes:
        story: of the simulator.
        title: as the guide shows it.
        says: what it is about; `{n}` events belong to the story, `{acted}` of them were acted on, `{seen}` went to
            people. `{scams}` and `{caught}` are those of the scam.
        strategy: the example is an event on which it fired (live or shadow); None: one on which nothing did.
        stops: the pages, in order.
        reads: a signal that the example's decision read.
        type: of the example's event; empty for any.
    """

    story: str
    title: str
    says: str
    strategy: str | None
    stops: tuple[Stop, ...]
    reads: str | None = None
    type: str = ""


CHAPTERS = (
    Chapter(
        "asking_first",
        "One scam, all the way round",
        "{scams} comments in many wordings promise more coins back; one condition caught {caught}. With them it caught {acted} "
        "people who only asked whether that is real. Follow one of them, whose language is Malay.",
        "fraud.double_your_coins",
        (
            Stop("found: every comment on which the condition is true", "/decisions?strategy=fraud.double_your_coins"),
            Stop("the condition, its parts, and its promise beside its record", "/strategies/fraud.double_your_coins"),
            Stop("the decision on somebody who only asked, and everything that became of it", DECISION),
            Stop("what they were told in Malay, what they answered, and how it ended", PERSON),
            Stop("what the platform was told and does", PLATFORM),
            Stop("the numbers that moved", "/measure", Permission.SEE_MEASURES),
        ),
    ),
    Chapter(
        "cry_for_help",
        "Help, never a penalty",
        "{n} people said they were not well; {acted} were offered help, none got a strike, and the care team was called. The "
        "others said it in words that no list has.",
        "wellbeing.at_risk",
        (
            Stop("the comment, the help that was offered, and the person who looked", DECISION),
            Stop("the strategy: support is an axis of its own", "/strategies/wellbeing.at_risk"),
        ),
        type="comment",
    ),
    Chapter(
        "guaranteed_returns",
        "What a video shows",
        "A few of {n} promises of sure profit have a clip, made by code. Each was decoded by a process that lives for it alone, and "
        "looked at: where shots begin, what is red, which words are shown. One other clip was cut off on its way; people look at that.",
        "fraud.shown_promise",
        (
            Stop("the decision, with the file and its timeline: show it, then . and , jump from mark to mark", DECISION),
            Stop("every video on which the condition is true", "/decisions?strategy=fraud.shown_promise"),
            Stop("what looking at clips was bought for, and what it cost", "/signals"),
        ),
        type="video",
        reads="card_red",
    ),
    Chapter(
        "brigade",
        "Reports as a weapon",
        "{n} false reports against innocent creators changed nothing for them. Many accounts on few devices are few "
        "voices: a person looked once, and {acted} times a reporter was restricted.",
        "integrity.false_reports",
        (
            Stop("the item that was reported: how many reports, how few voices, and that it stands", "/subjects/video/{reported}"),
            Stop("one of the reports, and what became of whoever sent it", DECISION),
        ),
    ),
    Chapter(
        "viral_trend",
        "A strategy that breaks its budget",
        "{n} people post the same harmless caption. In the morning a strategy takes copies for spam in shadow, where it "
        "touches nobody; at noon somebody in a hurry puts it live. {acted} actions on honest people, and when it is beyond doubt "
        "that its budget is broken it steps back to shadow by itself.",
        "spam.same_text_burst",
        (
            Stop("when it fired, in shadow and live, and where it stands now", "/strategies/spam.same_text_burst"),
            Stop("whom it acted on", "/decisions?strategy=spam.same_text_burst"),
            Stop("take it all back", "/strategies/spam.same_text_burst/undo", Permission.PAUSE_STRATEGIES),
        ),
    ),
    Chapter(
        "everyday",
        "Numbers that say how sure they are",
        "People looked again, blind, at what was drawn by chance, so precision, disturbance and leakage have values with "
        "intervals. Where too few were drawn the page says how many labels are missing, and shows no number.",
        None,
        (Stop("the promise of every strategy beside its record", "/measure", Permission.SEE_MEASURES),),
    ),
    Chapter(
        "unsupported_language",
        "The honest failure",
        "{n} lures in Vietnamese and Thai passed; {acted} were acted on. The scam lexicon cannot read these languages, and "
        "its score is NULL with that reason, not a guess. A shadow strategy counts the gap.",
        "fraud.unscored_link",
        (Stop("a lure that could not be read", DECISION),),
        reads="scam_score",
    ),
    Chapter(
        "spam_ring",
        "A ring that rotates its accounts",
        "{n} comments from rings of a dozen accounts on three devices each; {acted} acted on. What gave them away is a "
        "windowed count by device.",
        "spam.device_ring",
        (Stop("one of them, with the count", DECISION),),
    ),
    Chapter(
        "fundraiser",
        "Honest people who look guilty",
        "Families share one link for a school run: {acted} of {n} comments were held, and all of those went to a person with a "
        "time-out that lets them through.",
        "spam.domain_burst",
        (Stop("a comment that was held, and let through", DECISION),),
    ),
    Chapter(
        "minor_on_live",
        "A child on LIVE",
        "{n} segments of hosts who are too young. A known age ends the room; a child who only says so is seen by a person "
        "within minutes.",
        "minors.says_too_young",
        (Stop("what the child said, and who looked", DECISION),),
    ),
    Chapter(
        "at_the_wheel",
        "Hosting at the wheel",
        "{n} segments of hosts who drive; {acted} acted on. The first pauses the room, the third within ten minutes ends it.",
        "driving.keeps_driving",
        (Stop("the third segment", DECISION),),
    ),
    Chapter(
        "guaranteed_returns",
        "One clause, two grounds",
        "{n} promises of sure profit. Everywhere they lose recommendation under the terms; in Singapore the overlay makes it a "
        "matter of law, and the item is withheld there.",
        "fraud.sure_profit_sg",
        (Stop("a decision with both grounds", DECISION),),
    ),
)  # fmt: skip
