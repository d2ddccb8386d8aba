"""Dead letters: what could not be taken, why, and the mend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.serve.auth.roles import Permission

if TYPE_CHECKING:
    from starlette.responses import Response

    from seawall.serve.web.visit import Visit

PER_PAGE = 50


def draw(visit: Visit) -> Response:
    """The list, the newest first."""
    live = visit.live
    day = visit.query.get("day") or None
    page = live.store.letters.page(limit=PER_PAGE, cursor=visit.query.get("cursor") or None, day=day)
    shown = visit.query.get("show") == "records" and visit.may(Permission.REVEAL_CONTENT)
    return visit.page(
        "dead_letters.html",
        title="Dead letters",
        letters=page.letters,
        cursor=page.cursor,
        day=day,
        days=live.store.letters.days()[::-1],
        near_misses=sorted(live.near_misses().items()),
        shown=shown,
        may_reveal=visit.may(Permission.REVEAL_CONTENT),
    )
