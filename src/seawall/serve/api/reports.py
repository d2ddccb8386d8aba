"""`POST /v1/reports`: somebody on the platform reports something."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field

from seawall.appeal.catalogue import catalogue
from seawall.appeal.model import Reporter
from seawall.appeal.reports import REASON_LIMIT, take_report
from seawall.core.clock import parse_time
from seawall.policy.model import Project
from seawall.serve.api.access import Require, live_of
from seawall.serve.api.said import Asked, Body, Words, problems
from seawall.serve.auth.roles import Scope
from seawall.serve.live import Live
from seawall.serve.milestones import take_clusters
from seawall.serve.subjects import reported_version

ROUTER = APIRouter(tags=["reports"])

_Id = Annotated[Words, Field(min_length=1, max_length=300)]
_Market = Annotated[str, Field(pattern="^[A-Z]{2}$", description="ISO 3166 alpha-2.")]
_Language = Annotated[Words, Field(max_length=20)]


class ReporterSent(Asked):
    """Who reports. What is left out cannot speak for their independence."""

    id: _Id
    device: _Id | None = Field(None, description="Kept as a digest.")
    account_created: str | None = Field(None, max_length=40, description="RFC 3339.")
    locale: Annotated[Words, Field(max_length=35)] | None = Field(
        None, description="BCP 47; the language in which they learn the outcome."
    )


class SubjectSent(Asked):
    """What is reported."""

    surface: Annotated[Words, Field(min_length=1, max_length=60)] = Field(
        description="`account`, or a surface of the project."
    )
    id: _Id
    content_version: Annotated[Words, Field(max_length=64)] | None = Field(
        None, description="As the decision has it; the newest version that was decided if left out."
    )


class ReportSent(Asked):
    """One person's flag."""

    reporter: ReporterSent
    subject: SubjectSent
    reason: Annotated[Words, Field(min_length=1, max_length=REASON_LIMIT)] = Field(
        description="A word of your list."
    )
    clause: Annotated[Words, Field(max_length=200)] = Field(
        "", description="`policy/id#clause`, if you ask it."
    )
    market: _Market | None = None
    language: _Language | None = None
    actor: _Id | None = Field(None, description="Who answers for the subject.")


class ReportDocument(BaseModel):
    """A report as it is kept."""

    report_id: str
    outcome: str | None = Field(description="`acted` or `not_acted` once a person has decided; null before.")
    text: str = Field(description="To show to the reporter, in their language.")


_BODY = Body(ReportSent)


@ROUTER.post(
    "/v1/reports",
    summary="Report something",
    response_model=ReportDocument,
    dependencies=[Depends(Require(Scope.REPORTS_WRITE))],
    openapi_extra=_BODY.described(),
    responses={**problems()},
)
def post_report(
    sent: Annotated[ReportSent, Depends(_BODY)], live: Annotated[Live, Depends(live_of)]
) -> Response:
    """A report is a reason to look, never to act. A repeat of the same reporter changes nothing."""
    project = live.project
    _known_surface(sent.subject.surface, project)
    reporter = Reporter(
        id=sent.reporter.id,
        device=sent.reporter.device,
        account_created=_time(sent.reporter.account_created),
        locale=sent.reporter.locale,
    )
    reported = reported_version(live, sent.subject.surface, sent.subject.id, sent.subject.content_version)
    with live.store.ledger.begin() as connection:
        report = take_report(
            connection,
            reporter,
            reported,
            reason=sent.reason,
            clause=sent.clause,
            project=project,
            now=live.clock.now(),
            market=sent.market,
            language=sent.language,
            actor=sent.actor,
        )
        take_clusters(connection, reported, project, now=live.clock.now())
    outcome = report.outcome and report.outcome.value
    document = {
        "report_id": report.report_id,
        "outcome": outcome,
        "text": catalogue(report.locale).say(f"report.{outcome or 'received'}"),
    }
    return Response(msgspec.json.encode(document), media_type="application/json")


def _known_surface(surface: str, project: Project) -> None:
    known = sorted({"account", *(kind.surface for kind in project.events.values())})
    if surface not in known:
        raise _misfit("subject.surface", f"no surface {surface!r} here; there are {', '.join(known)}")


def _time(text: str | None) -> int | None:
    if text is None:
        return None
    try:
        return parse_time(text)
    except ValueError as error:
        raise _misfit("reporter.account_created", f"{error}; write it as 2026-11-22T09:30:00Z") from None


def _misfit(field: str, said: str) -> RequestValidationError:
    return RequestValidationError([{"loc": tuple(field.split(".")), "msg": said, "type": "value_error"}])
