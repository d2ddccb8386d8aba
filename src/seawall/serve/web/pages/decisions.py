"""The list of decisions, and the box that finds anything by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from seawall.serve.auth.roles import Permission
from seawall.serve.web.window import time_of
from seawall.serve.web.words import with_query
from seawall.store import Filter

if TYPE_CHECKING:
    from starlette.responses import Response

    from seawall.serve.web.visit import Visit

PER_PAGE = 50


def draw(visit: Visit) -> Response:
    """The list. Every filter is a parameter of the address."""
    asked = {name: value.strip() for name, value in visit.query.items() if value.strip()}
    wanted = Filter(
        type=asked.get("type"),
        market=asked.get("market"),
        action=asked.get("action"),
        strategy=asked.get("strategy"),
        subject=asked.get("subject"),
        actor=asked.get("actor"),
        since=time_of(asked.get("from"), "from"),
        until=time_of(asked.get("to"), "to"),
        shadow="shadow" in asked,
        reviewed={"yes": True, "no": False}.get(asked.get("reviewed", "")),
    )
    page = visit.live.store.search(wanted, limit=PER_PAGE, cursor=asked.get("cursor"))
    project = visit.live.project
    criteria = {name: value for name, value in asked.items() if name != "cursor"}
    return visit.page(
        "decisions.html",
        title="Decisions",
        decisions=[one.decision for one in page.decisions],
        asked=criteria,
        older=with_query("/decisions", criteria, cursor=page.cursor) if page.cursor else None,
        first="cursor" not in asked,
        complete_to=page.complete_to,
        types=sorted(project.events),
        markets=project.markets,
        actions=project.ladders.axes["visibility"],
        strategies=sorted(project.strategies),
    )


def find(visit: Visit) -> Response:
    """Where a name leads: a decision, an event, a strategy, a policy, else the account of that id."""
    name = visit.query.get("q", "").strip()
    if not name:
        return visit.see("/decisions")
    project, store = visit.live.project, visit.live.store
    if name in project.strategies:
        return visit.see(f"/strategies/{quote(name)}")
    if name in project.policies:
        return visit.see(f"/policies/{quote(name)}")
    found = store.find(name) or store.find_event(name)
    if found:
        return visit.see(f"/decisions/{found.decision.decision_id}")
    for criterion, wanted in (("subject", Filter(subject=name)), ("actor", Filter(actor=name))):
        if store.search(wanted, limit=1).decisions:
            return visit.see(with_query("/decisions", {criterion: name}))
    near = [one for one in (*project.strategies, *project.policies) if name.casefold() in one.casefold()]
    links = [(f"/strategies/{one}" if one in project.strategies else f"/policies/{one}", one) for one in near]
    if len(links) == 1:
        return visit.see(links[0][0])
    return visit.page(
        "found.html",
        title=f"Find {name}",
        name=name,
        links=links[:50],
        may_edit=visit.may(Permission.EDIT_STRATEGIES),
    )
