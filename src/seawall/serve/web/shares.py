"""How the parts of a condition came out on a sample of decisions, counted from their traces."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from seawall.core.truth import Truth
from seawall.decide.plan import in_scope
from seawall.policy.flatten import flattened
from seawall.serve.traces import condition_of, explain, readings_of
from seawall.serve.web.charts import share

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markupsafe import Markup

    from seawall.policy.model import Strategy
    from seawall.serve.live import Live
    from seawall.serve.web.window import Window
    from seawall.store import Recorded

_LOOKED_AT = 1_000
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


def shares_of(live: Live, strategy: Strategy, window: Window) -> Shares:
    """The parts of a strategy's condition, over decisions in its scope drawn evenly from the window."""
    counted: dict[str, Counter[Truth]] = {}
    costs: defaultdict[str, float] = defaultdict(float)
    n = 0
    for recorded in _in_scope(live, strategy, window):
        if recorded.event is None:
            continue
        here = flattened(strategy, recorded.event.market, recorded.event.language)
        condition = condition_of(live.project, here, recorded.decision.type)
        n += 1
        whole = explain(condition, readings_of(recorded.event, recorded.decision))
        for text, leaf in {leaf.node.text: leaf for leaf in whole.leaves()}.items():
            counted.setdefault(text, Counter())[Truth(leaf.state)] += 1
            costs[text] += leaf.node.cost_us
    if not n:
        return Shares(
            [], 0, "No decision in its scope happened in this time, so nothing can be said of its parts."
        )
    rows = [_share(text, outcomes, costs[text], n) for text, outcomes in counted.items()]
    return Shares(rows[:_MOST_PARTS], n, "")


def _in_scope(live: Live, strategy: Strategy, window: Window) -> Iterator[Recorded]:
    for recorded in live.store.sample(strategy.on, window.since, window.until, limit=_LOOKED_AT):
        event = recorded.event
        if event and in_scope(live.project, strategy, event.market, event.language, event.available_in):
            yield recorded


def _share(text: str, outcomes: Counter[Truth], cost_us: float, n: int) -> Share:
    true, false, null = outcomes[Truth.TRUE], outcomes[Truth.FALSE], outcomes[Truth.NULL]
    bought = n - outcomes[Truth.OPEN]
    each = cost_us / bought if bought else 0.0
    return Share(text, true, false, null, outcomes[Truth.OPEN], each, share(true, false, null, n))
