"""Stands before every page: who is it, may they, and did the form come from us."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote

from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse

from seawall.core.errors import SeawallError
from seawall.serve.api.body import read_body
from seawall.serve.api.problems import STATUS, DoorError
from seawall.serve.auth.roles import words_of
from seawall.serve.auth.tokens import same
from seawall.serve.web.page import SESSION_COOKIE
from seawall.serve.web.render import built
from seawall.serve.web.visit import Refused, Visit

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from seawall.serve.auth.model import Person
    from seawall.serve.live import Live
    from seawall.serve.web.page import Page

MAX_FORM_BYTES = 2 * 2**20
_MAX_FIELDS = 200
_SAFE = frozenset({"GET", "HEAD"})
_UNBUILT = (
    "The console's scripts and styles are not built yet. Run `make assets` (or scripts/build_assets.py) "
    "and load this page again. The HTTP API works without them."
)


def guarded(page: Page) -> Callable[[Request], Awaitable[Response]]:
    """The page behind the gate, as an ASGI endpoint."""

    async def endpoint(request: Request) -> Response:
        if not built():
            return HTMLResponse(_UNBUILT, 503)
        live: Live = request.app.state.live
        token = request.cookies.get(SESSION_COOKIE, "")
        person = await run_in_threadpool(live.users.person, token) if token else None
        visit = _visit(request, live, person, {})
        try:
            return await _pass(page, request, visit)
        except Refused as refused:
            return refuse(visit, refused)
        except DoorError as error:
            return refuse(visit, Refused(STATUS.get(error.door_code, 400), "Not taken", str(error)))
        except SeawallError as error:
            return refuse(visit, Refused(STATUS.get(error.code, 500), "That did not work", str(error)))

    return endpoint


async def _pass(page: Page, request: Request, visit: Visit) -> Response:
    if page.permission is not None and visit.person is None:
        if request.method not in _SAFE:
            raise Refused(403, "Signed out", "Your session is over. Sign in and do it again.")
        wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/sign-in?next={quote(wanted)}", 303)
    if page.permission is not None and not visit.may(page.permission):
        raise Refused(
            403,
            "Not for your role",
            f"This page is for {words_of(page.permission)}. Whoever runs the server can change your role.",
        )
    if request.method not in _SAFE:
        _from_us(request)
        form = await _form(request)
        visit = visit._replace(form=form)
        if visit.person is not None and not _token_holds(request, visit.person, form):
            raise Refused(
                403, "Form too old", "This form was not made for your session. Load the page again."
            )
    return await run_in_threadpool(page.draw, visit)


def refuse(visit: Visit, refused: Refused) -> Response:
    """Say why not, in the frame of the console if someone is signed in."""
    if visit.person is None:
        return HTMLResponse(refused.said, refused.status)
    mend = {"path": "/", "label": "To Today"}
    return visit.page(
        "sentence.html", title=refused.title, status=refused.status, said=refused.said, mend=mend
    )


def _visit(request: Request, live: Live, person: Person | None, form: dict[str, str]) -> Visit:
    return Visit(
        live=live,
        person=person,
        path=request.url.path,
        params={name: str(value) for name, value in request.path_params.items()},
        query=dict(request.query_params),
        form=form,
        nonce=request.state.nonce,
        address=request.client.host if request.client else "",
        headers=request.headers,
        cookies=request.cookies,
    )


def _from_us(request: Request) -> None:
    """Browsers say where a form comes from; one that comes from elsewhere is not read."""
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin")
    here = f"{request.url.scheme}://{request.headers.get('host', '')}"
    behind_tls = here.replace("http://", "https://", 1)
    if site not in {"same-origin", "none"} or (origin is not None and origin not in {here, behind_tls}):
        raise Refused(403, "From elsewhere", "This form was sent from another site, so it was not read.")


def _token_holds(request: Request, person: Person, form: dict[str, str]) -> bool:
    shown = form.get("form_token") or request.headers.get("x-csrf-token", "")
    return same(shown, person.form_token)


async def _form(request: Request) -> dict[str, str]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if kind not in {"", "application/x-www-form-urlencoded"}:
        raise Refused(415, "Not a form", "This address takes a form of the console.")
    raw = await read_body(request, limit=MAX_FORM_BYTES)
    try:
        fields = parse_qsl(raw.decode(), keep_blank_values=True, max_num_fields=_MAX_FIELDS, errors="strict")
    except ValueError:
        raise Refused(400, "Not a form", "The form could not be read. Load the page again.") from None
    return dict(fields)
