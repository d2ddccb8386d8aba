"""What the owners of strategies promise, held against a backtest: held, missed, or too few labels to say."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from seawall.measure.model import LEAST_LABELS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seawall.measure.backtest.model import Backtest, Expected, Tested
    from seawall.policy.model import Expectation, Project


class Standing(StrEnum):
    """How a promise stands."""

    HELD = "held"
    MISSED = "missed"
    TOO_FEW = "too few labels"


class Promise(msgspec.Struct, frozen=True, kw_only=True):
    """One expectation of one strategy after a backtest.

    Attributes:
        strategy: its name.
        what: `precision` or `disturbance_per_10k`.
        promised: what the owner answers for.
        standing: how it stands.
        found: what was found, as a sentence.
        by: how far it is from the promise where it is missed, else 0.
        missing: labels that are missing before anything can be said, else 0.
        mend: what can be done where it is not held, else "".
    """

    strategy: str
    what: str
    promised: float
    standing: Standing
    found: str
    by: float = 0.0
    missing: int = 0
    mend: str = ""


def promises(project: Project, report: Backtest) -> tuple[Promise, ...]:
    """Every promise of the strategies in a backtest, in their order.

    A promise is missed if labels contradict it beyond what chance explains, and held if there are enough of
    them and they do not, or if none could: it fires on nothing, or touches no more than its budget.

    Args:
        project: whose strategies were tested.
        report: the backtest.
    """
    return tuple(
        promise
        for each in report.strategies
        for promise in _of(each, project.strategies[each.strategy].expect)
    )


def standing(found: tuple[Promise, ...]) -> Standing:
    """How all of them stand together: one that is missed outweighs one that nothing can be said about."""
    seen = {each.standing for each in found}
    return next((each for each in (Standing.MISSED, Standing.TOO_FEW) if each in seen), Standing.HELD)


def labels_missing(found: tuple[Promise, ...]) -> int:
    """Labels that are missing in all; promises of one strategy stand on the same ones."""
    by_strategy: dict[str, int] = {}
    for each in found:
        by_strategy[each.strategy] = max(each.missing, by_strategy.get(each.strategy, 0))
    return sum(by_strategy.values())


def _of(tested: Tested, expect: Expectation) -> Iterator[Promise]:
    promised = {"precision": expect.precision, "disturbance_per_10k": expect.disturbance_per_10k}
    missed = {each.what: each for each in tested.missed_promises}
    known = tested.precision is not None and tested.precision.known
    for what, value in promised.items():
        if value is None:
            continue
        one = Promise(
            strategy=tested.strategy,
            what=what,
            promised=value,
            standing=Standing.HELD,
            found=_sentence(tested, what),
        )
        if known and what in missed:
            yield _missed(one, missed[what])
        elif known or not tested.fired or (what != "precision" and tested.touched_per_10k <= value):
            yield one
        else:
            yield _too_few(one, tested)


def _missed(one: Promise, missed: Expected) -> Promise:
    at = "at most" if one.what == "precision" else "wrongly at least"
    return msgspec.structs.replace(
        one,
        standing=Standing.MISSED,
        found=f"{at} {missed.found:.4g} ({one.found})",
        by=missed.by,
        mend=missed.mend,
    )


def _too_few(one: Promise, tested: Tested) -> Promise:
    """Without labels nothing contradicts a promise: a strategy may be more precise than it promises to be."""
    have = 0 if tested.precision is None else tested.precision.n
    missing = LEAST_LABELS if tested.precision is None else tested.precision.missing
    mend = f"label {missing} more of what it fires on"
    if tested.fired < have + missing:
        mend = f"it fires on {tested.fired:,} events here: take a longer history, then label {missing} more"
    found = f"{have} of {have + missing} labels"
    if one.what != "precision":
        found += f" ({one.found})"
    return msgspec.structs.replace(one, standing=Standing.TOO_FEW, found=found, missing=missing, mend=mend)


def _sentence(tested: Tested, what: str) -> str:
    if not tested.fired:
        return "it fires on nothing here"
    if what == "precision":
        return "" if tested.precision is None else tested.precision.sentence
    return f"touches {tested.touched_per_10k:.4g} of 10,000 users a day, rightly or not"
