"""One task: what lies before the reviewer, and everything they can do with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from seawall.act.repo import of_target
from seawall.act.standing import standing_of
from seawall.appeal.repo import appeal_where
from seawall.appeal.tables import APPEALS
from seawall.core.errors import Conflict, SeawallError, UsageError
from seawall.core.types import Media
from seawall.review.conclude import clause_of, conclude
from seawall.review.conclude import undo as take_back
from seawall.review.lease import lease, renew
from seawall.review.model import Outcome, Purpose, State
from seawall.review.step import ask as ask_policy
from seawall.review.step import escalate as pass_up
from seawall.review.step import precedents
from seawall.review.step import skip as give_back
from seawall.review.waiting import takeable, verdict_by
from seawall.serve.traces import verdicts
from seawall.serve.web.bench import PURPOSES, still_open, task_here
from seawall.serve.web.clauses import asked_for, choices, elsewhere
from seawall.serve.web.pages.decision import GONE
from seawall.serve.web.pages.review import next_of
from seawall.serve.web.veil import sensitive
from seawall.serve.web.watched import watched
from seawall.store import Filter

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from seawall.act.standing import Standing
    from seawall.core.decision import Decision
    from seawall.policy.model import Project
    from seawall.review.model import Reviewer, Task, Verdict
    from seawall.serve.traces import Verdict as Explained
    from seawall.serve.web.visit import Visit
    from seawall.serve.web.watched import Watched
    from seawall.store import Recorded

_OTHERS = 6
_VERSIONS = 50  # decisions on a subject among which the version reported is looked for
_TEXT = 2000
_NOBODY = "none"
SAID = {
    State.WAITING: "It waits for somebody to look.",
    State.LEASED: "Somebody else is looking at it now.",
    State.PENDING: "Somebody has just decided it.",
    State.ASKED: "A question to policy stands on it. It comes back with the ruling.",
    State.DONE: "It has been decided.",
    State.EXPIRED: "Nobody looked in time, so what its route says for that case holds.",
}


def draw(visit: Visit) -> Response:
    """The task with its content hidden; a sentence if the visitor does not hold it."""
    return _page(visit, shown=False)


def draw_shown(visit: Visit) -> Response:
    """The task with its content, for whoever holds it and asked for it."""
    return _page(visit, shown=True)


def take(visit: Visit) -> Response:
    """Take this task and no other."""
    with visit.live.store.ledger.begin() as connection:
        task, queue, reviewer = task_here(visit, connection)
        lease(connection, queue, reviewer, now=visit.live.clock.now(), task_id=task.task_id)
    return visit.see(f"/review/tasks/{task.task_id}")


def keep(visit: Visit) -> Response:
    """Hold it longer, for somebody who is still at it."""
    with visit.live.store.ledger.begin() as connection:
        task, _, reviewer = task_here(visit, connection)
        renew(connection, task.task_id, reviewer, now=visit.live.clock.now())
    return Response(status_code=204)


def decide(visit: Visit) -> Response:
    """Conclude, and go on to the next one."""
    chosen = visit.form.get("choice", "")
    chosen = visit.form.get("other", "") if chosen == "other" else chosen
    if not chosen:
        return _page(visit, shown=False, said="Choose a clause first, or 0 for no violation.")

    def act(connection: Connection, task: Task, reviewer: Reviewer) -> None:
        live = visit.live
        outcome, clause = _outcome(chosen, live.project)
        actions: tuple[str, ...] = ()
        if outcome is Outcome.VIOLATES:
            asked = tuple(part for part in visit.form.get("then", "").split(" ") if part)
            recorded = live.store.find(task.decision_id) if task.decision_id else None
            decision = recorded.decision if recorded else None
            actions = asked or asked_for(live.project, decision, clause, task.market)
        conclude(
            connection,
            task.task_id,
            reviewer,
            outcome=outcome,
            clause=clause,
            actions=actions,
            policies=live.project.policies,
            ladders=live.project.ladders,
            now=live.clock.now(),
        )

    return _act(visit, act)


def skip(visit: Visit) -> Response:
    """Give it back for somebody else."""
    return _step(visit, give_back)


def escalate(visit: Visit) -> Response:
    """Pass it up."""
    return _step(visit, pass_up)


def ask(visit: Visit) -> Response:
    """Ask policy about a clause."""

    def act(connection: Connection, task: Task, reviewer: Reviewer) -> None:
        clause = visit.form.get("clause", "")
        if clause_of(clause, visit.live.project.policies) is None:
            raise UsageError("a question is about a clause", hint="choose the clause that it is about")
        text = visit.form.get("text", "")[:_TEXT]
        ask_policy(connection, task.task_id, reviewer, clause=clause, text=text, now=visit.live.clock.now())

    return _act(visit, act)


def undo(visit: Visit) -> Response:
    """Take back the visitor's verdict; the task is before them again."""
    live = visit.live
    with live.store.ledger.begin() as connection:
        task, _, reviewer = task_here(visit, connection)
        try:
            take_back(connection, task.task_id, reviewer, now=live.clock.now())
        except Conflict:
            refused = True
        else:
            refused = False
    if refused:
        said = "It had settled already, so it could not be taken back. Ask a lead to have it looked at again."
        return _over(visit, task.task_id, said=said)
    return visit.see(f"/review/tasks/{task.task_id}")


