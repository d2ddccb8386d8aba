"""What a strategy comes to on an event type: its condition, less what it excepts or does not reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.policy.conditions import compile_condition, narrowed, with_exceptions
from seawall.policy.rollout import rollout_condition, share_text
from seawall.policy.scope import scope_of

if TYPE_CHECKING:
    from seawall.policy.conditions import Condition
    from seawall.policy.model import Allow, Project, Strategy

SEVERE = "severe"


def strategy_condition(project: Project, strategy: Strategy, event_type: str) -> Condition:
    """The condition on which a strategy fires.

    Raises:
        ConditionError: a part of it does not compile.
        KeyError: the project has no such event type.
    """
    scope = scope_of(project, event_type)
    condition = compile_condition(strategy.when, scope, at=strategy.when_span)
    exceptions: list[tuple[str, Condition]] = []
    if strategy.except_when is not None:
        at = strategy.except_span or strategy.when_span
        exceptions.append(("except", compile_condition(strategy.except_when, scope, at=at)))
    exceptions.extend(
        (f"allow {allow.name}", compile_condition(allow.when, scope, at=allow.when_span))
        for allow in project.events[event_type].allow
        if lets_off(project, allow, strategy)
    )
    condition = with_exceptions(condition, exceptions, scope)
    if strategy.reached is None or strategy.rollout is None:
        return condition
    whom = compile_condition(rollout_condition(strategy, project.events[event_type]), scope, at=strategy.span)
    where = "within" if strategy.reached else "outside"
    return narrowed(condition, whom, f"{where} the rollout of {share_text(strategy.rollout)}", scope)


def lets_off(project: Project, allow: Allow, strategy: Strategy) -> bool:
    """Whether a reason to let events off concerns a strategy: by the axes of its actions and its clause."""
    policy = project.policies.get(strategy.policy)
    if policy is not None and not allow.severe:
        overlaid = (clauses.get(strategy.clause) for clauses in policy.overlays.values())
        known = [policy.clauses.get(strategy.clause), *overlaid]
        if any(clause is not None and clause.severity == SEVERE for clause in known):
            return False
    if not allow.axes:
        return True
    asked = {project.ladders.axis_of(then.action) for then in strategy.then}
    return bool(asked) and asked <= set(allow.axes)
