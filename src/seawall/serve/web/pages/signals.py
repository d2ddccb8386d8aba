"""Signals: what each was bought for, what that cost, and what came of it."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from seawall.core.errors import UsageError
from seawall.serve.cascade import cascade
from seawall.serve.web.words import clock, cost
from seawall.signals import QUICK_US
from seawall.signals.meter import BOUNDS_S
from seawall.store.asides import DAY_US

if TYPE_CHECKING:
    from starlette.responses import Response

    from seawall.serve.web.visit import Visit


def draw(visit: Visit) -> Response:
    """The page."""
    live = visit.live
    now = live.clock.now()
    spent = live.purse.look(at=now)
    try:
        found = cascade(live.project, live.store, live.store.ledger, spent, now=now)
    except UsageError:  # what the process counted would be there, but half a page would mislead
        found = None
    return visit.page(
        "signals.html",
        title="Signals",
        found=found,
        since=spent.since,
        quick_us=QUICK_US,
        day=_day,
        seconds=_seconds,
    )


def _day(day: int) -> str:
    return clock(day * DAY_US)[:6]


def _seconds(bound: float | None) -> str:
    if bound is None:
        return "–"
    return f"≤ {cost(bound * 1e6)}" if isfinite(bound) else f"> {cost(BOUNDS_S[-1] * 1e6)}"
