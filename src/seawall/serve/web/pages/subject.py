"""One subject: its versions, what holds, what was decided on each, and what a person found."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from seawall.serve.auth.roles import Permission
from seawall.serve.subjects import NEWEST, history_of, tells_versions

if TYPE_CHECKING:
    from starlette.responses import Response

    from seawall.serve.web.visit import Visit


def draw(visit: Visit) -> Response:
    """The page. Who judged is not on it, and what was judged only for those who do no blind work."""
    surface, subject_id = visit.params["surface"], visit.params["subject_id"]
    history = history_of(visit.live, surface, subject_id)
    if not history.versions:
        visit.missing("such subject", "Nothing was decided on it, and nothing was done to it.")
    return visit.page(
        "subject.html",
        title=f"{surface} {subject_id[:40]}",
        surface=surface,
        subject_id=subject_id,
        versions=history.versions,
        holds=history.holds,
        tells_versions=tells_versions(visit.live.project, surface),
        newest=NEWEST,
        may_see_tasks=visit.may(Permission.SEE_MEASURES),
    )


def address(surface: str, subject_id: str) -> str:
    """Where the page of a subject is.

    >>> address("comment", "c/1")
    '/subjects/comment/c%2F1'
    """
    return f"/subjects/{quote(surface, safe='')}/{quote(subject_id, safe='')}"
