"""`GET /v1/subjects/{surface}/{id}`: what holds for an item or an account, why, and what was lifted."""

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import BaseModel, Field

from seawall.act import repo as facts
from seawall.act.facts import Fall, Ground, Shield
from seawall.act.holding import bars, stand
from seawall.act.message import Told
from seawall.act.repo_holding import told_target
from seawall.act.standing import Standing, standing_of
from seawall.core.clock import format_time
from seawall.core.errors import NotFound
from seawall.serve.api.access import Require, live_of
from seawall.serve.api.said import problems
from seawall.serve.auth.roles import Scope
from seawall.serve.live import Live

ACCOUNT = "account"
MOST = 1_000

ROUTER = APIRouter(tags=["subjects"])


class SubjectDocument(BaseModel):
    """An item or account as it stands now, and how that came about."""

    surface: str = Field(description="`account`, or the surface of an item.")
    id: str
    at: str = Field(description="When this was true, RFC 3339 in UTC.")
    holds: list[dict[str, Any]] = Field(description="What holds now, by axis and territory.")
    standing: dict[str, Any] | None = Field(description="Of an account: its strikes and their points.")
    grounds: list[dict[str, Any]] = Field(
        description="What decisions asked for, the newest first; whether it `stands`, or why it was `lifted`."
    )
    shields: list[dict[str, Any]] = Field(description="Versions that a person found not to break a clause.")
    more: int = Field(description="Older grounds that are left out.")


@ROUTER.get(
    "/v1/subjects/{surface}/{subject_id:path}",
    summary="What holds for an item or an account, and why",
    response_model=SubjectDocument,
    dependencies=[Depends(Require(Scope.DECISIONS_READ))],
    responses={**problems(404)},
)
def get_subject(
    surface: Annotated[str, Path(max_length=60, description="`account`, or the surface of an item.")],
    subject_id: Annotated[str, Path(description="Yours; as it stands in events.")],
    live: Annotated[Live, Depends(live_of)],
    limit: Annotated[int, Query(ge=1, le=MOST, description="Grounds at most.")] = 100,
) -> Response:
    """Everything is computed from the facts at this moment; nothing in it names the people who reviewed."""
    now = live.clock.now()
    with live.store.ledger.read() as connection:
        found = facts.of_target(connection, surface, subject_id)
        told = told_target(connection, surface, subject_id)
    if not found.grounds and not told:
        raise NotFound(
            f"nothing was ever done to {surface[:60]} {subject_id[:64]!r}",
            hint="`GET /v1/decisions?subject=` lists what was decided about it",
        )
    counts = {ground.id for ground in stand(found.grounds, found.falls, found.shields, now)}
    ordered = sorted(found.grounds, key=lambda ground: (-ground.starts, ground.id))
    standing = (
        standing_of(subject_id, found.grounds, found.falls, found.shields, now)
        if surface == ACCOUNT
        else None
    )
    document = {
        "surface": surface,
        "id": subject_id,
        "at": format_time(now),
        "holds": [_held(one) for one in told if one.action is not None],
        "standing": standing and _standing(standing),
        "grounds": [_ground(one, found.falls, found.shields, one.id in counts) for one in ordered[:limit]],
        "shields": [_shield(one) for one in sorted(found.shields, key=lambda one: (-one.at, one.id))],
        "more": max(0, len(ordered) - limit),
    }
    return Response(msgspec.json.encode(document), media_type="application/json")


def _held(told: Told) -> dict[str, object]:
    return {
        "key": str(told.key),
        "axis": told.key.axis,
        "territory": told.key.territory,
        "action": told.action,
        "version": told.version,
        "since": format_time(told.since),
        "until": _time(told.until),
        "clauses": [msgspec.structs.asdict(clause) for clause in told.clauses],
        "decision_id": told.decision_id,
    }


def _standing(standing: Standing) -> dict[str, object]:
    return {
        "points": standing.points,
        "strikes": [
            {
                "clause": strike.ground.clause,
                "weight": strike.weight,
                "since": format_time(strike.ground.starts),
                "until": _time(strike.expires),
                "decision_id": strike.ground.decision_id,
            }
            for strike in standing.strikes
        ],
    }


def _ground(
    ground: Ground,
    falls: tuple[Fall, ...],
    shields: tuple[Shield, ...],
    stands: bool,  # noqa: FBT001
) -> dict[str, object]:
    lifted = [
        {"reason": fall.reason, "fact_id": fall.fact_id, "at": format_time(fall.at)}
        for fall in falls
        if fall.ground_id == ground.id
    ]
    lifted += [
        {"reason": "shield", "fact_id": shield.fact_id, "at": format_time(shield.at)}
        for shield in shields
        if bars(shield, ground)
    ]
    return {
        "ground_id": ground.id,
        "axis": ground.key.axis,
        "territory": ground.key.territory,
        "action": ground.action,
        "strategy": ground.strategy,
        "clause": ground.clause,
        "severity": ground.severity,
        "ground": ground.ground,
        "machine": ground.machine,
        "decision_id": ground.decision_id,
        "event_id": ground.event_id,
        "subject": ground.subject
        and {
            "surface": ground.subject.surface,
            "id": ground.subject.id,
            "content_version": ground.subject.content_version,
        },
        "starts": format_time(ground.starts),
        "ends": _time(ground.ends),
        "stands": stands,
        "lifted": lifted,
    }


def _shield(shield: Shield) -> dict[str, object]:
    return {
        "surface": shield.subject.surface,
        "id": shield.subject.id,
        "content_version": shield.subject.content_version,
        "clause": shield.clause,
        "fact_id": shield.fact_id,
        "at": format_time(shield.at),
    }


def _time(micros: int | None) -> str | None:
    return None if micros is None else format_time(micros)
