"""One request to the console as a page sees it, and the answers a page can give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from starlette.responses import HTMLResponse, RedirectResponse

from seawall.serve.auth.roles import Permission
from seawall.serve.web.nav import menu
from seawall.serve.web.render import TEMPLATES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.responses import Response

    from seawall.serve.auth.model import Person
    from seawall.serve.live import Live
    from seawall.store import Control


class Refused(Exception):
    """A page that says in a sentence why not, and what to do next."""

    def __init__(self, status: int, title: str, said: str) -> None:
        super().__init__(said)
        self.status = status
        self.title = title
        self.said = said


class Visit(NamedTuple):
    """Who asks for what.

    Attributes:
        live: the process.
        person: who is signed in; None only on the sign-in page and what needs no account.
        path: without the query.
        params: named parts of the path.
        query: of the address.
        form: of a posted form; empty otherwise.
        nonce: that styles must bear on this page.
        address: where the request comes from.
        headers: of the request.
        cookies: of the request.
    """

    live: Live
    person: Person | None
    path: str
    params: Mapping[str, str]
    query: Mapping[str, str]
    form: Mapping[str, str]
    nonce: str
    address: str
    headers: Mapping[str, str]
    cookies: Mapping[str, str]

    @property
    def name(self) -> str:
        """Who did it, for the audit chain."""
        return self.person.name if self.person else "nobody"

    def may(self, permission: Permission) -> bool:
        """Whether the person may do something: pages leave out what cannot be done."""
        return self.person is not None and self.person.may(permission)

    def page(self, template: str, *, title: str, status: int = 200, **context: Any) -> Response:
        """Draw a page."""
        here = "/" + self.path.split("/")[1]
        links = menu(self.person) if self.person else []
        html = TEMPLATES.get_template(template).render(
            visit=self, title=title, nav=links, here=here, called=self.called(), **context
        )
        return HTMLResponse(html, status)

    def called(self) -> list[tuple[str, Control]]:
        """Severe strategies to which people are called; everybody who may answer sees it on every page."""
        if self.person is None or not self.person.may(Permission.PAUSE_STRATEGIES):
            return []
        return sorted(self.live.held.called.items())

    def see(self, path: str) -> Response:
        """After a change, look at the page that shows it."""
        return RedirectResponse(path, 303)

    def missing(self, what: str, hint: str) -> NoReturn:
        """What was named does not exist."""
        raise Refused(404, f"No {what}", hint)
