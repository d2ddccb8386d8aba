"""How the parts of a condition came out on recent decisions: counted from their traces, never estimated."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from seawall.core.truth import Truth
from seawall.serve.traces import condition_of, explain, readings_of
from seawall.serve.web.charts import share
from seawall.store import Filter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markupsafe import Markup

    from seawall.policy.model import Strategy
    from seawall.serve.live import Live
    from seawall.store import Recorded

SAMPLE = 1_000
_LOOKED_AT = 2_000
_MOST_PARTS = 30


class Share(NamedTuple):
    """One part of a condition, and how often it was what."""

    text: str
    true: int
    false: int
    null: int
    open: int
    cost_us: float
    bar: Markup


class Shares(NamedTuple):
    """Every part; or, without a sample, why there is none."""

    rows: list[Share]
    n: int
    said: str


def shares_of(live: Live, strategy: Strategy) -> Shares:
    """The parts of a strategy's condition over the newest recorded decisions in its scope."""
    counted: dict[str, Counter[Truth]] = {}
    costs: defaultdict[str, float] = defaultdict(float)
    n = 0
    for recorded in islice(_in_scope(live, strategy), SAMPLE):
        if recorded.event is None:
            continue
        condition = condition_of(live.project, strategy, recorded.decision.type)
        n += 1
        whole = explain(condition, readings_of(recorded.event, recorded.decision))
        for text, leaf in {leaf.node.text: leaf for leaf in whole.leaves()}.items():
            counted.setdefault(text, Counter())[Truth(leaf.state)] += 1
            costs[text] += leaf.node.cost_us
    if not n:
        return Shares(
            [], 0, "No decision in its scope has been recorded yet, so nothing can be said of its parts."
        )
    rows = [_share(text, outcomes, costs[text], n) for text, outcomes in counted.items()]
    return Shares(rows[:_MOST_PARTS], n, "")


def _in_scope(live: Live, strategy: Strategy) -> Iterator[Recorded]:
    for kind in strategy.on:
        page = live.store.search(Filter(type=kind), limit=_LOOKED_AT // len(strategy.on))
        for recorded in page.decisions:
            decision = recorded.decision
            market = not strategy.markets or decision.market in strategy.markets
            language = not strategy.languages or decision.language in strategy.languages
            if market and language:
                yield recorded


def _share(text: str, outcomes: Counter[Truth], cost_us: float, n: int) -> Share:
    true, false, null = outcomes[Truth.TRUE], outcomes[Truth.FALSE], outcomes[Truth.NULL]
    bought = n - outcomes[Truth.OPEN]
    each = cost_us / bought if bought else 0.0
    return Share(text, true, false, null, outcomes[Truth.OPEN], each, share(true, false, null, n))