def _step(visit: Visit, step: Callable[..., object]) -> Response:
    def act(connection: Connection, task: Task, reviewer: Reviewer) -> None:
        reason = visit.form.get("reason", "")[:_TEXT]
        step(connection, task.task_id, reviewer, reason=reason, now=visit.live.clock.now())

    return _act(visit, act)


def _act(visit: Visit, act: Callable[[Connection, Task, Reviewer], object]) -> Response:
    """Do something with the task, then go on to the next; if it cannot be, say why where they are."""
    task_id = visit.params["task_id"]
    try:
        with visit.live.store.ledger.begin() as connection:
            task, queue, reviewer = task_here(visit, connection)
            act(connection, task, reviewer)
    except Conflict:
        said = "While you looked, it went to somebody else or was decided. What you chose was not taken."
        return _over(visit, task_id, said=said)
    except UsageError as error:
        return _page(visit, shown=False, said=str(error))
    return next_of(visit, queue.name)


def _outcome(chosen: str, project: Project) -> tuple[Outcome, str]:
    if chosen == _NOBODY:
        return Outcome.NO_VIOLATION, ""
    clause = clause_of(chosen, project.policies)
    return Outcome.EXCEPTION if clause and clause.exception else Outcome.VIOLATES, chosen


def _page(visit: Visit, *, shown: bool, said: str = "") -> Response:
    live = visit.live
    with live.store.ledger.read() as connection:
        task, queue, reviewer = task_here(visit, connection)
        if task.state is State.LEASED and task.holder == reviewer.name:
            undoable = still_open(visit, connection)
            recorded = live.store.find(task.decision_id) if task.decision_id else None
            listed = choices(live.project, task, recorded.decision if recorded else None)
            rulings = {one.value: precedents(connection, one.value) for one in listed}
            standing = _standing(connection, task, live.clock.now())
            appeal = appeal_where(connection, APPEALS.c.task_id == task.task_id)
        else:
            return _over(visit, task.task_id, said=said)
    recorded = recorded or _reported(visit, task)
    event = recorded.event if recorded else None
    kind = live.project.events.get(recorded.decision.type) if recorded else None
    named = (kind.subject, kind.actor) if kind else ()
    fields = {name: value for name, value in event.fields.items() if name not in named} if event else {}
    fired, unexplained = _explained(visit, task, recorded)
    lapsed = task.lease_until is not None and task.lease_until <= live.clock.now()
    return visit.page(
        "task.html",
        title=queue.title,
        status=422 if said else 200,
        task=task,
        queue=queue,
        purpose=PURPOSES[task.purpose],
        said=said,
        lapsed=lapsed,
        undoable=undoable,
        appeal=appeal,
        recorded=recorded,
        event=event,
        gone=GONE.get(recorded.gone or "", "") if recorded else "Its decision is not in this journal.",
        content={
            name: value for name, value in fields.items() if sensitive(value) and not isinstance(value, Media)
        },
        files=_files(visit, task, recorded, shown=shown),
        plain={name: value for name, value in fields.items() if not sensitive(value)},
        shown=shown,
        choices=listed,
        rulings=rulings,
        elsewhere=list(elsewhere(live.project, listed, task.market)),
        ladder=[
            action for action in live.project.ladders.axes["visibility"] if action not in {"allow", "hold"}
        ],
        fired=fired,
        unexplained=unexplained,
        standing=standing,
        others=_others(visit, task),
    )


