"""What a page of the console is: its address, who may see it, and what draws it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.responses import Response

    from seawall.serve.auth.roles import Permission
    from seawall.serve.web.visit import Visit

SESSION_COOKIE = "seawall_session"
"""Carries the token of who is signed in."""


class Page(NamedTuple):
    """One route of the console. `permission` None: open to whoever reaches the server."""

    method: str
    path: str
    permission: Permission | None
    draw: Callable[[Visit], Response]
