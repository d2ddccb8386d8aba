"""What the cascade buys: per signal what it did, what it cost, for whom, and what came of it.

Two sources that are never mixed in one figure: sealed decisions, complete to a time; and what one process
counted since it began.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from seawall.decide.engine import build
from seawall.serve.web.repo import newest_minute
from seawall.store.asides import DAY_US, shadows
from seawall.store.rounds import open_rounds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seawall.policy.model import Project, SignalSpec
    from seawall.serve.purse import Spent
    from seawall.serve.waited import Waits
    from seawall.signals.meter import Usage
    from seawall.store import Store
    from seawall.store.asides import Looked
    from seawall.store.bought import Bought, Purchases
    from seawall.store.ledger import Ledger

DAYS = 7
"""Days that are looked at."""

_PERCENTILES = (0.5, 0.95, 0.99)


class SignalLine(NamedTuple):
    """One signal.

    Attributes:
        name: also of signals that the version in force no longer has.
        spec: None for those.
        purchases: decisions that bought it, over the days.
        of: decisions on events it could be bought for.
        cost_us: what the purchases cost as declared.
        by_day: the same by day, days since 1970.
        fired: purchases after which a strategy that reads it was true, live or in shadow.
        failed: purchases without an answer, by reason.
        usage: what the process counted; None: nothing.
        waits: for whom the process bought it; None: it was not, or it is quick.
    """

    name: str
    spec: SignalSpec | None
    purchases: int
    of: int
    cost_us: float
    by_day: dict[int, float]
    fired: int
    failed: dict[str, int]
    usage: Usage | None
    waits: Waits | None

    @property
    def quantiles_s(self) -> list[float | None]:
        """Bounds under which half, 95 and 99 of 100 calls stayed."""
        return [None if self.usage is None else self.usage.quantile_s(share) for share in _PERCENTILES]


class Cascade(NamedTuple):
    """Everything the page and the command show.

    Attributes:
        lines: the dearest first by what they cost over the days.
        days: that were looked at, oldest first, since 1970.
        elsewhere: they end with the newest event, since nothing happened of late.
        complete_to: when the newest decision counted was made; None: none is sealed.
        spent: what the process counted; None: nothing was kept.
        shadows: shadow strategies over the same days.
        shadow_budget_us: what may be, a day.
        rounds: decisions that wait for another round.
    """

    lines: list[SignalLine]
    days: list[int]
    elsewhere: bool
    complete_to: int | None
    spent: Spent | None
    shadows: dict[str, Looked]
    shadow_budget_us: float
    rounds: int


def readers(project: Project) -> dict[str, set[str]]:
    """By signal, the strategies of a version that read it."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for plan in build(project).plans.values():
        for name, condition in zip(plan.names, plan.conditions, strict=True):
            for signal in condition.signals:
                found[signal].add(name)
    return dict(found)


def cascade(project: Project, store: Store, ledger: Ledger, spent: Spent | None, *, now: int) -> Cascade:
    """Look at the `DAYS` days that end with the one of `now`, microseconds; days of event time, UTC.

    If the newest event is not of them, they end with its day.

    Raises:
        UsageError: counting took too long.
    """
    newest = newest_minute(ledger)
    elsewhere = newest is not None and not now - (DAYS - 1) * DAY_US <= newest <= now
    last = (newest if elsewhere and newest is not None else now) // DAY_US
    days = list(range(last - DAYS + 1, last + 1))
    since, until = days[0] * DAY_US, (last + 1) * DAY_US
    bought = store.bought(since, until, readers(project))
    return Cascade(
        lines=_lines(project, bought, spent),
        days=days,
        elsewhere=elsewhere,
        complete_to=bought.complete_to,
        spent=spent,
        shadows=shadows(ledger, since, until),
        shadow_budget_us=project.shadow.budget_us,
        rounds=open_rounds(ledger),
    )


def _lines(project: Project, bought: Bought, spent: Spent | None) -> list[SignalLine]:
    by_name: defaultdict[str, list[Purchases]] = defaultdict(list)
    for row in bought.rows:
        by_name[row.signal].append(row)
    usage: Mapping[str, Usage] = spent.usage if spent else {}
    waits: Mapping[str, Waits] = spent.waits if spent else {}
    lines = [
        _line(
            name, project.signals.get(name), by_name[name], bought.decisions, usage.get(name), waits.get(name)
        )
        for name in sorted({*project.signals, *by_name, *usage})
    ]
    return sorted(lines, key=lambda line: (-line.cost_us, line.name))


def _line(
    name: str,
    spec: SignalSpec | None,
    rows: list[Purchases],
    decisions: Mapping[str, int],
    usage: Usage | None,
    waits: Waits | None,
) -> SignalLine:
    types = {*(spec.on if spec else ()), *(row.type for row in rows)}
    by_day, failed = defaultdict[int, float](float), Counter[str]()
    for row in rows:
        by_day[row.day] += row.cost_us
        failed.update(failed=row.failed, timeout=row.timeout, unavailable=row.unavailable)
    return SignalLine(
        name=name,
        spec=spec,
        purchases=sum(row.decisions for row in rows),
        of=sum(decisions.get(each, 0) for each in types),
        cost_us=sum(row.cost_us for row in rows),
        by_day=dict(by_day),
        fired=sum(row.fired for row in rows),
        failed={reason: count for reason, count in failed.items() if count},
        usage=usage,
        waits=waits,
    )
