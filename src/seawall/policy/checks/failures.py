"""What is said of signals that fail or take long: queues and surfaces exist, and something can fail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.policy.near import did_you_mean

if TYPE_CHECKING:
    from seawall.policy.checks.conditions import Use
    from seawall.policy.diagnostics import Diagnostics
    from seawall.policy.draft import Draft
    from seawall.policy.model import Project


def check_failures(draft: Draft, project: Project, found: Diagnostics) -> None:
    """The queue of `on_failure` exists, and latency budgets are for surfaces that there are."""
    for file in draft.strategies.values():
        queue = file.on_failure.review if file.on_failure else None
        if queue is not None and not draft.may_have("queues", queue.value):
            hint = did_you_mean(queue.value, draft.queues, what="queues")
            found.error("unknown-queue", queue.span, f"there is no queue {queue.value!r}", hint=hint)
    surfaces = {event.surface for event in project.events.values()}
    if draft.settings is None or draft.broken.get("events"):
        return
    for entry in draft.settings.latency:
        if entry.key.value not in surfaces:
            hint = did_you_mean(entry.key.value, surfaces, what="surfaces")
            message = f"no event type is of the surface {entry.key.value!r}"
            found.error("unknown-surface", entry.key.span, message, hint=hint)


def check_failures_of_use(uses: list[Use], draft: Draft, project: Project, found: Diagnostics) -> None:
    """Warn where `on_failure` can never come up, since the condition reads no signal."""
    reading = {use.strategy for use in uses if any(name in project.signals for name in use.reads)}
    compiled = {use.strategy for use in uses}
    for name, file in draft.strategies.items():
        if project.strategies[name].on_failure and name in compiled and name not in reading:
            message = "the condition reads no signal, so none can fail"
            found.warn("no-signal", file.key("on_failure"), message, hint="leave on_failure out")
