"""Who may do what: the roles of the console, the permissions of its pages, and the table between them."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Role(StrEnum):
    """What a person is here to do. One person has one role."""

    ADMIN = "admin"
    POLICY_MANAGER = "policy_manager"
    STRATEGIST = "strategist"
    ANALYST = "analyst"
    MODERATOR = "moderator"
    LEAD = "lead"
    QUALITY = "quality"
    LEGAL = "legal"
    AUDITOR = "auditor"


class Permission(StrEnum):
    """What a page lets one do. Every route of the console names exactly one."""

    SEE_DECISIONS = "decisions.see"
    REVEAL_CONTENT = "content.reveal"
    SEE_STRATEGIES = "strategies.see"
    EDIT_STRATEGIES = "strategies.edit"
    PAUSE_STRATEGIES = "strategies.pause"
    SEE_POLICIES = "policies.see"
    REVIEW_TASKS = "review.tasks"
    RULE_QUESTIONS = "questions.rule"
    SEE_DEAD_LETTERS = "dead_letters.see"
    SEE_DELIVERIES = "deliveries.see"
    SEND_AGAIN = "deliveries.send"
    SEE_PROJECT = "project.see"
    RELEASE_PROJECT = "project.release"
    SEE_MEASURES = "measures.see"
    SEE_ACCOUNTS = "accounts.see"
    SEE_AUDIT = "audit.see"


class Scope(StrEnum):
    """What an API key lets a machine do. `admin` stands for all of them."""

    EVENTS_WRITE = "events:write"
    DECISIONS_READ = "decisions:read"
    EFFECTS_WRITE = "effects:write"
    APPEALS_WRITE = "appeals:write"
    REPORTS_WRITE = "reports:write"
    TEXTS_SCORE = "texts:score"
    LABELS_SUGGEST = "labels:suggest"
    METRICS_READ = "metrics:read"
    ADMIN = "admin"


_EVERYONE = frozenset(Role)

GRANTS: Mapping[Permission, frozenset[Role]] = MappingProxyType(
    {
        Permission.SEE_DECISIONS: _EVERYONE,
        # whoever runs the machines or audits them needs no content to do so
        Permission.REVEAL_CONTENT: _EVERYONE - {Role.ADMIN, Role.AUDITOR},
        Permission.SEE_STRATEGIES: _EVERYONE,
        Permission.EDIT_STRATEGIES: frozenset({Role.STRATEGIST, Role.POLICY_MANAGER}),
        Permission.PAUSE_STRATEGIES: frozenset({Role.ADMIN, Role.STRATEGIST, Role.LEAD}),
        Permission.SEE_POLICIES: _EVERYONE,
        # of these, each queue names the roles that may take from it
        Permission.REVIEW_TASKS: _EVERYONE - {Role.ADMIN, Role.AUDITOR},
        Permission.RULE_QUESTIONS: frozenset({Role.POLICY_MANAGER, Role.LEGAL}),
        Permission.SEE_DEAD_LETTERS: frozenset({Role.ADMIN, Role.STRATEGIST, Role.ANALYST}),
        Permission.SEE_DELIVERIES: frozenset({Role.ADMIN, Role.STRATEGIST, Role.ANALYST, Role.LEAD}),
        Permission.SEND_AGAIN: frozenset({Role.ADMIN}),
        Permission.SEE_PROJECT: _EVERYONE - {Role.MODERATOR},
        Permission.RELEASE_PROJECT: frozenset({Role.STRATEGIST, Role.POLICY_MANAGER}),
        # rows name what a blind task is about, so whoever takes such tasks does not see them
        Permission.SEE_MEASURES: _EVERYONE - {Role.MODERATOR},
        Permission.SEE_ACCOUNTS: frozenset({Role.ADMIN, Role.AUDITOR}),
        Permission.SEE_AUDIT: frozenset({Role.ADMIN, Role.AUDITOR, Role.LEGAL}),
    }
)
"""The one place that says which role may do what. docs/reference/roles.md shows it."""


def may(role: Role, permission: Permission) -> bool:
    """Whether people of a role may do something.

    >>> may(Role.STRATEGIST, Permission.RELEASE_PROJECT), may(Role.MODERATOR, Permission.RELEASE_PROJECT)
    (True, False)
    """
    return role in GRANTS[permission]


def covers(held: frozenset[Scope], wanted: Scope) -> bool:
    """Whether a key with some scopes may do what one scope allows.

    >>> covers(frozenset({Scope.ADMIN}), Scope.METRICS_READ)
    True
    >>> covers(frozenset({Scope.EVENTS_WRITE}), Scope.DECISIONS_READ)
    False
    """
    return wanted in held or Scope.ADMIN in held


def words_of(permission: Permission) -> str:
    """The roles that may do something, as a sentence says it.

    >>> words_of(Permission.EDIT_STRATEGIES)
    'policy manager and strategist'
    """
    names = [role.value.replace("_", " ") for role in Role if role in GRANTS[permission]]
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)
