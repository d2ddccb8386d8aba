"""`GET /v1/brakes`: strategies that left their budget, and severe ones to which people are called."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field

from seawall.core.clock import format_time
from seawall.decide.under import queue_of_call
from seawall.serve.api.access import Require, live_of
from seawall.serve.auth.roles import Scope
from seawall.serve.live import Live

ROUTER = APIRouter(tags=["brakes"])


class BrakeDocument(BaseModel):
    """One strategy that waits for a person."""

    strategy: str
    state: str = Field(
        description="`braked`: in shadow; `called`: severe, it goes on, a person is needed now."
    )
    since: str = Field(description="RFC 3339 in UTC.")
    reason: str = Field(description="The figures behind it, in a sentence.")
    queue: str | None = Field(description="Where people look at all it does, while it is `called`.")


class BrakesDocument(BaseModel):
    """What waits, `called` first, then by strategy."""

    brakes: list[BrakeDocument]


@ROUTER.get(
    "/v1/brakes",
    summary="Strategies that left their budget",
    response_model=BrakesDocument,
    dependencies=[Depends(Require(Scope.METRICS_READ))],
)
def get_brakes(live: Annotated[Live, Depends(live_of)]) -> Response:
    """For whatever pages people where you are: ask every few seconds. A person answers at the console."""
    project, held = live.project, live.held
    brakes = [
        {
            "strategy": name,
            "state": state,
            "since": format_time(one.at),
            "reason": one.reason,
            "queue": queue_of_call(project, project.strategies[name])
            if state == "called" and name in project.strategies
            else None,
        }
        for state, records in (("called", held.called), ("braked", held.braked))
        for name, one in sorted(records.items())
    ]
    return Response(msgspec.json.encode({"brakes": brakes}), media_type="application/json")
