"""The person's page as two routes: look, and answer. The link is the whole permission, of the form too."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse
from starlette.routing import Route

from seawall.appeal.appeals import EVIDENCE_LIMIT, LINK_LIMIT, TEXT_LIMIT, open_appeal
from seawall.appeal.catalogue import catalogue
from seawall.appeal.link import invalid
from seawall.appeal.locales import LOCALES, choose_locale
from seawall.appeal.notices import notice_by_token
from seawall.core.errors import Conflict, NotFound, UsageError
from seawall.serve.api.body import read_body
from seawall.serve.api.problems import DoorError
from seawall.serve.person.shown import page_words, shown
from seawall.serve.web.render import TEMPLATES

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from seawall.appeal.model import Notice
    from seawall.serve.live import Live

PATH = "/n/{token}"
MAX_BYTES = 128 * 1024
NAMES = {"en": "English", "ms": "Bahasa Melayu", "id": "Bahasa Indonesia", "zh": "中文"}
"""Each language in its own words."""

_FORM = "application/x-www-form-urlencoded"
_STATUS = {"empty": 422, "long": 422, "already": 409, "closed": 409, "slow": 503}


class Answer(NamedTuple):
    """What a person sent, and what is wrong with it: a key of the page's words, or nothing."""

    text: str = ""
    evidence: str = ""
    fault: str = ""


async def look(request: Request) -> Response:
    """The page as it stands now."""
    return await run_in_threadpool(_look, request)


async def answer(request: Request) -> Response:
    """Take the person's answer, and show how far it has come."""
    try:
        raw = await read_body(request, limit=MAX_BYTES)
    except DoorError:
        return await run_in_threadpool(_look, request, Answer(fault="long"), 413)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return await run_in_threadpool(_answer, request, _read(raw) if kind == _FORM else Answer(fault="empty"))


ROUTES = (
    Route(PATH, look, methods=["GET"], name="GET /n"),
    Route(PATH, answer, methods=["POST"], name="POST /n"),
)


def content_security_policy(nonce: str) -> str:
    """Nothing but our own style and our own form: not even a script of ours.

    >>> "script" in content_security_policy("n")
    False
    """
    return (
        f"default-src 'none'; style-src 'nonce-{nonce}'; img-src data:; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    )


def _look(request: Request, sent: Answer = Answer(), status: int = 200) -> Response:  # noqa: B008  it is frozen
    live: Live = request.app.state.live
    try:
        notice = _notice(request, live)
    except NotFound:
        return _gone(request, live)
    asked = request.query_params.get("lang", "")
    locale = asked if asked in LOCALES else notice.locale
    with live.store.ledger.read() as connection:
        view = shown(connection, notice, locale, now=live.clock.now())
    return _page(
        request,
        "person.html",
        status,
        view=view,
        sent=sent,
        thanks=request.query_params.get("sent") == "1" and view.answered is not None,
        fault=view.says.get(sent.fault, "") if sent.fault else "",
        names=NAMES,
        limits={"text": TEXT_LIMIT, "evidence": EVIDENCE_LIMIT * (LINK_LIMIT + 1)},
    )


def _answer(request: Request, sent: Answer) -> Response:
    live: Live = request.app.state.live
    try:
        notice = _notice(request, live)
    except NotFound:
        return _gone(request, live)
    tries = f"appeal:{notice.notice_id}"
    wait_s = live.throttle.wait_s(tries)
    if wait_s:
        response = _look(request, sent._replace(fault="slow"), 429)
        response.headers["Retry-After"] = str(wait_s)
        return response
    fault = sent.fault or _fault(sent)
    if not fault:
        try:
            with live.store.ledger.begin() as connection:
                open_appeal(
                    connection,
                    notice,
                    text=sent.text,
                    evidence=[line for line in sent.evidence.splitlines() if line.strip()],
                    project=live.project,
                    now=live.clock.now(),
                )
        except Conflict:
            fault = "already"
        except UsageError as error:
            fault = _unmet(live, notice, error)
    if fault:
        live.throttle.failed(tries)
        return _look(request, sent._replace(fault=fault), _STATUS[fault])
    lang = request.query_params.get("lang", "")
    more = f"&lang={lang}" if lang in LOCALES else ""
    return _closed(request, RedirectResponse(f"{request.url.path}?sent=1{more}", 303))


def _unmet(live: Live, notice: Notice, error: UsageError) -> str:
    """The time is over, which the page says; else the fault is ours, which an operator has to hear of."""
    if notice.appeal_until is None or live.clock.now() >= notice.appeal_until:
        return "closed"
    live.metrics.errors.labels("appeal").inc()
    structlog.get_logger("seawall.person").error("appeal not taken", error=str(error))
    return "slow"


def _notice(request: Request, live: Live) -> Notice:
    links = live.outgoing.post.links
    if links is None:
        raise invalid()
    with live.store.ledger.read() as connection:
        return notice_by_token(connection, links, request.path_params["token"], now=live.clock.now())


def _gone(request: Request, live: Live) -> Response:
    """A kind sentence, the same whatever is wrong; who keeps guessing has to wait for it."""
    guesses = f"link:{request.client.host if request.client else ''}"
    wait_s = live.throttle.wait_s(guesses)
    if not wait_s:
        live.throttle.failed(guesses)
    wanted = request.query_params.get("lang") or request.headers.get("accept-language", "").split(",")[0]
    says = catalogue(choose_locale(wanted[:35], None, None))
    words = page_words(says)
    said = words["slow"] if wait_s else words["gone"]
    response = _page(
        request,
        "person_gone.html",
        429 if wait_s else 404,
        locale=says.locale,
        title=words["title"],
        said=said,
        then="" if wait_s else words["gone_next"],
    )
    if wait_s:
        response.headers["Retry-After"] = str(wait_s)
    return response


def _read(raw: bytes) -> Answer:
    try:
        fields = dict(parse_qsl(raw.decode(), keep_blank_values=True, max_num_fields=10, errors="strict"))
    except ValueError:
        return Answer(fault="empty")
    return Answer(fields.get("text", ""), fields.get("evidence", ""))


def _fault(sent: Answer) -> str:
    """What keeps an answer from being taken; lines of a form end in two characters, of which one counts."""
    text = sent.text.replace("\r\n", "\n").strip()
    links = [line.strip() for line in sent.evidence.splitlines() if line.strip()]
    if not any(sign.isprintable() and not sign.isspace() for sign in text):
        return "empty"
    if len(text) > TEXT_LIMIT or len(links) > EVIDENCE_LIMIT or any(len(link) > LINK_LIMIT for link in links):
        return "long"
    return ""


def _page(request: Request, template: str, status: int, **context: object) -> Response:
    nonce = request.state.nonce
    html = TEMPLATES.get_template(template).render(nonce=nonce, **context)
    return _closed(request, HTMLResponse(html, status))


def _closed(request: Request, response: Response) -> Response:
    """Whoever has the address has the permission, so it leaves this page for nowhere."""
    response.headers["Content-Security-Policy"] = content_security_policy(request.state.nonce)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response
