"""`POST /v1/events`: one event or many, decided before the answer or durable in the inbox."""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from seawall.core.decision import Decision, as_document
from seawall.core.errors import Conflict, EventError
from seawall.serve.api.access import Require, live_of
from seawall.serve.api.body import Body, Fault, parse_body, read_body
from seawall.serve.api.problems import MEDIA_TYPE, Problem, problem, problem_of
from seawall.serve.api.shapes import EVENT_BODY, Batch, DecisionDocument, Receipts
from seawall.serve.auth.model import Caller
from seawall.serve.auth.roles import Scope
from seawall.serve.judge import Answer, Incoming
from seawall.serve.live import Live

LARGE = 64 * 1024
"""Bodies above this many bytes are read by another thread, so that they hold up nobody else."""

ROUTER = APIRouter(tags=["events"])
_PROBLEM: dict[str, Any] = {"model": Problem, "content": {MEDIA_TYPE: {}}}


@ROUTER.post(
    "/v1/events",
    summary="Send one event or many",
    response_model=DecisionDocument | Batch,
    openapi_extra={"requestBody": EVENT_BODY},
    responses={
        202: {"model": Receipts, "description": "Durable in the inbox; decided soon."},
        207: {"model": Batch, "description": "Some were decided, others refused; `errors` says which."},
        400: _PROBLEM,
        401: _PROBLEM,
        403: _PROBLEM,
        409: {**_PROBLEM, "description": "The id was seen before with another content."},
        413: _PROBLEM,
        415: _PROBLEM,
        422: {**_PROBLEM, "description": "None of the events fits its type."},
        429: {**_PROBLEM, "description": "No room now; nothing was taken. Come again after `Retry-After`."},
        503: _PROBLEM,
    },
)
async def post_events(
    request: Request,
    live: Annotated[Live, Depends(live_of)],
    caller: Annotated[Caller, Depends(Require(Scope.EVENTS_WRITE))],
    mode: Annotated[
        Literal["decided", "accepted"],
        Query(description="`accepted` answers 202 once events are durable, as does `Prefer: respond-async`."),
    ] = "decided",
) -> Response:
    """Decide events. Each decision in the answer is durable.

    One object gets its decision, or a problem. A list, or lines of NDJSON, gets `decisions` and `errors`
    with the position of each: 200 when all were decided, 207 when some were refused, 409 or 422 when all
    were. What was refused lies in the dead letters. The same event again gets its stored decision again.
    """
    raw = await read_body(request, limit=live.settings.max_body_bytes)
    kind = request.headers.get("content-type", "")
    if len(raw) > LARGE:
        body = await run_in_threadpool(parse_body, raw, kind, max_items=live.settings.max_batch)
    else:
        body = parse_body(raw, kind, max_items=live.settings.max_batch)
    if mode == "accepted" or "respond-async" in request.headers.get("prefer", ""):
        return await run_in_threadpool(_accept, live, body, caller)
    incoming = [_incoming(item) for item in body.items]
    answers = await asyncio.wrap_future(live.submit(incoming))
    return _one(answers[0]) if body.single else _many(incoming, answers)


def _accept(live: Live, body: Body, caller: Caller) -> Response:
    live.store.room()
    raws = [item.raw if isinstance(item, Fault) else msgspec.json.encode(item) for item in body.items]
    receipts = live.store.accept(raws, via=caller.name)
    document = {
        "accepted": len(receipts),
        "receipts": [
            {"index": index, "event_id": _event_id(item), "receipt": str(receipt)}
            for index, (item, receipt) in enumerate(zip(body.items, receipts, strict=True))
        ],
    }
    headers = {"Preference-Applied": "respond-async"}
    return Response(msgspec.json.encode(document), 202, headers, "application/json")


def _incoming(item: object) -> Incoming:
    return Incoming(None, fault=item.detail, raw=item.raw) if isinstance(item, Fault) else Incoming(item)


def _one(answer: Answer) -> Response:
    if isinstance(answer, Decision):
        return _json(as_document(answer))
    return problem_of(answer)


def _many(incoming: Sequence[Incoming], answers: Sequence[Answer]) -> Response:
    errors = [
        _refusal(index, one, answer)
        for index, (one, answer) in enumerate(zip(incoming, answers, strict=True))
        if isinstance(answer, EventError | Conflict)
    ]
    if len(errors) == len(answers):
        codes = {str(error["code"]) for error in errors}
        code = codes.pop() if len(codes) == 1 else "event"
        return problem(code, f"all {len(errors):,} events were refused; `errors` says why", errors=errors)
    document = {
        "decided": len(answers) - len(errors),
        "refused": len(errors),
        "decisions": [as_document(one) if isinstance(one, Decision) else None for one in answers],
        "errors": errors,
    }
    return _json(document, 207 if errors else 200)


def _refusal(index: int, one: Incoming, answer: EventError | Conflict) -> dict[str, object]:
    return {
        "index": index,
        "event_id": _event_id(one.data),
        "code": "malformed" if one.fault is not None else answer.code,
        "field": answer.field if isinstance(answer, EventError) else "id",
        "detail": answer.message,
        "hint": answer.hint,
    }


def _event_id(item: object) -> str | None:
    name: object = item.get("id") if isinstance(item, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return name if isinstance(name, str) else None


def _json(document: object, status: int = 200) -> Response:
    return Response(msgspec.json.encode(document), status, media_type="application/json")
