"""A person answers a notice: it waits, blind, for somebody who has not concluded on the matter before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import or_, select

from seawall.act.facts import Subject, digest
from seawall.act.tables import FALLS, GROUNDS
from seawall.appeal.model import Appeal, NoticeKind
from seawall.appeal.queue_for import queue_for
from seawall.appeal.repo import OPEN, add, appeal_where
from seawall.appeal.tables import APPEALS
from seawall.core.clock import MICROS_PER_SECOND
from seawall.core.errors import Conflict, UsageError
from seawall.review.model import Purpose, Task
from seawall.review.repo import add_tasks, bar
from seawall.review.tables import TASKS, VERDICTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from seawall.appeal.model import Notice
    from seawall.policy.model import Project

TEXT_LIMIT = 4000
"""Characters of an appeal."""
EVIDENCE_LIMIT = 5
"""Links beside it."""
LINK_LIMIT = 1000
"""Characters of each."""


def open_appeal(
    connection: Connection,
    notice: Notice,
    *,
    text: str,
    evidence: Sequence[str] = (),
    project: Project,
    now: int,
) -> Appeal:
    """Take a person's answer. A notice has one appeal; the same one sent twice is taken once.

    Args:
        connection: a transaction that may write.
        notice: as the link, or the platform, named it.
        text: why it is wrong, in their words; up to `TEXT_LIMIT` characters.
        evidence: up to `EVIDENCE_LIMIT` links, each up to `LINK_LIMIT` characters.
        project: in force.
        now: microseconds.

    Raises:
        UsageError: there is nothing to appeal, the time is over, or what was written is empty or too long.
        Conflict: there is another appeal already.
    """
    _refuse_late(notice, now)
    text, links = _clean(text), tuple(one for each in evidence if (one := _clean(each)))
    _refuse_misfit(text, links)
    appeal_id = digest("appeal", notice.notice_id)
    task = _task(connection, notice, project, appeal_id, now)
    row = {
        "appeal_id": appeal_id,
        "notice_id": notice.notice_id,
        "text": text,
        "evidence": msgspec.json.encode(links).decode(),
        "task_id": task.task_id,
        "created": now,
        "state": OPEN,
    }
    if add(connection, APPEALS, row):
        add_tasks(connection, [task])
        bar(connection, task.task_id, _concluded(connection, task.subject), reason="decided")
    appeal = appeal_where(connection, APPEALS.c.appeal_id == appeal_id)
    if appeal is None or (appeal.text, appeal.evidence) != (text, links):
        raise Conflict(
            "there is an appeal against this already", hint="the same link shows how far it has come"
        )
    return appeal


def appeal_of(connection: Connection, notice_id: str) -> Appeal | None:
    """The appeal against a notice, with how far it has come."""
    return appeal_where(connection, APPEALS.c.notice_id == notice_id)


def _refuse_late(notice: Notice, now: int) -> None:
    if notice.kind is not NoticeKind.ACTION or notice.appeal_until is None:
        raise UsageError("this message tells of nothing that was done to you, so there is nothing to appeal")
    if now >= notice.appeal_until:
        raise UsageError("the time to appeal is over", hint="the notice says until when it was")


def _refuse_misfit(text: str, links: tuple[str, ...]) -> None:
    if not text:
        raise UsageError("the appeal is empty", hint="say in a sentence why it is wrong")
    if len(text) > TEXT_LIMIT:
        raise UsageError(
            f"the appeal has {len(text):,} characters", hint=f"shorten it to {TEXT_LIMIT:,} characters"
        )
    if len(links) > EVIDENCE_LIMIT or any(len(link) > LINK_LIMIT for link in links):
        raise UsageError(
            "there is too much evidence",
            hint=f"give up to {EVIDENCE_LIMIT} links of up to {LINK_LIMIT:,} characters",
        )


def _clean(text: str) -> str:
    """Without what cannot be seen and could only confuse or hide."""
    return "".join(sign for sign in text if sign.isprintable() or sign == "\n").strip()


def _task(connection: Connection, notice: Notice, project: Project, appeal_id: str, now: int) -> Task:
    """Blind: it names the clause in question, and neither who nor what decided, nor what was done."""
    subject = notice.subject or Subject("account", notice.account)
    queue = queue_for(project, "appeals", [clause.clause for clause in notice.clauses])
    sealed = select(TASKS.c.task_id).where(TASKS.c.subject_key == subject.key, TASKS.c.sealed.is_(True))
    gravest = notice.clauses[0]
    return Task(
        task_id=digest("task", Purpose.APPEAL, appeal_id),
        queue=queue.name,
        purpose=Purpose.APPEAL,
        subject=subject,
        decision_id=notice.decision_id,
        event_id=notice.event_id,
        clause=gravest.clause,
        severity=gravest.severity,
        project_version=project.version,
        market=notice.market,
        language=notice.language,
        actor=notice.account,
        sealed=connection.execute(sealed.limit(1)).first() is not None,
        created=now,
        due=now + queue.sla_s * MICROS_PER_SECOND,
    )


def _concluded(connection: Connection, subject: Subject) -> list[str]:
    """Who concluded on any version of a subject that was acted on: by a verdict, or by felling a ground.

    Who concludes on this version later is kept away when the task is taken (`review.lease`).
    """
    item = digest("target", subject.surface, subject.id)
    about = or_(GROUNDS.c.target_key == item, GROUNDS.c.subject_key == subject.key)
    versions = select(GROUNDS.c.subject_key).where(about, GROUNDS.c.subject_key.is_not(None))
    judged = select(VERDICTS.c.reviewer).where(
        or_(VERDICTS.c.subject_key == subject.key, VERDICTS.c.subject_key.in_(versions))
    )
    fell = select(FALLS.c.by).where(FALLS.c.ground_id.in_(select(GROUNDS.c.ground_id).where(about)))
    return sorted({*connection.scalars(judged), *connection.scalars(fell)})
