"""Automation earns its place: who answers for a live strategy, and what they promise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.policy.flatten import forms
from seawall.policy.model import Mode

if TYPE_CHECKING:
    from seawall.policy.diagnostics import Diagnostics
    from seawall.policy.draft import Draft
    from seawall.policy.model import Project, Strategy

HARMLESS = ("allow",)


def check_promises(draft: Draft, project: Project, found: Diagnostics) -> None:
    """A live strategy has an owner and an expected precision; one that acts has a disturbance budget."""
    for name, file in draft.strategies.items():
        strategy = project.strategies[name]
        if strategy.mode is not Mode.LIVE:
            continue
        place = file.mode.span
        if strategy.owner is None and "owner" not in file.keys:
            found.error(
                "missing-owner",
                place,
                "a live strategy needs an owner",
                hint="add owner: TEAM, or mode: shadow",
            )
        if file.expect is None and "expect" in file.keys:
            continue  # reported where it was read
        written = file.expect.keys if file.expect else {}
        if "precision" not in written:
            message = "a live strategy needs an expected precision"
            found.error(
                "missing-expectation", place, message, hint="add expect: {precision: 0.95}, or mode: shadow"
            )
        if "disturbance_per_10k" not in written and any(
            touches_people(form, project) for form in forms(strategy)
        ):
            message = "a live strategy that acts needs a disturbance budget"
            hint = "add disturbance_per_10k: 2 to its expect, or mode: shadow"
            found.error("missing-expectation", place, message, hint=hint)


def touches_people(strategy: Strategy, project: Project) -> bool:
    """Whether it does more than ask for review, allow, or offer help."""
    support = project.ladders.axes["support"]
    return any(then.action not in (*HARMLESS, *support) for then in strategy.then)
