"""Signing in and out."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.responses import RedirectResponse

from seawall.serve.auth.tokens import new_token, same
from seawall.serve.web.page import SESSION_COOKIE

if TYPE_CHECKING:
    from starlette.responses import Response

    from seawall.serve.web.visit import Visit

_FORM_COOKIE = "seawall_form"
_FORM_SECONDS = 3600


def show(visit: Visit) -> Response:
    """The form. Who is signed in already goes on."""
    if visit.person is not None:
        return visit.see(_local(visit.query.get("next", "/")))
    return _form(visit, status=200, said=None)


def submit(visit: Visit) -> Response:
    """Look at name and password."""
    if not same(visit.form.get("form_token", "-"), visit.cookies.get(_FORM_COOKIE, "")):
        return _form(visit, status=403, said="The form was too old. Please try again.")
    name = visit.form.get("name", "")[:200]
    throttle = visit.live.throttle
    keys = (f"name:{name.strip().casefold()}", f"address:{visit.address}")
    wait_s = throttle.wait_s(*keys)
    if wait_s:
        return _form(visit, status=429, said=f"Too many attempts. Try again in {wait_s} s.", wait_s=wait_s)
    token = visit.live.users.sign_in(
        name, visit.form.get("password", "")[:2000], user_agent=visit.headers.get("user-agent", "")
    )
    if token is None:
        throttle.failed(*keys)
        return _form(visit, status=401, said="Name and password do not belong together.")
    throttle.succeeded(keys[0])
    response = RedirectResponse(_local(visit.form.get("next", "/")), 303)
    response.delete_cookie(_FORM_COOKIE, path="/sign-in")
    response.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=int(visit.live.settings.session_hours * 3600),
        httponly=True,
        samesite="lax",
        secure=visit.live.secure,
    )
    return response


def out(visit: Visit) -> Response:
    """End the session."""
    visit.live.users.sign_out(visit.cookies.get(SESSION_COOKIE, ""))
    response = visit.see("/sign-in")
    response.delete_cookie(SESSION_COOKIE)
    return response


def _form(visit: Visit, *, status: int, said: str | None, wait_s: int = 0) -> Response:
    token = visit.cookies.get(_FORM_COOKIE) or new_token()
    response = visit.page(
        "sign_in.html",
        title="Sign in",
        status=status,
        said=said,
        form_token=token,
        name=visit.form.get("name", ""),
        next=_local(visit.form.get("next") or visit.query.get("next", "/")),
    )
    response.set_cookie(
        _FORM_COOKIE,
        token,
        max_age=_FORM_SECONDS,
        path="/sign-in",
        httponly=True,
        samesite="lax",
        secure=visit.live.secure,
    )
    if wait_s:
        response.headers["Retry-After"] = str(wait_s)
    return response


def _local(path: str) -> str:
    r"""Only addresses of our own: nobody is sent elsewhere by a link to the sign-in page.

    >>> _local("/decisions?type=comment"), _local("//evil.example"), _local("/\\evil.example")
    ('/decisions?type=comment', '/', '/')
    """
    parts = urlsplit(path)
    own = path.startswith("/") and not parts.scheme and not parts.netloc
    return path if own and "\\" not in path and not path.startswith("//") and path.isprintable() else "/"
