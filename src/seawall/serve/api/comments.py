"""`POST /v1alpha1/comments:analyze` and `:suggestscore`, as clients of the Perspective API call them."""

import asyncio
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Request, Response, Security
from fastapi.security import APIKeyHeader, APIKeyQuery, HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from seawall.policy.kinds.endpoint import COMMENTS
from seawall.review.proposals import Proposal, add_proposals, forget_proposals
from seawall.serve.api.access import live_of
from seawall.serve.api.body import read_body
from seawall.serve.api.forms import answering, google_error
from seawall.serve.api.moderations import endpoint_of
from seawall.serve.api.problems import DoorError
from seawall.serve.auth.model import Caller
from seawall.serve.auth.roles import Scope
from seawall.serve.dropin import comments, suggestions
from seawall.serve.dropin.discovery import discovery_document
from seawall.serve.dropin.model import Ask
from seawall.serve.live import Live

MAX_BYTES = 1024 * 1024
DAY_US = 86_400_000_000

_BEARER = HTTPBearer(auto_error=False, description="An API key, made with `seawall keys create`.")
_QUERY = APIKeyQuery(name="key", auto_error=False, description="The same, as Google's clients send it.")
_HEADER = APIKeyHeader(name="X-Goog-Api-Key", auto_error=False, description="The same, in a header.")


class KeyAnywhere:
    """A dependency that lets a call through if its key covers a scope, wherever Google's clients put it.

    Raises:
        DoorError: `unauthorized` without a key that works, `forbidden` if it does not cover the scope.
    """

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def __call__(
        self,
        live: Annotated[Live, Depends(live_of)],
        header: Annotated[str | None, Security(_HEADER)],
        query: Annotated[str | None, Security(_QUERY)],
        bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)],
    ) -> Caller:
        """The caller."""
        shown = header or query or (bearer.credentials if bearer else None)
        if not shown:
            raise DoorError("unauthorized", "the request is missing a valid API key.")
        caller = live.keys.caller(shown)
        if caller is None:
            raise DoorError("unauthorized", "this API key does not work", hint="make another")
        if not caller.may(self.scope):
            said = f"the key {caller.name!r} does not cover {self.scope.value}"
            raise DoorError("forbidden", said, hint=f"make one with --scope {self.scope.value}")
        return caller


class AnalyzeAnswer(BaseModel):
    """What a comment scores."""

    attributeScores: dict[str, Any]  # noqa: N815  the protocol's own names
    languages: list[str]
    detectedLanguages: list[str]  # noqa: N815
    clientToken: str | None = None  # noqa: N815


class SuggestAnswer(BaseModel):
    """What was taken."""

    clientToken: str | None = None  # noqa: N815
    requestedLanguages: list[str]  # noqa: N815
    detectedLanguages: list[str]  # noqa: N815


class GoogleError(BaseModel):
    """An error as Google's clients read it."""

    error: dict[str, Any]


def _body(example: dict[str, Any]) -> dict[str, Any]:
    """What is sent, for the reference; its whole form is in the discovery document."""
    content: dict[str, Any] = {
        "schema": {"type": "object", "properties": {name: {} for name in example}},
        "example": example,
    }
    return {"requestBody": {"required": True, "content": {"application/json": content}}}


_COMMENT = {"text": "what a lovely day"}
_ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": GoogleError} for status in (400, 403, 404, 413, 429, 503)
}

ROUTER = APIRouter(tags=["drop-in: Perspective"], route_class=answering(google_error))


@ROUTER.post(
    "/v1alpha1/comments:analyze",
    summary="Score a comment as the Perspective API does",
    response_model=AnalyzeAnswer,
    openapi_extra=_body({"comment": _COMMENT, "requestedAttributes": {"TOXICITY": {}}, "languages": ["en"]}),
    responses=_ERRORS,
)
async def analyze(
    request: Request,
    live: Annotated[Live, Depends(live_of)],
    caller: Annotated[Caller, Depends(KeyAnywhere(Scope.TEXTS_SCORE))],
) -> Response:
    """Score a comment by what `endpoints/comments.yml` names. Nothing of it is kept, asked for or not."""
    endpoint = endpoint_of(live.project, COMMENTS)
    asked = comments.read_analyze(await read_body(request, limit=MAX_BYTES), endpoint)
    scored = await asyncio.wrap_future(
        live.texts.submit(comments.asks_of(asked, endpoint), caller=caller.name)
    )
    of_spans = []
    if asked.spans:
        parts = comments.span_asks(asked, scored, endpoint)
        of_spans = await asyncio.wrap_future(live.texts.submit(parts, caller=caller.name))
    return _json(comments.answer_of(asked, scored, of_spans, endpoint))


@ROUTER.post(
    "/v1alpha1/comments:suggestscore",
    summary="Say what a comment should score, as to the Perspective API",
    response_model=SuggestAnswer,
    openapi_extra=_body(
        {"comment": _COMMENT, "attributeScores": {"TOXICITY": {"summaryScore": {"value": 0.0}}}}
    ),
    responses=_ERRORS,
)
async def suggest_score(
    request: Request,
    live: Annotated[Live, Depends(live_of)],
    caller: Annotated[Caller, Depends(KeyAnywhere(Scope.LABELS_SUGGEST))],
) -> Response:
    """Keep each score as a proposal of this key, with its text, for `retention`; with `doNotStore` none."""
    endpoint = endpoint_of(live.project, COMMENTS)
    sent = suggestions.read_suggest(await read_body(request, limit=MAX_BYTES), endpoint)
    made = suggestions.proposals_of(sent, source=caller.name, at=live.clock.now())
    asks = [Ask(sent.comment.text, (), assume=endpoint.assume)]
    [told] = await asyncio.wrap_future(live.texts.submit(asks, caller=caller.name))
    if made:
        await run_in_threadpool(_keep, live, made)
    return _json(suggestions.answer_of(sent, [told.language] if told.language else []))


def _keep(live: Live, made: list[Proposal]) -> None:
    before = live.clock.now() - live.project.retention_days * DAY_US
    with live.store.ledger.begin() as connection:
        forget_proposals(connection, before=before)
        add_proposals(connection, made)


@ROUTER.get("/$discovery/rest", summary="How Google's clients learn what to call")
def discovery(request: Request, live: Annotated[Live, Depends(live_of)]) -> Response:
    """The discovery document of `commentanalyzer` `v1alpha1`, for this address."""
    return _json(discovery_document(live.settings.public_url or str(request.base_url)))


def _json(document: object) -> Response:
    return Response(msgspec.json.encode(document), media_type="application/json")
