"""A decision or a verdict is told to whom it concerns: once, in their language, with the way back."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

import msgspec

from seawall.act import repo as facts
from seawall.act.facts import digest
from seawall.act.holding import carrying, stand
from seawall.appeal.catalogue import catalogue
from seawall.appeal.link import digest_of, invalid, mark
from seawall.appeal.locales import choose_locale
from seawall.appeal.model import Notice, NoticeKind
from seawall.appeal.post import NOTICE
from seawall.appeal.repo import add_notice, notices_where
from seawall.appeal.statement import statements_of
from seawall.appeal.tables import NOTICES
from seawall.appeal.wording import notice_words, restored_words, subject_words
from seawall.core.clock import MICROS_PER_SECOND, format_time
from seawall.core.errors import NotFound
from seawall.review.consequence import ELSEWHERE
from seawall.review.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from seawall.act.facts import Facts, Subject
    from seawall.appeal.link import Links
    from seawall.appeal.model import Statement
    from seawall.appeal.post import Post
    from seawall.policy.model import Project
    from seawall.review.settle import Settled

APPEAL_S = 180 * 24 * 3600
"""How long somebody may appeal, from the moment they were told."""


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """Where a decision came from, as far as words to a person depend on it.

    Attributes:
        locale: of the person's interface.
        words: digest of the subject's words.
    """

    event_id: str
    decided_at: int
    market: str | None = None
    language: str | None = None
    locale: str | None = None
    words: str | None = None


def tell(
    connection: Connection, decision_id: str, project: Project, post: Post, *, origin: Origin, now: int
) -> tuple[Notice, ...]:
    """Tell everybody what holds of a decision or verdict; gives the notices that are new.

    What lies beneath something stronger of the same decision is not told: it is not done to anybody. The same
    done to the same person on the same occasion for the same clauses is told once, however many
    decisions say it.

    Args:
        connection: a transaction that may write, in which its grounds were kept.
        decision_id: of the decision, or of the verdict.
        project: in force.
        post: how it leaves.
        origin: where it came from.
        now: microseconds.
    """
    found = facts.of_decision(connection, decision_id)
    felt = carrying(found.grounds, found.falls, found.shields, now)
    told = (_notice(statement, decision_id, post, origin, now) for statement in statements_of(felt, project))
    return tuple(notice for notice in told if send(connection, notice, post))


def send(connection: Connection, notice: Notice, post: Post) -> bool:
    """Keep a notice and let the platform deliver it; whether it was new."""
    if not add_notice(connection, notice):
        return False
    claim = _claim(post, notice.notice_id, notice.appeal_until)
    document = {
        "notice_id": notice.notice_id,
        "notice": notice.kind.value,
        "account": notice.account,
        "subject": notice.subject and _named(notice.subject),
        "locale": notice.locale,
        "title": notice.title,
        "text": notice.text,
        "clauses": [clause.clause for clause in notice.clauses],
        "machine": notice.machine,
        "decision_id": notice.decision_id,
        "appeal_until": None if notice.appeal_until is None else format_time(notice.appeal_until),
        "link": None if claim is None else mark(claim),
    }
    post.put(connection, NOTICE, notice.notice_id, document, at=notice.created)
    return True


def _named(subject: Subject) -> dict[str, str]:
    return {"kind": subject.surface, "id": subject.id, "content_version": subject.content_version}


def find_notice(connection: Connection, notice_id: str) -> Notice:
    """One notice.

    Raises:
        NotFound: there is none with this id.
    """
    found = notices_where(connection, NOTICES.c.notice_id == notice_id)
    if not found:
        raise NotFound(f"there is no notice {notice_id!r}")
    return found[0]


def notice_by_token(connection: Connection, links: Links, token: str, *, now: int) -> Notice:
    """The notice that a link opens.

    Raises:
        NotFound: the link is forged, expired or withdrawn; it does not say which.
    """
    found = notices_where(connection, NOTICES.c.notice_id == links.notice_of(token, now=now))
    if not found or not hmac.compare_digest(found[0].token_digest or "", digest_of(token)):
        raise invalid()
    return found[0]


def notify_settled(
    connection: Connection, settled: Iterable[Settled], project: Project, post: Post, *, now: int
) -> int:
    """Tell people what verdicts did to them: an action of a person, or that a machine was wrong.

    Appeals are told by `decide_appeals`. Call it after `review.tidy`, in the same transaction; gives how many
    notices are new.
    """
    count = 0
    for one in settled:
        task = one.task
        if task.purpose in ELSEWHERE:
            continue
        if one.verdict.outcome is Outcome.VIOLATES:
            before = notices_where(connection, NOTICES.c.subject_key == task.subject.key)
            origin = Origin(
                event_id=task.event_id or "",
                decided_at=one.verdict.decided_at,
                market=task.market,
                language=task.language,
                locale=before[0].locale if before else None,
                words=before[0].words if before else None,
            )
            count += len(tell(connection, one.verdict.verdict_id, project, post, origin=origin, now=now))
        else:
            about = notices_where(connection, NOTICES.c.subject_key == task.subject.key)
            world = facts.of_subject(connection, task.subject)
            count += tell_restored(connection, about, world, post, cause=one.verdict.verdict_id, now=now)
    return count


def tell_restored(
    connection: Connection, about: Iterable[Notice], world: Facts, post: Post, *, cause: str, now: int
) -> int:
    """Tell those who were told of an action that nothing of it holds any more; gives how many are new.

    Args:
        connection: a transaction that may write.
        about: notices; those that told of no action are passed over.
        world: every fact on what they are about, the falls included.
        post: how it leaves.
        cause: the verdict that found it wrong.
        now: microseconds.
    """
    left = {(ground.key, ground.action) for ground in stand(world.grounds, world.falls, world.shields, now)}
    count = 0
    for notice in about:
        holds = any((done.key, done.action) in left for done in notice.done)
        if notice.kind is NoticeKind.ACTION and not holds:
            says = catalogue(notice.locale)
            subject = subject_words(notice.subject, says, own=notice.own)
            title, text = restored_words(says, subject=subject)
            count += send(connection, follow_up(notice, NoticeKind.RESTORED, cause, title, text, now), post)
    return count


def follow_up(notice: Notice, kind: NoticeKind, cause: str, title: str, text: str, now: int) -> Notice:
    """A later notice on the same matter, with nothing to appeal.

    Args:
        notice: the first.
        kind: of the later one.
        cause: the verdict that brings it.
        title: in the person's language.
        text: likewise.
        now: microseconds.
    """
    return msgspec.structs.replace(
        notice,
        notice_id=digest("notice", kind, notice.account, notice.subject.key if notice.subject else "", cause),
        kind=kind,
        decision_id=cause,
        machine=False,
        title=title,
        text=text,
        words=None,
        decided_at=now,
        created=now,
        appeal_until=None,
        token_digest=None,
    )


def _notice(statement: Statement, decision_id: str, post: Post, origin: Origin, now: int) -> Notice:
    locale = choose_locale(origin.locale, origin.language, origin.market)
    until = now + APPEAL_S * MICROS_PER_SECOND if statement.kind is NoticeKind.ACTION else None
    linked = post.links is not None
    title, text = notice_words(statement, catalogue(locale), until=until, link=linked)
    done = [part for one in statement.done for part in (one.key.id, one.action)]
    reasons = [clause.clause for clause in statement.clauses]
    notice_id = digest(
        "notice", statement.kind, statement.account, statement.occasion, *done, "because", *reasons
    )
    claim = _claim(post, notice_id, until)
    return Notice(
        notice_id=notice_id,
        kind=statement.kind,
        decision_id=decision_id,
        event_id=origin.event_id,
        account=statement.account,
        own=statement.own,
        subject=statement.subject,
        market=origin.market,
        language=origin.language,
        locale=locale,
        done=statement.done,
        clauses=statement.clauses,
        machine=statement.machine,
        title=title,
        text=text,
        words=origin.words,
        decided_at=origin.decided_at,
        created=now,
        appeal_until=until,
        token_digest=None if claim is None or post.links is None else digest_of(post.links.sign(claim)),
    )


def _claim(post: Post, notice_id: str, until: int | None) -> str | None:
    if post.links is None or until is None:
        return None
    return post.links.claim(notice_id, expires=until)
