"""What a reviewer does with a task instead of concluding: pass it up, give it back, or ask policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import func, insert, select, update

from seawall.act.facts import digest
from seawall.core.errors import Conflict, NotFound, UsageError
from seawall.review.lease import held_by
from seawall.review.model import Question, State, Step
from seawall.review.repo import bar, find_task, question_of
from seawall.review.tables import QUESTIONS, STEPS, TASKS

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from seawall.review.model import Reviewer, Task

SKIPS_TO_ESCALATE = 3
"""What so many reviewers gave back goes up a level, so that nothing is passed on for ever."""


def escalate(connection: Connection, task_id: str, reviewer: Reviewer, *, reason: str, now: int) -> Task:
    """Pass a task up: it waits for a lead, and not for who passed it.

    Raises:
        Conflict: the reviewer does not hold it.
        UsageError: no reason was given.
    """
    _let_go(connection, task_id, reviewer, Step.ESCALATED, reason, now)
    return _up(connection, task_id)


def skip(connection: Connection, task_id: str, reviewer: Reviewer, *, reason: str, now: int) -> Task:
    """Give a task back for others; after three reviewers it goes up. Skips count against nobody.

    Raises:
        Conflict: the reviewer does not hold it.
        UsageError: no reason was given.
    """
    _let_go(connection, task_id, reviewer, Step.SKIPPED, reason, now)
    count = select(func.count()).where(STEPS.c.task_id == task_id, STEPS.c.step == Step.SKIPPED)
    skips = connection.execute(count).scalar_one()
    return find_task(connection, task_id) if skips % SKIPS_TO_ESCALATE else _up(connection, task_id)


def ask(
    connection: Connection, task_id: str, reviewer: Reviewer, *, clause: str, text: str, now: int
) -> Question:
    """Ask policy about a clause; the task rests until there is a ruling.

    Raises:
        Conflict: the reviewer does not hold it.
        UsageError: there is no text.
    """
    _leave(connection, task_id, reviewer, Step.ASKED, text, now, state=State.ASKED)
    question = Question(
        question_id=digest("question", task_id, reviewer.name, str(now)),
        task_id=task_id,
        clause=clause,
        asked_by=reviewer.name,
        text=text.strip(),
        asked_at=now,
    )
    connection.execute(insert(QUESTIONS).values(**msgspec.structs.asdict(question)))
    return question


def rule(connection: Connection, question_id: str, *, by: str, ruling: str, now: int) -> Question:
    """Answer a question: a dated ruling on its clause, and a precedent. The task waits again.

    Raises:
        NotFound: there is no such question.
        Conflict: it has a ruling; a changed mind is a new question.
        UsageError: there is no text.
    """
    _refuse_silence(ruling, "a ruling says what holds and why")
    answered = connection.execute(
        update(QUESTIONS)
        .where(QUESTIONS.c.question_id == question_id, QUESTIONS.c.ruled_at.is_(None))
        .values(ruling=ruling.strip(), ruled_by=by, ruled_at=now)
    ).rowcount
    found = select(QUESTIONS).where(QUESTIONS.c.question_id == question_id)
    row = connection.execute(found).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no question {question_id!r}")
    if not answered:
        raise Conflict("this question has its ruling already", hint="ask anew to have it changed")
    connection.execute(
        update(TASKS)
        .where(TASKS.c.task_id == row["task_id"], TASKS.c.state == State.ASKED)
        .values(state=State.WAITING)
    )
    return question_of(row)


def precedents(connection: Connection, clause: str) -> tuple[Question, ...]:
    """The rulings on a clause, newest first."""
    found = (
        select(QUESTIONS)
        .where(QUESTIONS.c.clause == clause, QUESTIONS.c.ruled_at.is_not(None))
        .order_by(QUESTIONS.c.ruled_at.desc(), QUESTIONS.c.question_id)
    )
    return tuple(map(question_of, connection.execute(found).mappings()))


def _let_go(
    connection: Connection, task_id: str, reviewer: Reviewer, step: Step, reason: str, now: int
) -> None:
    _leave(connection, task_id, reviewer, step, reason, now, state=State.WAITING)
    bar(connection, task_id, [reviewer.name], reason=step.value)


def _leave(
    connection: Connection,
    task_id: str,
    reviewer: Reviewer,
    step: Step,
    note: str,
    now: int,
    *,
    state: State,
) -> None:
    _refuse_silence(note, "say why, in a sentence: the next person starts from it")
    left = connection.execute(
        update(TASKS).where(*held_by(task_id, reviewer)).values(state=state, holder=None, lease_until=None)
    ).rowcount
    if not left:
        task = find_task(connection, task_id)
        raise Conflict(
            f"this task is not yours: it is {task.state.value}",
            hint="its lease lapsed, or it was decided already; take the next one",
        )
    connection.execute(
        insert(STEPS).values(
            step_id=digest("step", task_id, reviewer.name, step, str(now)),
            task_id=task_id,
            reviewer=reviewer.name,
            step=step,
            note=note.strip(),
            at=now,
        )
    )


def _up(connection: Connection, task_id: str) -> Task:
    connection.execute(update(TASKS).where(TASKS.c.task_id == task_id).values(level=TASKS.c.level + 1))
    return find_task(connection, task_id)


def _refuse_silence(text: str, hint: str) -> None:
    if not text.strip():
        raise UsageError("a reason is missing", hint=hint)
