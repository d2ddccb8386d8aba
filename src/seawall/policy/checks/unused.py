"""Definitions that nothing uses: often the trace of a slip elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.policy.checks.hash_banks import banks_named
from seawall.policy.flatten import forms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seawall.core.diagnostic import Span
    from seawall.policy.checks.conditions import Use
    from seawall.policy.diagnostics import Diagnostics
    from seawall.policy.draft import Draft
    from seawall.policy.model import Project


def check_unused(uses: list[Use], draft: Draft, project: Project, found: Diagnostics) -> None:
    """Warn of event types, definitions, signals, features, lists, banks and queues that nothing uses."""
    del draft
    if found.has_errors:
        return  # what is wrong may be just what would have used it
    read = {(use.event_type, name) for use in uses for name in use.reads}
    names = {name for _, name in read}
    signals, features = project.signals.values(), project.features.values()
    judged = {event for strategy in project.strategies.values() for event in strategy.on}
    counted = {event for feature in features for event in feature.on}
    listed = {bank for use in uses for bank in use.banks} | {
        str(signal.options.get("list")) for signal in signals
    }
    queued = {
        review.queue
        for strategy in project.strategies.values()
        for form in forms(strategy)
        for review in form.review
    }
    queued |= {each.on_failure.review for each in project.strategies.values() if each.on_failure.review}
    if project.random_lane:
        queued.add(project.random_lane.queue)
    _warn(
        "event type",
        project.events,
        judged | counted,
        "no strategy judges it and no feature counts it",
        found,
    )
    asked = {
        name
        for each in project.endpoints.values()
        for source in each.scores.values()
        for name in (*source.signals, *source.images)
    }
    defined = {name for use in uses for name in use.definitions}
    _warn("definition", project.definitions, defined, "no condition names it", found)
    names |= {signal.input for signal in signals if signal.input in project.signals}
    _warn("signal", project.signals, names | asked, "no condition reads it", found)
    _warn("feature", project.features, names, "no condition reads it", found)
    _warn("list", project.banks, listed, "no condition and no signal uses it", found)
    kept = {name for signal in signals for name in banks_named(signal.options.get("bank", ""))}
    _warn("bank", project.hash_banks, kept, "no signal reads it", found)
    _warn("queue", project.queues, queued, "no strategy sends anything there", found)


def _warn(what: str, declared: Mapping[str, object], used: set[str], why: str, found: Diagnostics) -> None:
    for name, definition in declared.items():
        if name not in used:
            span: Span = getattr(definition, "span")  # noqa: B009  (every definition has one)
            found.warn("unused", span, f"the {what} {name!r} is not used: {why}", hint="use it or remove it")
