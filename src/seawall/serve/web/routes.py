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
    sign_in,
    strategies,
    today,
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
    Page("GET", "/strategies", Permission.SEE_STRATEGIES, strategies.draw_all),
    Page("GET", "/strategies/{name}", Permission.SEE_STRATEGIES, strategies.draw),
    Page("POST", "/strategies/{name}/pause", Permission.PAUSE_STRATEGIES, edit.pause),
    Page("POST", "/strategies/{name}/resume", Permission.PAUSE_STRATEGIES, edit.resume),
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
