"""A reviewer concludes on the task they hold, citing a clause; for ten seconds they may take it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import func, insert, select, update

from seawall.act.facts import digest
from seawall.core.action import Ladders
from seawall.core.clock import MICROS_PER_SECOND
from seawall.core.errors import Conflict, UsageError
from seawall.review.lease import LEASE_S, held_by, judged_before
from seawall.review.model import INDEPENDENT, Outcome, State, Verdict
from seawall.review.repo import find_task, verdict_of
from seawall.review.tables import TASKS, VERDICTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from seawall.policy.model import Clause, Policy
    from seawall.review.model import Reviewer, Task

UNDO_S = 10
STANDARD = Ladders.extended()


def conclude(
    connection: Connection,
    task_id: str,
    reviewer: Reviewer,
    *,
    outcome: Outcome,
    clause: str = "",
    actions: tuple[str, ...] = (),
    note: str = "",
    policies: Mapping[str, Policy],
    ladders: Ladders = STANDARD,
    now: int,
) -> Verdict:
    """Give a verdict. It settles after ten seconds (`settle`); until then it can be taken back (`undo`).

    The same verdict sent twice is given once.

    Args:
        connection: a transaction that may write.
        task_id: the task, held by the reviewer.
        reviewer: who concludes.
        outcome: what they found.
        clause: `policy/id#clause` that is violated, or the exception that allows; none for no violation.
        actions: what a violation asks for; none confirms what machines asked for.
        note: anything a colleague should know.
        policies: of the project.
        ladders: of the project.
        now: microseconds.

    Raises:
        Conflict: the reviewer does not hold the task, or has judged the same version in another one.
        UsageError: the clause or an action does not exist or does not fit the outcome.
    """
    _refuse_misfit(outcome, clause, policies)
    _refuse_actions(outcome, actions, ladders)
    given = _standing_verdict(connection, task_id, reviewer)
    if given is not None and (given.outcome, given.clause, given.actions) == (outcome, clause, actions):
        return given
    independent = TASKS.c.purpose.in_(INDEPENDENT) & judged_before(reviewer)
    taken = connection.execute(
        update(TASKS)
        .where(*held_by(task_id, reviewer), ~independent)
        .values(state=State.PENDING)
        .returning(TASKS.c.subject_key)
    ).one_or_none()
    if taken is None:
        raise _refusal(connection, task_id, reviewer)
    verdict = Verdict(
        verdict_id=digest(
            "verdict", task_id, reviewer.name, str(now), *_again(connection, task_id, reviewer)
        ),
        task_id=task_id,
        reviewer=reviewer.name,
        outcome=outcome,
        clause=clause,
        actions=actions,
        note=note,
        decided_at=now,
        settles_at=now + UNDO_S * MICROS_PER_SECOND,
    )
    row = msgspec.structs.asdict(verdict) | {"actions": msgspec.json.encode(actions).decode()}
    connection.execute(insert(VERDICTS).values(**row, subject_key=taken.subject_key))
    return verdict


def undo(connection: Connection, task_id: str, reviewer: Reviewer, *, now: int) -> Task:
    """Take back one's verdict before it settles; the task is held again.

    Raises:
        Conflict: there is nothing to take back, or it has settled.
    """
    undone = connection.execute(
        update(VERDICTS)
        .where(
            VERDICTS.c.task_id == task_id,
            VERDICTS.c.reviewer == reviewer.name,
            VERDICTS.c.undone.is_(None),
            VERDICTS.c.settled.is_(None),
            VERDICTS.c.settles_at > now,
        )
        .values(undone=now)
    ).rowcount
    if not undone:
        raise Conflict(
            f"there is no verdict to take back: it settles after {UNDO_S} seconds",
            hint="ask a lead to have it looked at again",
        )
    connection.execute(
        update(TASKS)
        .where(TASKS.c.task_id == task_id, TASKS.c.state == State.PENDING)
        .values(state=State.LEASED, lease_until=now + LEASE_S * MICROS_PER_SECOND)
    )
    return find_task(connection, task_id)


def _again(connection: Connection, task_id: str, reviewer: Reviewer) -> tuple[str, ...]:
    """What tells a verdict from those that the same person took back, in the same microsecond too."""
    earlier = select(func.count()).where(VERDICTS.c.task_id == task_id, VERDICTS.c.reviewer == reviewer.name)
    count = connection.execute(earlier).scalar_one()
    return (str(count),) if count else ()


def _standing_verdict(connection: Connection, task_id: str, reviewer: Reviewer) -> Verdict | None:
    found = select(VERDICTS).where(
        VERDICTS.c.task_id == task_id, VERDICTS.c.reviewer == reviewer.name, VERDICTS.c.undone.is_(None)
    )
    row = connection.execute(found).mappings().first()
    return None if row is None else verdict_of(row)


def _refuse_misfit(outcome: Outcome, clause: str, policies: Mapping[str, Policy]) -> None:
    if outcome is Outcome.NO_VIOLATION:
        if clause:
            raise UsageError("no violation cites no clause", hint="leave the clause out")
        return
    cited = clause_of(clause, policies)
    if cited is None:
        raise UsageError(
            f"there is no clause {clause!r} to cite", hint="cite policy/id#clause as the project has it"
        )
    if cited.exception is not (outcome is Outcome.EXCEPTION):
        kind = "an exception, which allows" if cited.exception else "a rule, not an exception"
        raise UsageError(f"{clause} is {kind}", hint="choose the clause or the outcome that fits")


def _refuse_actions(outcome: Outcome, actions: tuple[str, ...], ladders: Ladders) -> None:
    if actions and outcome is not Outcome.VIOLATES:
        raise UsageError("only a violation asks for actions", hint="leave them out")
    unknown = [action for action in actions if ladders.axis_of(action) is None]
    if unknown:
        known = ", ".join(action for ladder in ladders.axes.values() for action in ladder)
        raise UsageError(f"there is no action {unknown[0]!r}", hint=f"there are {known}")


def clause_of(reference: str, policies: Mapping[str, Policy]) -> Clause | None:
    """The clause that `policy/id#clause` names, None if the project has none.

    >>> clause_of("spam/links#c1", {}) is None
    True
    """
    name, _, clause = reference.partition("#")
    policy = policies.get(name)
    return None if policy is None else policy.clauses.get(clause)


def _refusal(connection: Connection, task_id: str, reviewer: Reviewer) -> Conflict:
    task = find_task(connection, task_id)
    if task.holder == reviewer.name and task.state is State.LEASED:
        return Conflict(
            "you have judged this before; an independent look must come from somebody else",
            hint="give it back with skip",
        )
    return Conflict(
        f"this task is not yours to decide: it is {task.state.value}",
        hint="its lease lapsed, or it was decided already; take the next one",
    )
