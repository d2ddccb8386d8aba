"""Policies: what is written, what each market changes, and which strategies enforce each clause."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.review.step import precedents

if TYPE_CHECKING:
    from starlette.responses import Response

    from seawall.policy.model import Policy, Project, Strategy
    from seawall.review.model import Question
    from seawall.serve.web.visit import Visit


def draw_all(visit: Visit) -> Response:
    """The list."""
    project = visit.live.project
    enforcing: dict[str, list[Strategy]] = {}
    for strategy in project.strategies.values():
        enforcing.setdefault(strategy.policy, []).append(strategy)
    return visit.page(
        "policies.html", title="Policies", policies=list(project.policies.values()), enforcing=enforcing
    )


def draw(visit: Visit) -> Response:
    """One policy with its clauses."""
    project = visit.live.project
    policy = project.policies.get(visit.params["name"])
    if policy is None:
        visit.missing(
            "such policy", "The version in force has none of this name. The list shows all there are."
        )
    return visit.page(
        "policy.html",
        title=policy.title,
        policy=policy,
        about=_before_clauses(policy.text),
        enforcing=_by_clause(project, policy.name),
        rulings=_rulings(visit, policy),
    )


def _rulings(visit: Visit, policy: Policy) -> dict[str, tuple[Question, ...]]:
    with visit.live.store.ledger.read() as connection:
        return {clause: precedents(connection, f"{policy.name}#{clause}") for clause in policy.clauses}


def _before_clauses(text: str) -> str:
    """What stands before the first heading; the clauses are drawn apart."""
    lines = text.strip().splitlines()
    end = next((at for at, line in enumerate(lines) if line.startswith("## ")), len(lines))
    return "\n".join(line for line in lines[:end] if not line.startswith("# ")).strip()


def _by_clause(project: Project, policy: str) -> dict[str, list[Strategy]]:
    found: dict[str, list[Strategy]] = {}
    for strategy in project.strategies.values():
        if strategy.policy == policy:
            found.setdefault(strategy.clause, []).append(strategy)
    return found
