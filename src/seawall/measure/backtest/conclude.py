"""From counts to a report: shares, estimates with their intervals, and promises that history contradicts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from seawall.measure.backtest.model import Backtest, Expected, Tested
from seawall.measure.backtest.tally import DAY_US, about
from seawall.measure.model import LEAST_LABELS, About, Draw, Estimate, Interval, known, too_few
from seawall.measure.precision import precision
from seawall.measure.ratio import Pair, ratio
from seawall.measure.weighted import hajek
from seawall.policy.flatten import forms

if TYPE_CHECKING:
    from seawall.measure.backtest.tally import Counted, Judged, Tally
    from seawall.policy.model import Project, Strategy

LEAST = LEAST_LABELS
"""Labels below which precision and recall are not shown."""


def conclude(project: Project, tally: Tally, *, engine: str, labelled: bool) -> Backtest:
    """The report.

    Args:
        project: whose strategies were tested.
        tally: what was counted.
        engine: which engine counted.
        labelled: whether labels were given.
    """
    days = max(len(tally.days), 1)
    active: dict[tuple[str, ...], _Active] = {}
    for strategy in project.strategies.values():
        if strategy.name in tally.strategies and strategy.on not in active:
            active[strategy.on] = _active(strategy.on, tally)
    tested = tuple(
        _tested(project, each, tally, active[each.on], days, labelled=labelled)
        for name in sorted(tally.strategies)
        if (each := project.strategies[name])
    )
    return Backtest(
        project=project.name,
        version=project.version,
        engine=engine,
        events=sum(tally.events.values()),
        refused=tally.refused,
        first=tally.first,
        last=tally.last,
        days=len(tally.days),
        labelled=len(tally.judged),
        queues_by_day={queue: count / days for queue, count in sorted(tally.queues.items())},
        strategies=tested,
    )


class _Active(NamedTuple):
    """Actors of some event types: different ones, and the same counted anew each day."""

    users: int
    by_day: int


def _active(on: tuple[str, ...], tally: Tally) -> _Active:
    days = [tally.active[name] for name in on if name in tally.active]
    by_day = [
        len(set[str]().union(*(each[day] for each in days if day in each)))
        for day in {day for each in days for day in each}
    ]
    return _Active(len(set[str]().union(*(actors for each in days for actors in each.values()))), sum(by_day))


def _tested(
    project: Project, strategy: Strategy, tally: Tally, active: _Active, days: int, *, labelled: bool
) -> Tested:
    counted = tally.strategies[strategy.name]
    judged = [
        each for each in tally.judged if each.type in strategy.on and about(each.label, _cited(strategy))
    ]
    found = _estimates(project, strategy, judged) if labelled else (None, None)
    return Tested(
        strategy=strategy.name,
        mode=str(strategy.mode),
        events=sum(tally.events[name] for name in strategy.on),
        fired=counted.fired,
        by_market=dict(sorted(counted.by_market.items())),
        by_type=dict(sorted(counted.by_type.items())),
        by_day={_day(day): count for day, count in sorted(counted.by_day.items())},
        users=len({actor for _, actor in counted.users}),
        active=active.users,
        touched_per_10k=_per_10k(counted, active),
        alone=counted.alone,
        together=dict(sorted(counted.together.items(), key=lambda pair: (-pair[1], pair[0]))),
        reviews_by_day={
            then.queue: counted.queues[then.queue] / days for form in forms(strategy) for then in form.review
        },
        signal_missing=counted.missing / counted.asked if counted.asked else 0.0,
        precision=found[0],
        recall=found[1],
        newly=counted.newly if tally.decided else None,
        no_longer=counted.no_longer if tally.decided else None,
        as_before=counted.as_before if tally.decided else None,
        estimated=_fires(project, strategy, counted) if tally.weighed else None,
        examples={kind: tuple(kept) for kind, kept in sorted(counted.examples.items())},
        missed_promises=_missed(strategy, _per_10k(counted, active), found[0]),
    )


def _cited(strategy: Strategy) -> str:
    return f"{strategy.policy}#{strategy.clause}"


def _fires(project: Project, strategy: Strategy, counted: Counted) -> Estimate:
    """On how many events it would fire if every signal had been bought, from the audit sample."""
    what = About(
        name="fires if every signal were bought",
        population=f"events of the types of {strategy.name}",
        policy_version=project.version,
    )
    drawn = counted.draws.total()
    if counted.asked and drawn < LEAST:
        return too_few(what, have=drawn, needed=LEAST, basis="audit sample")
    if not counted.asked:
        sure = float(counted.fired)
        return known(Interval(value=sure, low=sure, high=sure, size=0, method="counted"), what, n=0)
    share = hajek(
        [Draw(fired, chance) for (fired, chance), times in counted.draws.items() for _ in range(times)]
    )
    asked = share.scaled(counted.asked)
    found = Interval(
        value=counted.certain + asked.value,
        low=counted.certain + asked.low,
        high=counted.certain + asked.high,
        size=share.size,
        method=f"{share.method}, of the {counted.asked:,} events that took a signal",
    )
    return known(found, what, n=drawn, basis="audit sample")


def _chance(each: Judged, strategy: Strategy) -> float:
    """With which an event came to be labelled and judged; 0 where its signals were bought for a reason."""
    return (each.label.inclusion_probability or 1.0) * (each.audit if strategy.name in each.open else 1.0)


def _estimates(project: Project, strategy: Strategy, judged: list[Judged]) -> tuple[Estimate, Estimate]:
    """Precision of what fires and recall of what violates the clause, by how items came to be labelled."""
    judged = [each for each in judged if _chance(each, strategy)]
    fired = [
        Draw(float(each.label.violates), _chance(each, strategy))
        for each in judged
        if strategy.name in each.fired
    ]
    pairs = [
        Pair(
            float(each.label.violates and strategy.name in each.fired),
            float(each.label.violates),
            _chance(each, strategy),
        )
        for each in judged
    ]
    what = About(
        name="precision", population=f"what {strategy.name} fires on", policy_version=project.version
    )
    recall = About(
        name="recall", population=f"what violates {_cited(strategy)}", policy_version=project.version
    )
    violating = sum(pair.below > 0 for pair in pairs)
    if violating < LEAST:
        return precision(fired, what, least=LEAST), too_few(recall, have=violating, needed=LEAST)
    share = ratio(pairs)
    return precision(fired, what, least=LEAST), known(share, recall, n=violating, basis="labels")


def _per_10k(counted: Counted, active: _Active) -> float:
    """Touched users per 10,000 active ones a day: what a budget is about."""
    return 1e4 * len(counted.users) / active.by_day if active.by_day else 0.0


def _missed(strategy: Strategy, touched_per_10k: float, found: Estimate | None) -> tuple[Expected, ...]:
    """Promises that the history contradicts beyond what chance explains."""
    missed: list[Expected] = []
    promised = strategy.expect.precision
    if promised is not None and found is not None and found.high is not None and found.high < promised:
        mend = "narrow the condition with what the wrongly touched examples share, or promise less"
        missed.append(
            Expected(
                what="precision", promised=promised, found=found.high, by=promised - found.high, mend=mend
            )
        )
    budget = strategy.expect.disturbance_per_10k
    if budget is not None:
        # wrongly touched users at the least: those touched, by the highest precision that can be believed
        right = found.high if found is not None and found.high is not None else promised
        if right is not None:
            touched = touched_per_10k * (1 - right)
            if touched > budget:
                mend = "narrow the condition, keep it in shadow, or ask a person (`review:`) first"
                missed.append(
                    Expected(
                        what="disturbance_per_10k",
                        promised=budget,
                        found=touched,
                        by=touched - budget,
                        mend=mend,
                    )
                )
    return tuple(missed)


def _day(day: int) -> str:
    return datetime.fromtimestamp(day * DAY_US / 1e6, UTC).date().isoformat()
