"""`shadow:` of seawall.yml: how much may be spent to see what shadow strategies would have done."""

from __future__ import annotations

from typing import Annotated

from seawall.policy.model import ShadowPlan
from seawall.policy.records import Key, Lines, Record
from seawall.policy.shapes import At, Duration, Number


class ShadowFile(Lines, frozen=True, kw_only=True):
    """What shadow strategies may cost, as written."""

    sample: Annotated[
        At[float] | None,
        Key(
            Number("a share above 0 and up to 1", 0, 1),
            "Of the decisions a shadow strategy leaves open, how many buy its signals; default 0.05.",
        ),
    ] = None
    budget: Annotated[
        At[float] | None,
        Key(
            Duration("a cost in time", 1, 864_000_000_000),
            "What its signals may cost a day, all shadow strategies together; default 10 minutes.",
        ),
    ] = None


SHADOW = Record(ShadowFile, "a plan for shadow strategies")


def build_shadow(file: ShadowFile | None) -> ShadowPlan:
    """The plan with its defaults."""
    usual = ShadowPlan()
    if file is None:
        return usual
    return ShadowPlan(
        probability=file.sample.value if file.sample else usual.probability,
        budget_us=file.budget.value if file.budget else usual.budget_us,
    )
