"""One decision: what was done, why, and from which inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.core.errors import NotFound, SeawallError
from seawall.serve.asked import controls_of
from seawall.serve.auth.roles import Permission
from seawall.serve.replay import in_force_at
from seawall.serve.traces import verdicts
from seawall.serve.web.aftermath import became
from seawall.serve.web.pages.subject import address
from seawall.serve.web.watched import watched
from seawall.store import Filter
from seawall.store.held import Held

if TYPE_CHECKING:
    from starlette.responses import Response

    from seawall.core.decision import Decision
    from seawall.policy.model import Project
    from seawall.serve.web.visit import Visit

_OTHERS = 8
GONE = {
    "erased": "The event was erased on request. The decision and its inputs other than the event remain.",
    "retention": "The event was dropped when its retention ended. The decision and its other inputs remain.",
}


def draw(visit: Visit) -> Response:
    """The page, with free text and media left out."""
    return _page(visit, shown=False)


def draw_shown(visit: Visit) -> Response:
    """The page with its content, for whoever asked for it."""
    return _page(visit, shown=True)


def _page(visit: Visit, *, shown: bool) -> Response:
    live = visit.live
    recorded = live.store.find(visit.params["decision_id"])
    if recorded is None:
        visit.missing(
            "such decision",
            "No decision has this id. Perhaps it belongs to another data folder, or to a run over a file.",
        )
    decision, event = recorded.decision, recorded.event
    explained, unexplained = [], GONE.get(recorded.gone or "", "")
    project = live.project
    if event is not None:
        try:
            project = live.releases.open(decision.project_version)
            explained = verdicts(project, event, decision)
        except SeawallError as error:
            unexplained = (
                f"The version that decided cannot be read, so its reasons cannot be recomputed: {error}"
            )
    bought = decision.signals
    others = (
        live.store.search(Filter(actor=decision.actor), limit=_OTHERS + 1).decisions if decision.actor else ()
    )
    with live.store.ledger.read() as connection:
        after = became(connection, decision, of_people=visit.may(Permission.SEE_MEASURES))
    return visit.page(
        "decision.html",
        title=f"Decision {decision.decision_id[:8]}",
        decision=decision,
        after=after,
        event=event,
        kind=project.events.get(decision.type),
        verdicts=explained,
        held=_held(visit, project, decision),
        unexplained=unexplained,
        shown=shown,
        files=watched(event, decision, project, base=f"/decisions/{decision.decision_id}", shown=shown)
        if event
        else [],
        subject_href=address(_surface(project, decision.type), decision.subject or ""),
        may_reveal=visit.may(Permission.REVEAL_CONTENT),
        not_bought=[
            spec for spec in project.signals.values() if decision.type in spec.on and spec.name not in bought
        ],
        spent_us=sum(reading.cost_us for reading in bought.values()),
        others=[one.decision for one in others if one.decision.decision_id != decision.decision_id][:_OTHERS],
    )


def _surface(project: Project, event_type: str) -> str:
    kind = project.events.get(event_type)
    return event_type if kind is None else kind.surface


def _held(visit: Visit, project: Project, decision: Decision) -> Held:
    """What control records held when it was decided; nothing where the ledger does not show them."""
    if decision.effective_version in {"", decision.project_version}:
        return Held()
    store = visit.live.store
    with store.ledger.read() as connection:
        controls = controls_of(connection, store.writer)
    try:
        return in_force_at(project, controls, decision.effective_version).held
    except NotFound:
        return Held()
