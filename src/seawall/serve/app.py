"""The ASGI application: the HTTP API, the console and its files, behind one set of headers."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

import structlog
from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from seawall import __version__
from seawall.serve.api import (
    appeals,
    brakes,
    comments,
    decisions,
    effects,
    events,
    moderations,
    operations,
    problems,
    reports,
    subjects,
    views,
)
from seawall.serve.person.pages import ROUTES as PERSON_ROUTES
from seawall.serve.web.gate import guarded
from seawall.serve.web.headers import SecurityHeaders
from seawall.serve.web.render import ASSETS
from seawall.serve.web.routes import ROUTES

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from seawall.serve.live import Live

ROUTERS = (
    events.ROUTER,
    decisions.ROUTER,
    subjects.ROUTER,
    effects.ROUTER,
    appeals.ROUTER,
    reports.ROUTER,
    brakes.ROUTER,
    views.ROUTER,
    moderations.ROUTER,
    comments.ROUTER,
    operations.ROUTER,
)
_YEAR = "public, max-age=31536000, immutable"  # the address changes with the file


class _Assets(StaticFiles):
    def file_response(self, *args: object, **kwargs: object) -> Response:
        response = super().file_response(*args, **kwargs)  # pyright: ignore[reportArgumentType]
        response.headers["Cache-Control"] = _YEAR
        return response


class _Outermost:
    """Answers what nobody foresaw with one sentence, counts and times every request."""

    def __init__(self, app: ASGIApp, live: Live) -> None:
        self._app = app
        self._live = live
        self._log = structlog.get_logger("seawall.http")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = perf_counter()
        status = 0

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:  # noqa: BLE001  the outermost door
            self._live.metrics.errors.labels("http").inc()
            self._log.error("fault", path=_route_of(scope), error=repr(error), exc_info=error)
            if not status:
                await _unforeseen(scope)(scope, receive, watched)
        finally:
            took = self._live.metrics.request_seconds.labels(_route_of(scope), str(status))
            took.observe(perf_counter() - began)


def _route_of(scope: Scope) -> str:
    """The path as the table has it: one of a person's page holds a secret."""
    return getattr(scope.get("route"), "path", "other")


def _unforeseen(scope: Scope) -> Response:
    said = "Something went wrong inside Seawall; the server's log says what."
    if "text/html" in Headers(scope=scope).get("accept", ""):
        return PlainTextResponse(
            f"{said} Go back and try again; if it stays, tell whoever runs the server.", 500
        )
    return problems.problem("internal", said)


def make_app(live: Live) -> ASGIApp:
    """Everything the process answers."""
    app = FastAPI(
        title="Seawall",
        version=__version__,
        summary="Content safety: written policies in, explained decisions out.",
        docs_url=None,  # drawn from our own files by the console's /docs
        redoc_url=None,
    )
    app.state.live = live
    problems.install(app)
    for router in ROUTERS:
        app.include_router(router)
    for page in ROUTES:
        app.router.routes.append(
            Route(page.path, guarded(page), methods=[page.method], name=f"{page.method} {page.path}")
        )
    app.router.routes.extend(PERSON_ROUTES)
    app.router.routes.append(Mount("/assets", _Assets(directory=ASSETS, check_dir=False), name="assets"))
    return SecurityHeaders(_Outermost(app, live), secure=live.secure)
