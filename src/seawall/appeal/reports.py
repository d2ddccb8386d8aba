"""People report: a report is a reason to look, never to act, and many from one hand are one reason."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import func, select, text, update

from seawall.act.facts import digest
from seawall.appeal.catalogue import catalogue
from seawall.appeal.clusters import dependent
from seawall.appeal.locales import choose_locale
from seawall.appeal.model import Report, ReportOutcome
from seawall.appeal.post import REPORT
from seawall.appeal.quality import Quality, qualities
from seawall.appeal.queue_for import queue_for
from seawall.appeal.repo import add, report_where
from seawall.appeal.statement import clause_in
from seawall.appeal.tables import REPORTS
from seawall.core.clock import MICROS_PER_SECOND
from seawall.core.errors import UsageError
from seawall.review.model import Outcome, Purpose, State, Task
from seawall.review.repo import add_tasks
from seawall.review.tables import TASKS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from seawall.act.facts import Subject
    from seawall.appeal.model import Reporter
    from seawall.appeal.post import Post
    from seawall.policy.model import Project
    from seawall.review.settle import Settled

THRESHOLD = 3
"""So many independent clusters of reporters make a review task."""
HEARD_FROM = 0.2
"""A cluster counts while its best reporter is right so often; seven decided reports, all wrong, are below."""
REASON_LIMIT = 60


def take_report(
    connection: Connection,
    reporter: Reporter,
    subject: Subject,
    *,
    reason: str,
    clause: str = "",
    project: Project,
    now: int,
    market: str | None = None,
    language: str | None = None,
    actor: str | None = None,
    threshold: int = THRESHOLD,
) -> Report:
    """Take a report. Reporters have one report on each version of a subject; a repeat changes nothing.

    When enough independent clusters of reporters have come together, and no person has heard them on this
    version yet, it becomes a review task.

    Args:
        connection: a transaction that may write.
        reporter: who reports.
        subject: what, in which version.
        reason: a word of the platform's, up to `REASON_LIMIT` characters.
        clause: `policy/id#clause`, where the platform asks that precisely.
        project: in force.
        now: microseconds.
        market: where the subject was posted.
        language: of the subject.
        actor: who answers for the subject.
        threshold: independent clusters it takes.

    Raises:
        UsageError: the reason is empty or too long, or the clause does not exist.
    """
    _refuse_misfit(reason, clause, project, market)
    _alone_on(connection, subject)
    reporter_key = digest("reporter", reporter.id)
    own_id = digest("report", reporter.id, subject.key)
    report = Report(
        report_id=own_id,
        reporter=reporter.id,
        device=None if reporter.device is None else digest("device", reporter.device),
        account_created=reporter.account_created,
        locale=choose_locale(reporter.locale, None, market),
        subject=subject,
        reason=reason,
        clause=clause,
        at=now,
        cluster_id=own_id,
    )
    linked = dependent(connection, report, subject_key=subject.key, reporter_key=reporter_key)
    if add(connection, REPORTS, _row(report, reporter_key)):
        _join(connection, subject, {*linked, own_id})
        _route(connection, report, project, threshold, (market, language, actor))
    (kept,) = report_where(connection, REPORTS.c.report_id == own_id)
    return kept


def clusters_of(connection: Connection, subject: Subject) -> tuple[str, ...]:
    """The independent clusters of reporters that no person has heard on this version, and that count."""
    return tuple(_counting(connection, subject))


def unheard(connection: Connection, subject: Subject) -> int:
    """No fewer than the clusters that `clusters_of` gives, and cheaper."""
    waiting = (REPORTS.c.subject_key == subject.key, REPORTS.c.outcome.is_(None))
    return connection.scalar(select(func.count(REPORTS.c.cluster_id.distinct())).where(*waiting)) or 0


def decide_reports(connection: Connection, settled: Iterable[Settled], post: Post, *, now: int) -> int:
    """Tell reporters what people found, also when a later look, an appeal, finds otherwise.

    Call it after `review.tidy`, in the same transaction; gives how many reporters are told something new.

    Args:
        connection: a transaction that may write.
        settled: what `review.tidy` closed.
        post: how reporters are told.
        now: microseconds.
    """
    count = 0
    for one in sorted(settled, key=lambda each: each.verdict.decided_at):
        if one.task.purpose is Purpose.GOLD:
            continue
        violates = one.verdict.outcome is Outcome.VIOLATES
        outcome = ReportOutcome.ACTED if violates else ReportOutcome.NOT_ACTED
        about = (REPORTS.c.subject_key == one.task.subject.key, REPORTS.c.at <= one.verdict.decided_at)
        for report in report_where(connection, *about):
            count += _decide(connection, report, outcome, one.verdict.decided_at, post, now)
    return count


def _decide(
    connection: Connection, report: Report, outcome: ReportOutcome, found_at: int, post: Post, now: int
) -> bool:
    if report.decided_at is not None and report.decided_at >= found_at:
        return False  # somebody has looked since
    where = REPORTS.c.report_id == report.report_id
    connection.execute(update(REPORTS).where(where).values(outcome=outcome, decided_at=found_at))
    if report.outcome is outcome:
        return False
    said = outcome.value if report.outcome is None else f"changed_{outcome.value}"
    document = {
        "report_id": report.report_id,
        "account": report.reporter,
        "locale": report.locale,
        "outcome": outcome.value,
        "text": catalogue(report.locale).say(f"report.{said}"),
    }
    post.put(connection, REPORT, digest(report.report_id, outcome, str(found_at)), document, at=now)
    return True


def _refuse_misfit(reason: str, clause: str, project: Project, market: str | None) -> None:
    if not reason.strip() or len(reason) > REASON_LIMIT:
        raise UsageError(
            "a report has a reason", hint=f"one word of the platform's list, up to {REASON_LIMIT} characters"
        )
    if clause and clause_in(project, clause, market) is None:
        raise UsageError(f"there is no clause {clause!r}", hint="cite policy/id#clause, or leave it out")


def _join(connection: Connection, subject: Subject, clusters: set[str]) -> None:
    """Whoever is linked is one cluster; its name is its smallest report, whichever came first."""
    name = min(clusters)
    others = sorted(clusters - {name})
    if others:
        renamed = update(REPORTS).where(
            REPORTS.c.subject_key == subject.key, REPORTS.c.cluster_id.in_(others)
        )
        connection.execute(renamed.values(cluster_id=name))


def _route(
    connection: Connection,
    report: Report,
    project: Project,
    threshold: int,
    about: tuple[str | None, str | None, str | None],
) -> None:
    subject = report.subject
    waiting = (REPORTS.c.subject_key == subject.key, REPORTS.c.outcome.is_(None))
    looking = (
        select(TASKS.c.task_id, TASKS.c.state)
        .join(REPORTS, REPORTS.c.task_id == TASKS.c.task_id)
        .where(*waiting, TASKS.c.state.not_in((State.DONE, State.EXPIRED)))
    )
    looked_at = connection.execute(looking.limit(1)).first()
    if looked_at is not None and looked_at.state == State.PENDING:
        return  # a verdict is being given on what came before; what comes now is counted after it
    task_id = None if looked_at is None else looked_at.task_id
    if task_id is None:
        if unheard(connection, subject) < threshold:
            return  # cheap, so that a brigade costs nothing either
        counting = _counting(connection, subject)
        if len(counting) < threshold:
            return
        task = _task(report, project, counting, about)
        add_tasks(connection, [task])
        task_id = task.task_id
    connection.execute(update(REPORTS).where(*waiting).values(task_id=task_id))


def _counting(connection: Connection, subject: Subject) -> list[str]:
    """Clusters that no person has heard yet, with somebody in them who is not always wrong."""
    found = select(REPORTS.c.cluster_id, REPORTS.c.reporter_key, REPORTS.c.outcome)
    by_cluster: defaultdict[str, list[str]] = defaultdict(list)
    heard: set[str] = set()
    for cluster, reporter, outcome in connection.execute(found.where(REPORTS.c.subject_key == subject.key)):
        by_cluster[cluster].append(reporter)
        if outcome is not None:
            heard.add(cluster)
    fresh = {cluster: members for cluster, members in by_cluster.items() if cluster not in heard}
    known = qualities(connection, {member for members in fresh.values() for member in members})
    return sorted(
        cluster
        for cluster, members in fresh.items()
        if max(known.get(member, Quality()).share for member in members) >= HEARD_FROM
    )


def _task(
    report: Report,
    project: Project,
    counting: Sequence[str],
    about: tuple[str | None, str | None, str | None],
) -> Task:
    market, language, actor = about
    queue = queue_for(project, "reports", [report.clause] if report.clause else [], report.reason)
    clause = clause_in(project, report.clause, market)
    return Task(
        task_id=digest("task", Purpose.REPORT, report.subject.key, *counting),
        queue=queue.name,
        purpose=Purpose.REPORT,
        subject=report.subject,
        clause=report.clause,
        severity=clause.severity if clause else "low",
        project_version=project.version,
        market=market,
        language=language,
        actor=actor,
        created=report.at,
        due=report.at + queue.sla_s * MICROS_PER_SECOND,
    )


def _row(report: Report, reporter_key: str) -> dict[str, object]:
    plain = msgspec.structs.asdict(report)
    del plain["subject"]
    subject = report.subject
    return {
        **plain,
        "reporter_key": reporter_key,
        "subject_key": subject.key,
        "surface": subject.surface,
        "subject": subject.id,
        "content_version": subject.content_version,
    }


def _alone_on(connection: Connection, subject: Subject) -> None:
    """One report at a time on a subject, so that each sees those before it."""
    if connection.dialect.name == "postgresql":
        key = int(subject.key[:15], 16)
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})
