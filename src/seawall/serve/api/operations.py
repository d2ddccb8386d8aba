"""What an operator's tools ask: is it alive, can it take events, how is it doing."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from seawall import __version__
from seawall.core.errors import Busy
from seawall.serve.api.access import Require, live_of
from seawall.serve.api.problems import Problem
from seawall.serve.auth.roles import Scope
from seawall.serve.live import Live

ROUTER = APIRouter(tags=["operations"])


@ROUTER.get("/healthz", summary="Is the process alive")
def healthz() -> Response:
    """200 while the process answers at all."""
    return Response(
        msgspec.json.encode({"status": "alive", "version": __version__}), media_type="application/json"
    )


@ROUTER.get("/readyz", summary="Can it take events", responses={503: {"model": Problem}})
def readyz(live: Annotated[Live, Depends(live_of)]) -> Response:
    """200 when an event sent now would be taken; 503 says why not."""
    status, said = 200, "ready"
    if not live.ready:
        status, said = 503, "starting or stopping"
    else:
        try:
            live.store.room()
        except Busy as error:
            status, said = 503, error.message
    document = {"status": said, "project_version": live.project.version}
    return Response(msgspec.json.encode(document), status, media_type="application/json")


@ROUTER.get("/metrics", summary="Figures for Prometheus", dependencies=[Depends(Require(Scope.METRICS_READ))])
def metrics(live: Annotated[Live, Depends(live_of)]) -> Response:
    """Counters, histograms and gauges in the text format."""
    return Response(generate_latest(live.metrics.registry), media_type=CONTENT_TYPE_LATEST)
