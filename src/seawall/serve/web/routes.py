"""Every page of the console with the permission it needs. A test walks this table with every role."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seawall.serve.auth.roles import Permission
from seawall.serve.web.pages import (
    admin,
    dead_letters,
    decision,
    decisions,
    edit,
    measure,
    policies,
    project,
    questions,
    review,
    sign_in,
    strategies,
    task,
    today,
    undo,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.responses import Response

    from seawall.serve.web.visit import Visit


class Page(NamedTuple):
    """One route of the console. `permission` None: open to whoever reaches the server."""

    method: str
    path: str
    permission: Permission | None
    draw: Callable[[Visit], Response]


ROUTES: tuple[Page, ...] = (
    Page("GET", "/", Permission.SEE_DECISIONS, today.draw),
    Page("GET", "/decisions", Permission.SEE_DECISIONS, decisions.draw),
    Page("GET", "/decisions/{decision_id}", Permission.SEE_DECISIONS, decision.draw),
    Page("GET", "/decisions/{decision_id}/content", Permission.REVEAL_CONTENT, decision.draw_shown),
    Page("GET", "/find", Permission.SEE_DECISIONS, decisions.find),
    Page("GET", "/review", Permission.REVIEW_TASKS, review.draw),
    Page("POST", "/review/take", Permission.REVIEW_TASKS, review.take),
    Page("GET", "/review/tasks/{task_id}", Permission.REVIEW_TASKS, task.draw),
    Page("GET", "/review/tasks/{task_id}/content", Permission.REVIEW_TASKS, task.draw_shown),
    Page("POST", "/review/tasks/{task_id}/take", Permission.REVIEW_TASKS, task.take),
    Page("POST", "/review/tasks/{task_id}/keep", Permission.REVIEW_TASKS, task.keep),
    Page("POST", "/review/tasks/{task_id}/decide", Permission.REVIEW_TASKS, task.decide),
    Page("POST", "/review/tasks/{task_id}/skip", Permission.REVIEW_TASKS, task.skip),
    Page("POST", "/review/tasks/{task_id}/escalate", Permission.REVIEW_TASKS, task.escalate),
    Page("POST", "/review/tasks/{task_id}/ask", Permission.REVIEW_TASKS, task.ask),
    Page("POST", "/review/tasks/{task_id}/undo", Permission.REVIEW_TASKS, task.undo),
    Page("GET", "/questions", Permission.RULE_QUESTIONS, questions.draw),
    Page("POST", "/questions/{question_id}", Permission.RULE_QUESTIONS, questions.rule),
    Page("GET", "/strategies", Permission.SEE_STRATEGIES, strategies.draw_all),
    Page("GET", "/strategies/{name}", Permission.SEE_STRATEGIES, strategies.draw),
    Page("POST", "/strategies/{name}/pause", Permission.PAUSE_STRATEGIES, edit.pause),
    Page("POST", "/strategies/{name}/resume", Permission.PAUSE_STRATEGIES, edit.resume),
    Page("GET", "/strategies/{name}/undo", Permission.PAUSE_STRATEGIES, undo.look),
    Page("POST", "/strategies/{name}/undo", Permission.PAUSE_STRATEGIES, undo.ask),
    Page("GET", "/undos", Permission.PAUSE_STRATEGIES, undo.draw_all),
    Page("GET", "/undos/{undo_id}", Permission.PAUSE_STRATEGIES, undo.draw),
    Page("POST", "/undos/{undo_id}/approve", Permission.PAUSE_STRATEGIES, undo.allow),
    Page("POST", "/undos/{undo_id}/refuse", Permission.PAUSE_STRATEGIES, undo.turn_down),
    Page("GET", "/strategies/{name}/edit", Permission.EDIT_STRATEGIES, edit.draw),
    Page("POST", "/strategies/{name}/check", Permission.EDIT_STRATEGIES, edit.check),
    Page("POST", "/strategies/{name}/release", Permission.RELEASE_PROJECT, edit.release),
    Page("GET", "/policies", Permission.SEE_POLICIES, policies.draw_all),
    Page("GET", "/policies/{name:path}", Permission.SEE_POLICIES, policies.draw),
    Page("GET", "/project", Permission.SEE_PROJECT, project.draw),
    Page("POST", "/project/release", Permission.RELEASE_PROJECT, project.release),
    Page("GET", "/measure", Permission.SEE_MEASURES, measure.draw),
    Page("GET", "/measure/rows", Permission.SEE_MEASURES, measure.draw_rows),
    Page("GET", "/dead-letters", Permission.SEE_DEAD_LETTERS, dead_letters.draw),
    Page("GET", "/accounts", Permission.SEE_ACCOUNTS, admin.accounts),
    Page("GET", "/audit", Permission.SEE_AUDIT, admin.audit),
    Page("GET", "/docs", None, admin.reference),
    Page("GET", "/sign-in", None, sign_in.show),
    Page("POST", "/sign-in", None, sign_in.submit),
    Page("POST", "/sign-out", None, sign_in.out),
)
