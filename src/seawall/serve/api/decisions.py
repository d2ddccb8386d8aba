"""`GET /v1/decisions`: one by its id, or those that match."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Query, Response

from seawall.core.clock import format_time, parse_time
from seawall.core.decision import as_document
from seawall.core.errors import NotFound, UsageError
from seawall.serve.api.access import Require, live_of
from seawall.serve.api.problems import Problem
from seawall.serve.api.shapes import DecisionDocument, DecisionPage
from seawall.serve.auth.roles import Scope
from seawall.serve.live import Live
from seawall.store import Filter

MOST = 1_000

ROUTER = APIRouter(
    tags=["decisions"],
    dependencies=[Depends(Require(Scope.DECISIONS_READ))],
    responses={401: {"model": Problem}, 403: {"model": Problem}},
)


@ROUTER.get(
    "/v1/decisions/{decision_id}",
    summary="One decision",
    response_model=DecisionDocument,
    responses={404: {"model": Problem}},
)
def get_decision(decision_id: str, live: Annotated[Live, Depends(live_of)]) -> Response:
    """A decision with the inputs that were read for it. The event itself is not part of it."""
    found = live.store.find(decision_id)
    if found is None:
        raise NotFound(f"there is no decision {decision_id[:64]!r}", hint="`GET /v1/decisions` lists them")
    return _json(as_document(found.decision))


@ROUTER.get("/v1/decisions", summary="Decisions that match", response_model=DecisionPage)
def list_decisions(
    live: Annotated[Live, Depends(live_of)],
    type_: Annotated[str | None, Query(alias="type", description="Event type.")] = None,
    market: Annotated[str | None, Query(description="ISO 3166 alpha-2.")] = None,
    action: Annotated[str | None, Query(description="Strongest visibility action.")] = None,
    strategy: Annotated[str | None, Query(description="It fired live.")] = None,
    subject: Annotated[str | None, Query()] = None,
    actor: Annotated[str | None, Query()] = None,
    since: Annotated[str | None, Query(alias="from", description="Event time, RFC 3339, inclusive.")] = None,
    until: Annotated[str | None, Query(alias="to", description="Event time, RFC 3339, exclusive.")] = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
    cursor: Annotated[str | None, Query(description="From the page before.")] = None,
) -> Response:
    """Every criterion that is given must hold. The newest recorded first."""
    wanted = Filter(
        type=type_,
        market=market,
        action=action,
        strategy=strategy,
        subject=subject,
        actor=actor,
        since=_time("from", since),
        until=_time("to", until),
    )
    page = live.store.search(wanted, limit=limit, cursor=cursor)
    return _json(
        {
            "decisions": [as_document(one.decision) for one in page.decisions],
            "cursor": page.cursor,
            "complete_to": format_time(page.complete_to),
        }
    )


def _time(name: str, text: str | None) -> int | None:
    if not text:
        return None
    try:
        return parse_time(text)
    except ValueError as error:
        raise UsageError(f"{name}: {error}", hint="write it as 2026-11-22T09:30:00Z") from None


def _json(document: object) -> Response:
    return Response(msgspec.json.encode(document), media_type="application/json")
