"""Editing a strategy: its file as text, what `check` says as one types, and its release. Pausing it."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.responses import HTMLResponse

from seawall.core.diagnostic import Severity
from seawall.core.errors import Conflict, ProjectError
from seawall.serve.drafts import check_draft, open_draft, save_draft
from seawall.serve.web.pages.strategies import named
from seawall.serve.web.render import TEMPLATES
from seawall.serve.web.visit import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.responses import Response

    from seawall.core.diagnostic import Diagnostic
    from seawall.policy.model import Strategy
    from seawall.serve.web.visit import Visit

_REASON = 500


def draw(visit: Visit) -> Response:
    """The editor."""
    strategy = named(visit)
    draft = open_draft(visit.live.root, strategy.span.file)
    return _editor(visit, strategy, draft.text, draft.stamp)


def check(visit: Visit) -> Response:
    """The diagnostics of the text so far, as a piece of the page."""
    strategy = named(visit)
    _, diagnostics = check_draft(visit.live.root, strategy.span.file, _text(visit))
    html = TEMPLATES.get_template("diagnostics.html").render(
        diagnostics=_ours_first(diagnostics, strategy.span.file), file=strategy.span.file, said=None
    )
    return HTMLResponse(html)


def release(visit: Visit) -> Response:
    """Save the file and put the project in force, if it checks."""
    strategy = named(visit)
    live = visit.live
    text, stamp = _text(visit), visit.form.get("stamp", "")
    note = visit.form.get("note", "")[:_REASON]
    try:
        save_draft(live.root, strategy.span.file, text, stamp=stamp)
        live.releases.release(live.root, by=visit.name, note=note)
    except ProjectError as error:
        said = "Nothing was saved or released: the project would not check."
        return _editor(visit, strategy, text, stamp, status=422, said=said, diagnostics=error.diagnostics)
    except Conflict as error:
        return _editor(visit, strategy, text, stamp, status=409, said=str(error))
    return visit.see(f"/strategies/{quote(strategy.name)}")


def pause(visit: Visit) -> Response:
    """Stop it from acting."""
    return _control(visit, resume=False)


def resume(visit: Visit) -> Response:
    """Let it act again."""
    return _control(visit, resume=True)


def let_go(visit: Visit) -> Response:
    """Release it from the brake, or answer the call; it counts anew."""
    strategy = named(visit)
    reason = visit.form.get("reason", "").strip()[:_REASON]
    if not reason:
        raise Refused(422, "Why?", "Say in a sentence why it may act again: the record keeps it.")
    with contextlib.suppress(Conflict):  # somebody else was quicker
        visit.live.let_go(strategy.name, by=visit.name, reason=reason)
    return visit.see(f"/strategies/{quote(strategy.name)}")


def _control(visit: Visit, *, resume: bool) -> Response:
    strategy = named(visit)
    reason = visit.form.get("reason", "").strip()[:_REASON] or "no reason given"
    visit.live.pause(strategy.name, by=visit.name, reason=reason, resume=resume)
    return visit.see(f"/strategies/{quote(strategy.name)}")


def _editor(
    visit: Visit,
    strategy: Strategy,
    text: str,
    stamp: str,
    *,
    status: int = 200,
    said: str | None = None,
    diagnostics: Sequence[Diagnostic] | None = None,
) -> Response:
    if diagnostics is None:
        _, diagnostics = check_draft(visit.live.root, strategy.span.file, text)
    return visit.page(
        "edit.html",
        title=f"Edit {strategy.name}",
        status=status,
        strategy=strategy,
        text=text,
        stamp=stamp,
        said=said,
        file=strategy.span.file,
        diagnostics=_ours_first(diagnostics, strategy.span.file),
    )


def _text(visit: Visit) -> str:
    return visit.form.get("text", "").replace("\r\n", "\n")  # a form sends lines as the network does


def _ours_first(diagnostics: Sequence[Diagnostic], file: str) -> list[Diagnostic]:
    return sorted(diagnostics, key=lambda one: (one.span.file != file, one.severity is not Severity.ERROR))
