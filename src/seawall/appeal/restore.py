"""Appeals whose verdict has settled: what was wrong is undone everywhere, and the person is told."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from seawall.act import repo as facts
from seawall.act.effects import alone
from seawall.act.facts import Facts
from seawall.act.holding import carrying, stand
from seawall.act.tables import GROUNDS
from seawall.act.verdict import informed
from seawall.appeal import near
from seawall.appeal.catalogue import catalogue
from seawall.appeal.finding import finding_of
from seawall.appeal.judge import help_offered, judge
from seawall.appeal.model import AppealOutcome, NoticeKind
from seawall.appeal.notices import find_notice, follow_up, send, tell_restored
from seawall.appeal.repo import DECIDED, OPEN, appeal_where, notices_where
from seawall.appeal.statement import cited, clause_in, sealed_clauses, statements_of
from seawall.appeal.tables import APPEALS, NOTICES
from seawall.appeal.wording import outcome_words, subject_words
from seawall.decide.evidence import of_clause
from seawall.review.model import Outcome
from seawall.review.repo import verdict_of
from seawall.review.tables import VERDICTS
from seawall.store.copies import enqueue

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from seawall.act.effects import Effects
    from seawall.appeal.model import Appeal, Done, Notice
    from seawall.appeal.post import Post
    from seawall.policy.model import Project
    from seawall.review.model import Verdict


def decide_appeals(
    connection: Connection, effects: Effects, project: Project, post: Post, *, now: int
) -> tuple[Appeal, ...]:
    """Decide every open appeal whose verdict has settled; each once, however often called.

    An overturn fells what was done because of the subject, to whomever, and what the same strategies did for
    the same words elsewhere; it shields both. The label came with the verdict (`review.settle`).

    Args:
        connection: a transaction that may write, on SQLite begun with `BEGIN IMMEDIATE`.
        effects: what holds.
        project: in force.
        post: how people are told.
        now: microseconds.
    """
    due = (
        select(APPEALS.c.appeal_id, VERDICTS)
        .join(VERDICTS, VERDICTS.c.task_id == APPEALS.c.task_id)
        .where(APPEALS.c.state == OPEN, VERDICTS.c.settled.is_not(None), VERDICTS.c.undone.is_(None))
        .order_by(VERDICTS.c.settled, APPEALS.c.appeal_id)
    )
    rows = connection.execute(due).mappings().all()
    if rows:
        alone(connection)  # before any row is locked, so that two of us never wait for each other
    decided: list[Appeal] = []
    for row in rows:
        appeal = appeal_where(connection, APPEALS.c.appeal_id == row["appeal_id"], APPEALS.c.state == OPEN)
        if appeal is not None:
            decided.append(_decide(connection, appeal, verdict_of(row), effects, project, post, now))
    return tuple(decided)


def _decide(
    connection: Connection,
    appeal: Appeal,
    verdict: Verdict,
    effects: Effects,
    project: Project,
    post: Post,
    now: int,
) -> Appeal:
    notice = find_notice(connection, appeal.notice_id)
    world = _about(connection, notice, project)
    others = near.same_words(connection, notice)
    alike = near.alike(connection, others, world.grounds)
    standing = stand(world.grounds, world.falls, world.shields, now)
    judgement = judge(
        verdict,
        world.grounds,
        standing,
        alike.grounds,
        helped=help_offered((*standing, *stand(alike.grounds, alike.falls, alike.shields, now))),
        cited=clause_in(project, verdict.clause, notice.market),
        ladders=project.ladders,
    )
    in_force = partial(of_clause, project, market=notice.market)
    found = informed(judgement.facts, in_force)
    effects.enact(connection, found, at=now)
    connection.execute(
        update(APPEALS)
        .where(APPEALS.c.appeal_id == appeal.appeal_id)
        .values(state=DECIDED, outcome=judgement.outcome, verdict_id=verdict.verdict_id, decided_at=now)
    )
    concluded = finding_of(appeal, notice, verdict, judgement.outcome, found, at=now)
    enqueue(connection, [concluded], at=now)
    _tell(connection, notice, verdict, judgement.outcome, project, post, now)
    if judgement.outcome is AppealOutcome.OVERTURNED:
        _tell_others(connection, notice, others, verdict, post, now)
    found = appeal_where(connection, APPEALS.c.appeal_id == appeal.appeal_id)
    assert found is not None
    return found


def _about(connection: Connection, notice: Notice, project: Project) -> Facts:
    """Everything done because of the subject, but for what only cleared people may judge."""
    found = facts.of_decision(connection, notice.decision_id)
    if notice.subject is not None:
        found += facts.of_subject(connection, notice.subject)
    sealed = sealed_clauses(project)
    grounds = {ground.id: ground for ground in found.grounds if ground.clause not in sealed}
    return Facts(tuple(grounds.values()), found.falls, found.shields)


def _tell(
    connection: Connection,
    notice: Notice,
    verdict: Verdict,
    outcome: AppealOutcome,
    project: Project,
    post: Post,
    now: int,
) -> None:
    says = catalogue(notice.locale)
    cites = None
    if verdict.outcome is not Outcome.NO_VIOLATION:
        cites = cited(project, verdict.clause, notice.market, severity="", ground="terms")
    subject = subject_words(notice.subject, says, own=notice.own)
    left = _left(connection, notice, project, now)
    title, text = outcome_words(outcome, says, subject=subject, cites=cites, now=left)
    later = follow_up(notice, NoticeKind.OUTCOME, verdict.verdict_id, title, text, now)
    send(connection, later, post)


def _left(connection: Connection, notice: Notice, project: Project, now: int) -> tuple[Done, ...]:
    """What still holds for the person because of the subject."""
    world = _about(connection, notice, project)
    felt = carrying(world.grounds, world.falls, world.shields, now)
    return next(
        (
            statement.done
            for statement in statements_of(felt, project)
            if (statement.account, statement.kind) == (notice.account, NoticeKind.ACTION)
        ),
        (),
    )


def _tell_others(
    connection: Connection,
    notice: Notice,
    others: tuple[Notice, ...],
    verdict: Verdict,
    post: Post,
    now: int,
) -> None:
    """Whoever was acted on for the same subject, or for the same words, is told that it is undone."""
    same = ()
    if notice.subject is not None:
        same = notices_where(
            connection, NOTICES.c.subject_key == notice.subject.key, NOTICES.c.notice_id != notice.notice_id
        )
    about = (*same, *others)
    subjects = sorted({each.subject.key for each in about if each.subject is not None})
    for chunk in facts.chunks(subjects):
        world = facts.load(connection, GROUNDS.c.subject_key.in_(chunk))
        concerned = [one for one in about if one.subject is not None and one.subject.key in chunk]
        tell_restored(connection, concerned, world, post, cause=verdict.verdict_id, now=now)
