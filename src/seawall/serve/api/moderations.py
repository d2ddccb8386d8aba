"""`POST /v1/moderations`, as clients of OpenAI's moderation endpoint call it."""

import asyncio
import secrets
from collections.abc import Iterator
from itertools import repeat
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from seawall.core.clock import format_time
from seawall.core.decision import Decision
from seawall.core.errors import SeawallError
from seawall.policy.kinds.endpoint import MODERATIONS
from seawall.policy.model import Endpoint, Project
from seawall.serve.api.access import Require, live_of
from seawall.serve.api.body import read_body
from seawall.serve.api.forms import answering, openai_error
from seawall.serve.auth.model import Caller
from seawall.serve.auth.roles import Scope
from seawall.serve.dropin.model import ProtocolError
from seawall.serve.dropin.moderations import (
    Moderation,
    answer_of,
    asks_of,
    events_of,
    image_asks_of,
    read_moderation,
    unserved,
)
from seawall.serve.judge import Incoming
from seawall.serve.live import Live

UNSERVED = "Seawall-Unserved"
MANY = 64
"""Above so many texts an answer is written by another thread, so that it holds up nobody else."""

_ID_BYTES = 12


class ModerationResult(BaseModel, extra="allow"):
    """What one input scores."""

    flagged: bool
    categories: dict[str, bool]
    category_scores: dict[str, float] = Field(description="From 0 to 1.")
    category_applied_input_types: dict[str, list[str]] = Field(
        description="`[]` for a category that was not scored: its 0 means nothing."
    )
    seawall: dict[str, Any] = Field(description="Language, what was not scored and why, clauses, decisions.")


class ModerationAnswer(BaseModel):
    """The answer, with a result for each input."""

    id: str
    model: str = Field(description="The version of the project that answered.")
    results: list[ModerationResult]
    seawall: dict[str, Any] = Field(description="`unserved`: categories that nothing stands behind.")


class OpenAiError(BaseModel):
    """An error as OpenAI's clients read it."""

    error: dict[str, Any]


_TEXT = {"type": "string"}
_PART = {"type": "object", "properties": {"type": {"const": "text"}, "text": _TEXT}}
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["input"],
                    "properties": {
                        "model": _TEXT,
                        "input": {
                            "anyOf": [
                                _TEXT,
                                {"type": "array", "items": _TEXT},
                                {"type": "array", "items": _PART},
                            ]
                        },
                    },
                },
                "example": {"input": "what a lovely day"},
            }
        },
    }
}

ROUTER = APIRouter(tags=["drop-in: OpenAI moderation"], route_class=answering(openai_error))


@ROUTER.post(
    "/v1/moderations",
    summary="Score texts as OpenAI's moderation endpoint does",
    response_model=ModerationAnswer,
    openapi_extra=_BODY,
    responses={status: {"model": OpenAiError} for status in (400, 401, 403, 404, 413, 429, 503)},
)
async def post_moderations(
    request: Request,
    live: Annotated[Live, Depends(live_of)],
    caller: Annotated[Caller, Depends(Require(Scope.TEXTS_SCORE))],
) -> Response:
    """Score texts by what `endpoints/moderations.yml` names. Nothing is kept, unless it names an event."""
    project = live.project
    endpoint = endpoint_of(project, MODERATIONS)
    raw = await read_body(request, limit=live.settings.max_body_bytes)
    asked = read_moderation(raw, endpoint, most=live.settings.max_batch)
    scoring = live.texts.submit(asks_of(asked, endpoint), caller=caller.name)
    named = image_asks_of(asked, endpoint)
    looking = live.texts.submit(named, caller=caller.name) if named else None
    decisions = await _decide(live, project, endpoint, asked)
    scored = await asyncio.wrap_future(scoring)
    images = await asyncio.wrap_future(looking) if looking is not None else []

    def answer() -> bytes:
        id_ = f"modr-{secrets.token_hex(_ID_BYTES)}"
        return msgspec.json.encode(
            answer_of(
                *(asked, scored, endpoint),
                version=project.version,
                id_=id_,
                images=images,
                decisions=decisions,
            )
        )

    body = answer() if len(scored) <= MANY else await run_in_threadpool(answer)
    headers = {UNSERVED: ", ".join(unserved(endpoint))} if unserved(endpoint) else {}
    return Response(body, headers=headers, media_type="application/json")


def endpoint_of(project: Project, name: str) -> Endpoint:
    """What the project in force says of an endpoint.

    Raises:
        ProtocolError: nothing.
    """
    endpoint = project.endpoints.get(name)
    if endpoint is None:
        message = (
            f"The project {project.name!r} does not answer {name}: it has no endpoints/{name}.yml in force."
        )
        raise ProtocolError(message, status=404, kind="not_found")
    return endpoint


async def _decide(live: Live, project: Project, endpoint: Endpoint, asked: Moderation) -> list[Decision]:
    """What strategies decide on each text, where the project has them asked; durable."""
    if endpoint.event is None:
        return []
    events = events_of(
        asked,
        endpoint,
        subject=project.events[endpoint.event.type].subject,
        ids=_ids(),
        ts=format_time(live.clock.now()),
    )
    answers = await asyncio.wrap_future(live.submit([Incoming(event) for event in events]))
    decided: list[Decision] = []
    for answer in answers:
        if isinstance(answer, SeawallError):
            raise answer
        decided.append(answer)
    return decided


def _ids() -> Iterator[str]:
    return (f"modr-{secrets.token_hex(_ID_BYTES)}" for _ in repeat(None))
