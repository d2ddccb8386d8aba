"""What the person's page says, in one language, of a notice as it stands now."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seawall.appeal.appeals import EVIDENCE_LIMIT, TEXT_LIMIT, appeal_of
from seawall.appeal.catalogue import catalogue
from seawall.appeal.model import AppealState, NoticeKind
from seawall.appeal.repo import notices_where
from seawall.appeal.tables import NOTICES
from seawall.appeal.wording import clause_words, done_words, subject_words

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from seawall.appeal.catalogue import Catalogue
    from seawall.appeal.model import Appeal, Notice


class Step(NamedTuple):
    """One stage of an appeal; `reached` and `now` say how far it has come."""

    said: str
    reached: bool
    now: bool


class Shown(NamedTuple):
    """The page, in words.

    Attributes:
        done: paragraphs.
        why: paragraphs; empty where nothing was done.
        steps: of the appeal; empty before there is one.
        outcome: paragraphs, once somebody has looked again.
        answered: what the person wrote.
        may_answer: there is something to appeal, and time to.
        deadline: a sentence; empty where there is nothing to appeal.
    """

    locale: str
    title: str
    done: list[str]
    why: list[str]
    reference: str
    steps: list[Step]
    outcome: list[str]
    answered: Appeal | None
    may_answer: bool
    deadline: str
    says: dict[str, str]


def shown(connection: Connection, notice: Notice, locale: str, *, now: int) -> Shown:
    """Put a notice, and what came of it, into words.

    Args:
        connection: to the ledger.
        notice: that the link opened.
        locale: the language to read it in.
        now: microseconds.
    """
    says = catalogue(locale)
    appeal = appeal_of(connection, notice.notice_id)
    subject = subject_words(notice.subject, says, own=notice.own)
    until = notice.appeal_until
    over = until is None or now >= until
    deadline = ""
    if until is not None and appeal is None:
        deadline = says.say("page.over" if over else "page.until", date=says.date(until))
    return Shown(
        locale=locale,
        title=says.say("title.action", subject=subject),
        done=done_words(notice.done, says, subject=subject),
        why=[
            *(clause_words(clause, says) for clause in notice.clauses),
            says.say("by.machine" if notice.machine else "by.person"),
        ],
        reference=says.say("reference", id=notice.subject.id) if notice.subject else "",
        steps=_steps(appeal, says),
        outcome=_outcome(connection, notice, appeal, says),
        answered=appeal,
        may_answer=notice.kind is NoticeKind.ACTION and appeal is None and not over,
        deadline=deadline,
        says=page_words(says),
    )


def page_words(says: Catalogue) -> dict[str, str]:
    """The fixed words of the page, by the last part of their key."""
    words = {key.removeprefix("page."): text for key, text in says.texts.items() if key.startswith("page.")}
    words["text_hint"] = says.say("page.text_hint", limit=f"{TEXT_LIMIT:,}")
    words["evidence_hint"] = says.say("page.evidence_hint", limit=str(EVIDENCE_LIMIT))
    return words


def _steps(appeal: Appeal | None, says: Catalogue) -> list[Step]:
    if appeal is None:
        return []
    order = list(AppealState)
    at = order.index(appeal.state)
    decided = says.date(appeal.decided_at) if appeal.decided_at is not None else ""
    told = [
        (state, says.say(f"state.{state}", date=decided))
        for state in order
        if state is not AppealState.DECIDED or decided
    ]
    return [Step(text, order.index(state) <= at, state is appeal.state) for state, text in told]


def _outcome(connection: Connection, notice: Notice, appeal: Appeal | None, says: Catalogue) -> list[str]:
    """What the later message said; in another language than that one was written in, its gist."""
    about = [
        NOTICES.c.account == notice.account,
        NOTICES.c.kind.in_((NoticeKind.OUTCOME, NoticeKind.RESTORED)),
    ]
    if appeal is not None and appeal.verdict_id is not None:
        found = notices_where(connection, *about, NOTICES.c.decision_id == appeal.verdict_id)
    elif notice.subject is not None:
        found = notices_where(
            connection,
            *about,
            NOTICES.c.subject_key == notice.subject.key,
            NOTICES.c.created >= notice.created,
            NOTICES.c.kind == NoticeKind.RESTORED,
        )
    else:
        found = ()
    if found and found[-1].locale == says.locale:
        return [found[-1].title, *found[-1].text.split("\n\n")]
    if appeal is not None and appeal.outcome is not None:
        return [says.say(f"result.{appeal.outcome}")]
    return [says.say("title.restored")] if found else []
