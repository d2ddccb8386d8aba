"""`POST /v1/effects/{message_id}/failed`: the platform took a message and could not do what it says."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Path, Response
from pydantic import BaseModel, Field

from seawall.act.outbox import effect_failed
from seawall.serve.api.access import Require, live_of
from seawall.serve.api.said import Asked, Body, Words, problems
from seawall.serve.auth.roles import Scope
from seawall.serve.live import Live

ROUTER = APIRouter(tags=["effects"])


class Failure(Asked):
    """Why an effect did not come about."""

    reason: Words = Field(
        min_length=1, max_length=2_000, description="In your own words; 500 characters are kept."
    )


class MessageState(BaseModel):
    """Where a message is now."""

    message_id: str
    state: str = Field(description="`failed`; or `superseded` or `dead`, where it did not matter any more.")
    destination: str


_BODY = Body(Failure)


@ROUTER.post(
    "/v1/effects/{message_id}/failed",
    summary="Say that an effect did not come about",
    response_model=MessageState,
    dependencies=[Depends(Require(Scope.EFFECTS_WRITE))],
    openapi_extra=_BODY.described(),
    responses={**problems(404)},
)
def post_failed(
    message_id: Annotated[
        str, Path(pattern="^[0-9a-f]{32}$", description="Of the message, as you received it.")
    ],
    failure: Annotated[Failure, Depends(_BODY)],
    live: Annotated[Live, Depends(live_of)],
) -> Response:
    """An operator sees the message with your reason and sends it again. Saying so twice is saying it once."""
    with live.store.ledger.begin() as connection:
        message = effect_failed(connection, message_id, reason=failure.reason, at=live.clock.now())
    document = {
        "message_id": message.message_id,
        "state": message.state,
        "destination": message.destination,
    }
    return Response(msgspec.json.encode(document), media_type="application/json")
