"""Today: where events went, and what needs a person."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from seawall.core.action import LADDERS
from seawall.serve.demo import kept
from seawall.serve.web.charts import Bar, bars
from seawall.serve.web.repo import by_slot, flows
from seawall.serve.web.standing import needs_a_person
from seawall.serve.web.window import CHOICES, short_time, window_of
from seawall.serve.web.words import clock, with_query

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from markupsafe import Markup
    from starlette.responses import Response

    from seawall.serve.web.repo import Flow
    from seawall.serve.web.visit import Visit
    from seawall.serve.web.window import Window

_VISIBILITY = LADDERS["visibility"]


class Row(NamedTuple):
    """One line of the table of flows: a type or a market, and its decisions by outcome."""

    name: str
    label: str
    query: dict[str, str]
    total: int
    by_action: Counter[str]
    reviewed: int


def draw(visit: Visit) -> Response:
    """The page."""
    live = visit.live
    window = window_of(visit)
    found = flows(live.store.ledger, window.since, window.until)
    types = live.project.events
    surface = {name: kind.surface for name, kind in types.items()}
    total = sum(flow.decisions for flow in found)
    actions = sorted({flow.action for flow in found}, key=_strength)
    fires_action = sum(flow.decisions for flow in found if flow.action != "allow")
    return visit.page(
        "today.html",
        title="Today",
        window=window,
        choices=CHOICES,
        total=total,
        touched=fires_action,
        reviewed=sum(flow.decisions for flow in found if flow.reviewed),
        removed=sum(flow.decisions for flow in found if flow.action == "remove"),
        actions=actions,
        by_type=_rows(found, lambda flow: flow.type, "type", lambda name: surface.get(name, "")),
        by_market=_rows(found, lambda flow: flow.market, "market", lambda _: ""),
        chart=_chart(visit, window) if total else None,
        needs=needs_a_person(visit),
        braked=sorted(live.held.braked.items()),
        stories=kept(live.store.path),
        platform_url=_platform(visit),
        complete_to=live.complete_to,
    )


def _platform(visit: Visit) -> str:
    """Where the demo's platform shows itself: beside where it is told."""
    return next((one.url.removesuffix("/hook") for one in visit.live.outgoing.destinations), "")


def _rows(
    found: Sequence[Flow], key: Callable[[Flow], str], parameter: str, label: Callable[[str], str]
) -> list[Row]:
    groups: dict[str, list[Flow]] = {}
    for flow in found:
        groups.setdefault(key(flow), []).append(flow)
    rows = [
        Row(
            name or "none",
            label(name),
            {parameter: name} if name else {},
            sum(flow.decisions for flow in group),
            _count(group),
            sum(flow.decisions for flow in group if flow.reviewed),
        )
        for name, group in groups.items()
    ]
    return sorted(rows, key=lambda row: -row.total)


def _count(group: Sequence[Flow]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for flow in group:
        counted[flow.action] += flow.decisions
    return counted


def _strength(action: str) -> int:
    return _VISIBILITY.index(action) if action in _VISIBILITY else len(_VISIBILITY)


def _chart(visit: Visit, window: Window) -> Markup:
    slots = by_slot(visit.live.store.ledger, window.since, window.until, window.slot_us)
    values: list[Bar] = []
    for slot in range(window.slots):
        start = window.since + slot * window.slot_us
        query = {"from": short_time(start), "to": short_time(start + window.slot_us)}
        label = clock(start, date=window.hours > 24)[: -3 if window.hours <= 24 else -6]
        values.append(Bar(slots.get(slot, 0), label, with_query("/decisions", query)))
    return bars(values, every=max(1, window.slots // 8), title="Decisions over time", width=660)
