"""`POST /v1/views`: how often subjects were seen."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field

from seawall.serve.api.access import Require, live_of
from seawall.serve.api.said import Asked, Body, Words, problems
from seawall.serve.auth.roles import Scope
from seawall.serve.live import Live
from seawall.serve.milestones import Told, take_views

ROUTER = APIRouter(tags=["subjects"])
MOST = 10_000


class SeenSent(Asked):
    """One subject's count."""

    surface: Annotated[Words, Field(min_length=1, max_length=60)] = Field(description="Of the project.")
    id: Annotated[Words, Field(min_length=1, max_length=300)] = Field(description="Yours, as in events.")
    views: int = Field(ge=0, lt=2**62, description="In all, so far.")


class ViewsSent(Asked):
    """Counts, in any order."""

    views: list[SeenSent] = Field(min_length=1, max_length=MOST)


class ViewsDocument(BaseModel):
    """What was taken."""

    taken: int
    milestones: int = Field(description="Subjects that are decided once more because of it, within seconds.")


_BODY = Body(ViewsSent)


@ROUTER.post(
    "/v1/views",
    summary="Tell how often subjects were seen",
    response_model=ViewsDocument,
    dependencies=[Depends(Require(Scope.EVENTS_WRITE))],
    openapi_extra=_BODY.described(),
    responses={**problems()},
)
def post_views(
    sent: Annotated[ViewsSent, Depends(_BODY)], live: Annotated[Live, Depends(live_of)]
) -> Response:
    """Counts only rise, so a repeat, or one that was overtaken, changes nothing. Durable with the answer."""
    told = [Told(one.surface, one.id, one.views) for one in sent.views]
    with live.store.ledger.begin() as connection:
        to_come = take_views(connection, told, live.project, now=live.clock.now())
    return Response(
        msgspec.json.encode({"taken": len(told), "milestones": to_come}), media_type="application/json"
    )