def _reported(visit: Visit, task: Task) -> Recorded | None:
    """What people reported, as it was decided last in that version: a report is of a subject, not a decision.

    The task itself names no decision, so that its verdict and its time-out ask for nothing by that one.
    """
    if task.purpose is not Purpose.REPORT:
        return None
    subject, events = task.subject, visit.live.project.events
    for one in visit.live.store.search(Filter(subject=subject.id), limit=_VERSIONS).decisions:
        kind = events.get(one.decision.type)
        same_version = subject.content_version in {"", one.decision.content_version}
        if kind is not None and kind.surface == subject.surface and same_version:
            return one
    return None


def _files(visit: Visit, task: Task, recorded: Recorded | None, *, shown: bool) -> list[Watched]:
    """The files before the reviewer; for a blind task without what machines marked in them."""
    if recorded is None or recorded.event is None:
        return []
    event, decision = recorded.event, recorded.decision
    try:
        project = visit.live.releases.open(decision.project_version)
    except SeawallError:
        project = visit.live.project
    base = f"/review/tasks/{task.task_id}"
    return watched(event, decision, project, base=base, shown=shown, blind=task.blind)


def _explained(visit: Visit, task: Task, recorded: Recorded | None) -> tuple[list[Explained], str]:
    """Why machines stopped here; nothing of it for a blind task."""
    if task.blind or recorded is None or recorded.event is None:
        return [], ""
    try:
        project = visit.live.releases.open(recorded.decision.project_version)
        found = verdicts(project, recorded.event, recorded.decision)
    except SeawallError as error:
        return [], f"The version that decided cannot be read, so its reasons cannot be shown: {error}"
    return [one for one in found if one.outcome in {"fired", "shadow"}], ""


def _standing(connection: Connection, task: Task, now: int) -> Standing | None:
    if task.blind or task.actor is None:
        return None
    facts = of_target(connection, "account", task.actor)
    return standing_of(task.actor, facts.grounds, facts.falls, facts.shields, now)


def _others(visit: Visit, task: Task) -> list[Decision]:
    if task.blind or task.actor is None:
        return []
    found = visit.live.store.search(Filter(actor=task.actor), limit=_OTHERS + 1).decisions
    return [one.decision for one in found if one.decision.event_id != task.event_id][:_OTHERS]


def _over(visit: Visit, task_id: str, *, said: str = "") -> Response:
    """The task is not before the visitor: say where it is, and what they can do."""
    live = visit.live
    now = live.clock.now()
    with live.store.ledger.read() as connection:
        task, queue, reviewer = task_here(visit, connection)
        own = verdict_by(connection, task_id, reviewer)
        free = takeable(connection, task_id, reviewer, now=now)
        undoable = still_open(visit, connection)
    return visit.page(
        "task_over.html",
        title=queue.title,
        status=409 if said else 200,
        said=said,
        state=SAID[State.WAITING] if free else _where(task, own),
        task=task,
        queue=queue,
        own=own,
        free=free,
        undoable=undoable,
    )


def _where(task: Task, own: Verdict | None) -> str:
    if own is not None and task.state in {State.PENDING, State.DONE}:
        return "You have decided it."
    if task.state is State.WAITING:
        return "It waits for somebody else: you gave it back, judged it before, or it was passed up."
    return SAID[task.state]
