"""`/v1/notices`: what a person was told, and the appeal that a platform passes on for them."""

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Path, Response
from pydantic import BaseModel, Field

from seawall.appeal.appeals import EVIDENCE_LIMIT, LINK_LIMIT, TEXT_LIMIT, appeal_of, open_appeal
from seawall.appeal.model import Appeal, Notice
from seawall.appeal.notices import find_notice
from seawall.core.clock import format_time
from seawall.serve.api.access import Require, live_of
from seawall.serve.api.said import Asked, Body, Words, problems
from seawall.serve.auth.roles import Scope
from seawall.serve.live import Live

ROUTER = APIRouter(tags=["appeals"], dependencies=[Depends(Require(Scope.APPEALS_WRITE))])

_NoticeId = Annotated[
    str, Path(pattern="^[0-9a-f]{32}$", description="Of the message with `kind` notice, as you received it.")
]


class AppealSent(Asked):
    """What a person answers."""

    text: Words = Field(
        min_length=1, max_length=TEXT_LIMIT, description="Why it is wrong, in the person's own words."
    )
    evidence: list[Annotated[Words, Field(max_length=LINK_LIMIT)]] = Field(
        default=[], max_length=EVIDENCE_LIMIT, description="Links that show it."
    )


class NoticeDocument(BaseModel):
    """What a person was told, and how far their appeal has come."""

    notice_id: str
    kind: str = Field(description="`action`, `support`, `outcome` or `restored`.")
    account: str
    subject: dict[str, str] | None
    locale: str
    title: str
    text: str
    clauses: list[str]
    machine: bool = Field(description="No human took part in what it tells of.")
    decision_id: str
    created: str
    appeal_until: str | None = Field(description="Null where there is nothing to appeal.")
    appeal: dict[str, Any] | None = Field(
        description="Its `state` is `received`, `reading` or `decided`; `outcome` once it is decided."
    )


_BODY = Body(AppealSent)


@ROUTER.get(
    "/v1/notices/{notice_id}",
    summary="What a person was told, and how far their appeal has come",
    response_model=NoticeDocument,
    responses={**problems(404)},
)
def get_notice(notice_id: _NoticeId, live: Annotated[Live, Depends(live_of)]) -> Response:
    """To show it in your own pages. The link is not part of it, and neither is who reviews."""
    with live.store.ledger.read() as connection:
        return _told(find_notice(connection, notice_id), appeal_of(connection, notice_id))


@ROUTER.post(
    "/v1/notices/{notice_id}/appeal",
    summary="Pass on a person's appeal",
    response_model=NoticeDocument,
    openapi_extra=_BODY.described(),
    responses={
        **problems(
            404,
            409,
            s400="There is nothing to appeal, or the time is over.",
            s409="There is another already.",
        )
    },
)
def post_appeal(
    notice_id: _NoticeId,
    sent: Annotated[AppealSent, Depends(_BODY)],
    live: Annotated[Live, Depends(live_of)],
) -> Response:
    """It waits for somebody who has not judged the matter. The same appeal sent twice is taken once."""
    with live.store.ledger.begin() as connection:
        notice = find_notice(connection, notice_id)
        appeal = open_appeal(
            connection,
            notice,
            text=sent.text,
            evidence=sent.evidence,
            project=live.project,
            now=live.clock.now(),
        )
    return _told(notice, appeal)


def _told(notice: Notice, appeal: Appeal | None) -> Response:
    document = {
        "notice_id": notice.notice_id,
        "kind": notice.kind.value,
        "account": notice.account,
        "subject": notice.subject and msgspec.structs.asdict(notice.subject),
        "locale": notice.locale,
        "title": notice.title,
        "text": notice.text,
        "clauses": [clause.clause for clause in notice.clauses],
        "machine": notice.machine,
        "decision_id": notice.decision_id,
        "created": format_time(notice.created),
        "appeal_until": _time(notice.appeal_until),
        "appeal": appeal
        and {
            "appeal_id": appeal.appeal_id,
            "state": appeal.state.value,
            "outcome": appeal.outcome and appeal.outcome.value,
            "created": format_time(appeal.created),
            "decided_at": _time(appeal.decided_at),
        },
    }
    return Response(msgspec.json.encode(document), media_type="application/json")


def _time(micros: int | None) -> str | None:
    return None if micros is None else format_time(micros)
