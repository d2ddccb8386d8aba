"""What became of a decision, in order: who was told what, who looked, who answered, what fell again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from sqlalchemy import or_, select

from seawall.act import repo as facts
from seawall.act.repo_outbox import DEAD, FAILED, SENT, SUPERSEDED
from seawall.act.tables import OUTBOX
from seawall.appeal.repo import appeal_where, notices_where
from seawall.appeal.tables import APPEALS, NOTICES
from seawall.core.clock import MICROS_PER_SECOND
from seawall.review.model import Purpose
from seawall.review.tables import TASKS, VERDICTS
from seawall.serve.web.figures import duration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, RowMapping

    from seawall.act.facts import Facts
    from seawall.core.decision import Decision

_MOST = 60
_ASKED = {
    Purpose.MACHINE: "A strategy asked for a person",
    Purpose.REPORT: "Reports asked for a person",
    Purpose.RANDOM: "It was drawn by chance, to be looked at again",
    Purpose.QA: "It was looked at again for quality",
    Purpose.GOLD: "It was looked at again for quality",
    Purpose.APPEAL: "The appeal waited for somebody new",
}
_STATES = {SENT: "taken", SUPERSEDED: "overtaken by a newer state", DEAD: "given up", FAILED: "failed there"}
_FELL = {
    "verdict": "a person found otherwise",
    "appeal": "the appeal was right",
    "undo": "the strategy was undone",
    "timeout": "nobody looked in time",
}


class Moment(NamedTuple):
    """One thing that happened.

    Attributes:
        at: when, microseconds.
        said: what, in a sentence.
        detail: the rest, quieter; may be empty.
        bad: it is not as it should be.
    """

    at: int
    said: str
    detail: str = ""
    bad: bool = False


def became(connection: Connection, decision: Decision, *, of_people: bool) -> list[Moment]:
    """Everything that followed, the earliest first.

    Args:
        connection: to the ledger.
        decision: one of the journal.
        of_people: with what reviewers found, which whoever takes blind tasks must not see.
    """
    found = facts.of_decision(connection, decision.decision_id)
    moments = [*_messages(connection, found), *_falls(found, of_people=of_people)]
    moments += _notices(connection, decision, of_people=of_people)
    if of_people:
        moments += _looks(connection, decision)
    return sorted(moments, key=lambda moment: moment.at)[:_MOST]


def _messages(connection: Connection, found: Facts) -> Iterator[Moment]:
    keys = sorted({ground.key.id for ground in found.grounds})
    begun = min((ground.starts for ground in found.grounds), default=0)
    wanted = select(OUTBOX).where(OUTBOX.c.key.in_(keys), OUTBOX.c.created >= begun)
    for row in connection.execute(wanted.order_by(OUTBOX.c.created).limit(_MOST)).mappings():
        body: dict[str, Any] = msgspec.json.decode(row["body"])
        asked = (body["action"] or "").replace("_", " ")
        what = f"{asked} holds on" if asked else f"no {body['axis']} action holds any more on"
        whom = f"{body['target']['kind']} {body['target']['id']}"
        said = f"{row['destination'].capitalize()} was told: {what} {whom}"
        yield Moment(row["created"], said, *_delivery(row))


def _delivery(row: RowMapping) -> tuple[str, bool]:
    state, error = row["state"], row["last_error"] or ""
    if state == SENT:
        took = (row["settled"] - row["created"]) / MICROS_PER_SECOND
        return f"taken after {duration(took)}" if took >= 1 else "taken at once", False
    if state in _STATES:
        return f"{_STATES[state]}{f': {error}' if error else ''}", state in {DEAD, FAILED}
    tried = f"{row['attempts']} attempt{'s' if row['attempts'] != 1 else ''} so far"
    return f"on its way, {tried}{f': {error}' if error else ''}", bool(error)


def _falls(found: Facts, *, of_people: bool) -> Iterator[Moment]:
    grounds = {ground.id: ground for ground in found.grounds}
    for fall in sorted(found.falls, key=lambda one: one.at):
        ground = grounds.pop(fall.ground_id, None)  # whatever fells it again changes nothing
        if ground is not None:
            why = _FELL.get(fall.reason, fall.reason) if of_people else ""
            yield Moment(fall.at, f"Lifted: {ground.action.replace('_', ' ')}", why)


def _notices(connection: Connection, decision: Decision, *, of_people: bool) -> Iterator[Moment]:
    about = or_(NOTICES.c.decision_id == decision.decision_id, NOTICES.c.event_id == decision.event_id)
    for notice in notices_where(connection, about):
        if notice.machine or of_people:
            yield Moment(notice.created, f"The person was told: {notice.title}", f"in {notice.locale}")
        appeal = appeal_where(connection, APPEALS.c.notice_id == notice.notice_id) if of_people else None
        if appeal is not None:
            yield Moment(appeal.created, "They appealed", f"“{appeal.text}”")
            if appeal.decided_at is not None and appeal.outcome is not None:
                yield Moment(appeal.decided_at, f"The appeal was decided: {appeal.outcome.value}")


def _looks(connection: Connection, decision: Decision) -> Iterator[Moment]:
    stands = VERDICTS.c.task_id == TASKS.c.task_id, VERDICTS.c.undone.is_(None)
    wanted = (
        select(
            TASKS.c.task_id, TASKS.c.purpose, TASKS.c.queue, TASKS.c.created, TASKS.c.state,
            VERDICTS.c.outcome, VERDICTS.c.clause, VERDICTS.c.decided_at,
        )
        .join(VERDICTS, stands[0] & stands[1], isouter=True)
        .where(TASKS.c.event_id == decision.event_id, TASKS.c.sealed.is_(False))
        .order_by(TASKS.c.created)
        .limit(_MOST)
    )  # fmt: skip
    for row in connection.execute(wanted).mappings():
        asked = _ASKED[Purpose(row["purpose"])]
        yield Moment(row["created"], asked, f"in {row['queue']}; {row['state']}")
        if row["outcome"] is not None:
            waited = duration(max(0, row["decided_at"] - row["created"]) / MICROS_PER_SECOND)
            cited = f", {row['clause']}" if row["clause"] else ""
            found = f"A person found: {row['outcome'].replace('_', ' ')}{cited}"
            yield Moment(row["decided_at"], found, f"{waited} after it was asked")
