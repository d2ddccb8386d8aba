"""Strategies: what each asks, how often it is true, what it promised, and since when it reads as it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.core.errors import NotFound, SeawallError
from seawall.measure.model import Window
from seawall.policy.model import Mode
from seawall.policy.rollout import share_text
from seawall.serve.web.charts import Bar, Event, bars
from seawall.serve.web.figures import figure
from seawall.serve.web.measured import record_of, watched_of
from seawall.serve.web.repo import HOUR_US, Fires, fires, fires_by_slot
from seawall.serve.web.shares import shares_of
from seawall.serve.web.window import CHOICES, short_time, window_of
from seawall.serve.web.words import clock, with_query

if TYPE_CHECKING:
    from markupsafe import Markup
    from starlette.responses import Response

    from seawall.policy.model import Strategy
    from seawall.serve.releases import Release
    from seawall.serve.web.visit import Visit
    from seawall.serve.web.window import Window as Shown
    from seawall.store.held import Held

_MODES = ("live", "shadow", "off", "paused", "braked")
_VERSIONS = 20
RECORD_DAYS = 7
"""How far back a strategy's own page looks for its record; the Measure page lets one choose."""
DAY_US = 24 * HOUR_US


def draw_all(visit: Visit) -> Response:
    """The list, with how often each was true."""
    project = visit.live.project
    window = window_of(visit)
    wanted = visit.query.get("mode", "")
    rows = [(strategy, mode_of(visit.live.held, strategy)) for strategy in project.strategies.values()]
    return visit.page(
        "strategies.html",
        title="Strategies",
        rows=[row for row in rows if wanted not in _MODES or row[1] == wanted],
        modes=_MODES,
        mode=wanted,
        fires=fires(visit.live.store.ledger, window.since, window.until),
        zero=Fires(),
        window=window,
        choices=CHOICES,
        policies=project.policies,
    )


def draw(visit: Visit) -> Response:
    """One strategy."""
    strategy = named(visit)
    live = visit.live
    window = window_of(visit)
    counted = fires(live.store.ledger, window.since, window.until).get(strategy.name, Fires())
    clause = live.project.policies[strategy.policy].clauses[strategy.clause]
    versions = _versions(visit, strategy.name)
    now = live.clock.now()
    return visit.page(
        "strategy.html",
        title=strategy.name,
        strategy=strategy,
        clause=clause,
        held=dict(live.held.said_of(strategy.name)),
        mode=mode_of(live.held, strategy),
        rollout=None if strategy.rollout is None else share_text(strategy.rollout),
        seen=watched_of(live, strategy),
        window=window,
        choices=CHOICES,
        counted=counted,
        chart=_chart(visit, strategy, window, [release for release, _ in versions]),
        shares=shares_of(visit.live, strategy, window),
        record=record_of(live, strategy, Window(now - RECORD_DAYS * DAY_US, now)),
        record_days=RECORD_DAYS,
        figure=figure,
        versions=versions,
    )


def mode_of(held: Held, strategy: Strategy) -> str:
    """What a strategy does now, in a word."""
    if strategy.mode is not Mode.LIVE:
        return strategy.mode.value
    return next((word for word, _ in held.said_of(strategy.name) if word != "called"), strategy.mode.value)


def named(visit: Visit) -> Strategy:
    """The strategy of the address.

    Raises:
        Refused: the version in force has none of that name.
    """
    strategy = visit.live.project.strategies.get(visit.params["name"])
    if strategy is None:
        visit.missing(
            "such strategy", "The version in force has none of this name. The list shows all there are."
        )
    return strategy


def _versions(visit: Visit, name: str) -> list[tuple[Release, Strategy | None]]:
    """The releases that changed the strategy, the newest first, with what it was from then on."""
    found: list[tuple[Release, Strategy | None]] = []
    before: Strategy | None = None
    for release in reversed(visit.live.releases.all(limit=_VERSIONS)):
        try:
            strategy = visit.live.releases.open(release.project_version).strategies.get(name)
        except (NotFound, SeawallError):
            continue  # its files are gone; the release stays in the list of the project page
        if strategy is None and before is None:
            continue
        if not found or _said(strategy) != _said(before):
            found.append((release, strategy))
        before = strategy
    return found[::-1]


def _said(strategy: Strategy | None) -> tuple[object, ...] | None:
    """What a strategy says, without where in its file it says it."""
    if strategy is None:
        return None
    return (
        strategy.when, strategy.except_when, strategy.then, strategy.review, strategy.mode, strategy.markets,
        strategy.languages, strategy.on, strategy.policy, strategy.clause, strategy.owner, strategy.expect,
        strategy.rollout,
    )  # fmt: skip


def _chart(visit: Visit, strategy: Strategy, window: Shown, releases: list[Release]) -> Markup | None:
    slots = fires_by_slot(visit.live.store.ledger, strategy.name, window.since, window.until, window.slot_us)
    if not slots:
        return None
    values: list[Bar] = []
    for slot in range(window.slots):
        start = window.since + slot * window.slot_us
        count = slots.get(slot, Fires())
        query = {
            "strategy": strategy.name,
            "from": short_time(start),
            "to": short_time(start + window.slot_us),
        }
        label = clock(start, date=window.hours > 24)[: -3 if window.hours <= 24 else -6]
        href = with_query("/decisions", query, shadow="yes" if count.shadow and not count.live else None)
        values.append(Bar(count.live, label, href, second=count.shadow))
    events = [
        Event((release.released_at - window.since) / window.slot_us, release.project_version[:7])
        for release in releases
        if window.since <= release.released_at < window.until
    ]
    return bars(
        values, events=events, every=max(1, window.slots // 8), title=f"Firing of {strategy.name} over time"
    )
