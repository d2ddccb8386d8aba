"""When a strategy touches more people than it may: a bound to be watched all the time, and what follows."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from seawall.measure.disturbance import PER
from seawall.measure.sequential import lower_bound

LEAST_FIRES = 30
LEAST_LABELS = 30
CONFIDENCE = 0.999  # a brake that is pulled for nothing switches a protection off
SEVERE = frozenset({"severe"})


class Step(StrEnum):
    """What to do with a strategy."""

    KEEP = "keep"
    TO_SHADOW = "to_shadow"
    CALL_A_PERSON = "call_a_person"  # add review and page: a crisis is when it should fire more


class Watched(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one strategy since its present version went live.

    Attributes:
        strategy: its name.
        severity: of the clause it enforces.
        fires: how often it fired, live.
        touched: distinct users it touched.
        active: distinct users active in the same time.
        labels: blind random re-reviews of what it did, all with the same probability.
        wrong: those that found no violation.
        promise: the precision its owner answers for; None without one.
        budget: wrongly touched users per 10,000 active; None without one.
    """

    strategy: str
    severity: str
    fires: int
    touched: int
    active: int
    labels: int = 0
    wrong: int = 0
    promise: float | None = None
    budget: float | None = None


class Ruling(msgspec.Struct, frozen=True, kw_only=True):
    """What to do, and the figures it rests on, per 10,000 active users where they are rates.

    Attributes:
        step: what to do.
        bound: what wrongly touched users exceed, at every look, but for a chance of 1 - confidence.
        budget: what they may be.
        touch_bound: what touched users exceed in the same sense.
        wrong_share: the part of touches taken as wrong.
        basis: what that part rests on: `labels` or `promise`.
        reason: one sentence for the page and the record.
    """

    step: Step
    bound: float
    budget: float | None
    touch_bound: float
    wrong_share: float
    basis: str
    reason: str


def brake(watched: Watched, *, confidence: float = CONFIDENCE) -> Ruling:
    """Whether a strategy has left its budget beyond doubt, and what its severity then asks for.

    The bound is anytime valid (`sequential.lower_bound`), so it may be looked at after every event. Until
    there are 30 labels the promise is the prior: the touch rate alone is tested against budget / (1 -
    promise). With labels both the touch rate and the share of wrong touches are bounded, each at half the
    doubt, and their product is compared with the budget. A strategy without a budget, or that fired fewer
    than 30 times, is kept.

    >>> calm = Watched(
    ...     strategy="scam.giveaway", severity="high",
    ...     fires=40, touched=40, active=100_000, promise=0.9, budget=1.0,
    ... )
    >>> brake(calm).step
    <Step.KEEP: 'keep'>
    >>> brake(msgspec.structs.replace(calm, fires=400, touched=400)).step
    <Step.TO_SHADOW: 'to_shadow'>
    >>> brake(msgspec.structs.replace(calm, fires=400, touched=400, severity="severe")).step
    <Step.CALL_A_PERSON: 'call_a_person'>
    """
    labelled = watched.labels >= LEAST_LABELS
    each = (1 + confidence) / 2 if labelled else confidence
    users = min(watched.touched, watched.active)  # who is counted last is not yet among the active
    touch = lower_bound(users, watched.active, confidence=each)
    wrong = (
        lower_bound(watched.wrong, watched.labels, confidence=each)
        if labelled
        else 1 - (watched.promise or 0.0)
    )
    bound = touch * wrong * PER
    step, reason = _step(watched, bound)
    return Ruling(
        step=step,
        bound=bound,
        budget=watched.budget,
        touch_bound=touch * PER,
        wrong_share=wrong,
        basis="labels" if labelled else "promise",
        reason=reason,
    )


def _step(watched: Watched, bound: float) -> tuple[Step, str]:
    if watched.budget is None:
        return Step.KEEP, "it has no budget to leave"
    if watched.fires < LEAST_FIRES:
        return Step.KEEP, f"it fired {watched.fires} times; below {LEAST_FIRES} nothing is concluded"
    if bound <= watched.budget:
        return Step.KEEP, f"not beyond doubt above its budget of {watched.budget:g} per 10,000"
    basis = "labels" if watched.labels >= LEAST_LABELS else "its promise"
    figures = (
        f"more than {bound:.2f} wrongly touched users per 10,000, going by {basis}; "
        f"the budget is {watched.budget:g}"
    )
    if watched.severity in SEVERE:
        return Step.CALL_A_PERSON, figures
    return Step.TO_SHADOW, figures
