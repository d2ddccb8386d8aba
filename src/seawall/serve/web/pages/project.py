"""The project: what is in force, what lies in the folder, and every release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.core.errors import ProjectError
from seawall.policy.read import load_project
from seawall.serve.drafts import changed_files
from seawall.signals import KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.responses import Response

    from seawall.core.diagnostic import Diagnostic
    from seawall.serve.web.visit import Visit

_NOTE = 500


def draw(visit: Visit) -> Response:
    """The page."""
    return _page(visit)


def release(visit: Visit) -> Response:
    """Put what lies in the folder in force, if it checks."""
    live = visit.live
    try:
        live.releases.release(live.root, by=visit.name, note=visit.form.get("note", "")[:_NOTE])
    except ProjectError as error:
        said = "Nothing was released: the project in the folder does not check. What was in force still is."
        return _page(visit, status=422, said=said, diagnostics=error.diagnostics)
    return visit.see("/project")


def _page(
    visit: Visit,
    *,
    status: int = 200,
    said: str | None = None,
    diagnostics: Sequence[Diagnostic] | None = None,
) -> Response:
    live = visit.live
    changed = changed_files(live.root, live.project)
    if diagnostics is None:
        diagnostics = load_project(live.root, kinds=KINDS)[1] if changed else ()
    return visit.page(
        "project.html",
        title="Project",
        status=status,
        project=live.project,
        in_force=live.release,
        releases=live.releases.all(),
        changed=changed,
        diagnostics=list(diagnostics),
        said=said or (f"The newest release was refused: {live.refused}" if live.refused else None),
        asked=visit.query.get("version", ""),
    )
