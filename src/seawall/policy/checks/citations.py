"""Strategies whose event types, clause, queues and targets exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.policy.kinds.follow import default_target
from seawall.policy.kinds.step import ActionStep, ReviewStep
from seawall.policy.near import did_you_mean

if TYPE_CHECKING:
    from seawall.policy.diagnostics import Diagnostics
    from seawall.policy.draft import Draft
    from seawall.policy.kinds.strategy import StrategyFile
    from seawall.policy.model import Clause, Project

ALWAYS_TARGETS = ("subject", "actor")


def check_citations(draft: Draft, project: Project, found: Diagnostics) -> None:
    """What each strategy names exists, and the clause it cites can be enforced where it acts."""
    for file in draft.strategies.values():
        _check_events(file, draft, found)
        _check_clause(file, draft, project, found)
        _check_targets(file, draft, project, found)
        _check_queues(file, draft, found)


def _check_events(file: StrategyFile, draft: Draft, found: Diagnostics) -> None:
    for event in file.on:
        if not draft.may_have("events", event.value):
            hint = did_you_mean(event.value, draft.events, what="event types")
            found.error("unknown-event", event.span, f"there is no event type {event.value!r}", hint=hint)


def _check_clause(file: StrategyFile, draft: Draft, project: Project, found: Diagnostics) -> None:
    name, _, id_ = file.policy.value.partition("#")
    policy = project.policies.get(name)
    if not name:
        return  # reported where it was read
    if policy is None:
        if not draft.is_broken("policies", name):
            hint = did_you_mean(name, project.policies, what="policies")
            found.error("unknown-policy", file.policy.span, f"there is no policy {name!r}", hint=hint)
        return
    clause = policy.clauses.get(id_)
    if clause is None:
        if id_ not in draft.policies[name].broken:
            hint = did_you_mean(id_, policy.clauses, what="its clauses")
            found.error(
                "unknown-clause", file.policy.span, f"the policy {name!r} has no clause {id_!r}", hint=hint
            )
        return
    _check_exception(file, clause, found)
    _check_markets(file, policy.markets, project, found)


def _check_exception(file: StrategyFile, clause: Clause, found: Diagnostics) -> None:
    acts = any(isinstance(step, ActionStep) and step.action.value != "allow" for step in steps_of(file))
    if clause.exception and acts:
        message = f"clause {clause.id} is an exception, which allows; nobody can be acted against for it"
        found.error("exception-cited", file.policy.span, message, hint="cite the clause that forbids")


def _check_markets(
    file: StrategyFile, holds_in: tuple[str, ...], project: Project, found: Diagnostics
) -> None:
    judges_in = project.strategies[file.strategy.value].markets or project.markets
    outside = sorted(set(judges_in) - set(holds_in)) if holds_in else []
    if outside and (file.markets or "markets" not in file.keys):
        message = f"the policy does not hold in {', '.join(outside)}, where this strategy judges"
        found.error(
            "outside-policy", file.key("markets"), message, hint=f"say markets: [{', '.join(holds_in)}]"
        )


def steps_of(file: StrategyFile) -> tuple[ActionStep | ReviewStep, ...]:
    """Every step that is written, overlays' too."""
    return (*file.then, *(step for overlay in file.overlays for step in overlay.then or ()))


def _check_targets(file: StrategyFile, draft: Draft, project: Project, found: Diagnostics) -> None:
    for step in steps_of(file):
        if not isinstance(step, ActionStep):
            continue
        for event in file.on:
            if event.value in draft.events:
                _check_target(step, event.value, draft, project, found)


def _check_target(
    step: ActionStep, event_type: str, draft: Draft, project: Project, found: Diagnostics
) -> None:
    event = draft.events[event_type]
    known = (*ALWAYS_TARGETS, *(role.value for role in event.parties))
    place = step.target or step.action
    target = step.target.value if step.target else default_target(step.action.value, project.ladders)
    if target not in known:
        hint = did_you_mean(target, known, what="targets")
        found.error("unknown-target", place.span, f"{event_type} names no party {target!r}", hint=hint)
    elif target == "actor" and event.actor is None:
        message = f"{event_type} has no actor whom {step.action.value} could meet"
        found.error(
            "unknown-target", place.span, message, hint=f"write {step.action.value}: PARTY, or give it one"
        )


def _check_queues(file: StrategyFile, draft: Draft, found: Diagnostics) -> None:
    for step in steps_of(file):
        if isinstance(step, ActionStep) or draft.may_have("queues", step.queue.value):
            continue
        hint = did_you_mean(step.queue.value, draft.queues, what="queues")
        found.error("unknown-queue", step.queue.span, f"there is no queue {step.queue.value!r}", hint=hint)
