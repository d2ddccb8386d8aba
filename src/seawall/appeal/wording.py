"""Statements put into words, in one language."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from seawall.appeal.model import AppealOutcome, NoticeKind
from seawall.core.action import WORLDWIDE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seawall.act.facts import Subject
    from seawall.appeal.catalogue import Catalogue
    from seawall.appeal.model import Cited, Done, Statement

_GAP = "\n\n"


def notice_words(statement: Statement, says: Catalogue, *, until: int | None, link: bool) -> tuple[str, str]:
    """Title and text of a first notice.

    Args:
        statement: what was done to whom, and why.
        says: the person's language.
        until: the last moment to appeal; None where there is nothing to appeal.
        link: the message carries a link; else the platform takes the appeal.
    """
    subject = subject_words(statement.subject, says, own=statement.own)
    if statement.kind is NoticeKind.SUPPORT:
        parts = [says.say("support.seen", subject=subject)]
        parts += [says.say(f"support.{part}") for part in ("talk", "danger", "kind")]
        return says.say("title.support"), _GAP.join(parts)
    parts = [
        *done_words(statement.done, says, subject=subject),
        *(clause_words(one, says) for one in statement.clauses),
        says.say("by.machine" if statement.machine else "by.person"),
    ]
    if until is not None:
        parts.append(says.say("appeal.link" if link else "appeal.platform", date=says.date(until)))
    if statement.subject is not None:
        parts.append(says.say("reference", id=statement.subject.id))
    return says.say("title.action", subject=subject), _GAP.join(parts)


def outcome_words(
    outcome: AppealOutcome,
    says: Catalogue,
    *,
    subject: str,
    cites: Cited | None,
    now: Iterable[Done] = (),
) -> tuple[str, str]:
    """Title and text of the notice that tells what became of an appeal.

    Args:
        outcome: of the appeal.
        says: the person's language.
        subject: in that language.
        cites: the clause the reviewer cited, which is broken, or which allows; None if they cited none.
        now: what holds after a reduction.
    """
    parts = [says.say("outcome.looked")]
    title = cites.title if cites else ""
    if outcome is AppealOutcome.OVERTURNED:
        allowed = "outcome.exception" if cites else "outcome.overturned"
        parts += [says.say(allowed, subject=subject, title=title), says.say("outcome.sorry")]
    elif outcome is AppealOutcome.REDUCED:
        left = done_words(now, says, subject=subject)
        parts += [says.say("outcome.reduced", title=title)]
        parts += [says.say("outcome.now"), *left] if left else [says.say("outcome.nothing")]
    else:
        parts += [says.say("outcome.upheld", title=title)]
    return says.say(f"title.{outcome.value}"), _GAP.join(parts)


def restored_words(says: Catalogue, *, subject: str) -> tuple[str, str]:
    """Title and text for somebody who was found to have been wronged without an appeal of theirs."""
    text = says.say("outcome.restored", subject=subject) + _GAP + says.say("outcome.sorry")
    return says.say("title.restored"), text


def subject_words(subject: Subject | None, says: Catalogue, *, own: bool) -> str:
    """What it is about: theirs, or something they had a part in."""
    kind = "own" if own else "part"
    surface = "account" if subject is None else subject.surface
    return says.named(kind, surface) or says.say(f"{kind}.other")


def done_words(done: Iterable[Done], says: Catalogue, *, subject: str) -> list[str]:
    """One paragraph for all that holds in the same places until the same time."""
    by_action: dict[tuple[str, int | None], set[str]] = {}
    for one in done:
        by_action.setdefault((one.action, one.until), set()).add(one.key.territory)
    rows = [(tuple(sorted(places)), until or 0, action) for (action, until), places in by_action.items()]
    paragraphs: list[str] = []
    for (places, until), group in groupby(sorted(rows), key=lambda row: row[:2]):
        what = [_action_words(action, says, subject) for _, _, action in group]
        ends = says.say("until.date", date=says.date(until)) if until else says.say("until.open")
        paragraphs.append("\n".join([*what, place_words(places, says), ends]))
    return paragraphs


def place_words(places: tuple[str, ...], says: Catalogue) -> str:
    """Where it holds; a place we have no name for is told by its code."""
    if WORLDWIDE in places:
        return says.say("where.everywhere")
    return says.say("where.in", places=_places(places, says))


def clause_words(clause: Cited, says: Catalogue) -> str:
    """The rule, and whether it is ours or a law's."""
    reason = says.say("why" if clause.text else "why.short", title=clause.title, text=clause.text)
    if clause.ground != "law":
        return f"{reason}\n{says.say('ground.terms')}"
    if not clause.places:
        return f"{reason}\n{says.say('ground.law')}"
    return f"{reason}\n{says.say('ground.law_in', places=_places(clause.places, says))}"


def _places(places: tuple[str, ...], says: Catalogue) -> str:
    return says.listed([says.named("place", place) or place for place in places])


def _action_words(action: str, says: Catalogue, subject: str) -> str:
    known = says.named("what", action)
    if known is None:
        return says.say("what.other", action=action.replace("_", " "))
    return says.say(f"what.{action}", subject=subject)
