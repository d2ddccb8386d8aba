"""Sweeps: what was judged again, how far each is, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.serve.sweep.model import DONE, STOPPED
from seawall.serve.sweep.repo import sweeps

if TYPE_CHECKING:
    from starlette.responses import Response

    from seawall.serve.web.visit import Visit


def draw(visit: Visit) -> Response:
    """The page, the newest first."""
    with visit.live.store.ledger.read() as connection:
        rows = sweeps(connection)
    return visit.page(
        "sweeps.html",
        title="Sweeps",
        open=[row for row in rows if row.state not in {DONE, STOPPED}],
        rows=[row for row in rows if row.state in {DONE, STOPPED}],
    )
