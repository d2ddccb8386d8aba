"""Taking back what a strategy asked for: look, ask, and a second person's answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.act.repo_undo import APPLIED, WAITING, find_undo, list_undos
from seawall.act.undo import ALONE, Undo
from seawall.act.undo_strategy import approve, preview, refuse, request
from seawall.core.errors import Conflict, UsageError
from seawall.serve.undone import seal
from seawall.serve.web.pages.strategies import named
from seawall.serve.web.repo import HOUR_US
from seawall.serve.web.visit import Refused
from seawall.serve.web.window import short_time, time_of
from seawall.serve.web.words import with_query

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Connection
    from starlette.responses import Response

    from seawall.act.repo_undo import UndoRow
    from seawall.act.undo_strategy import Change
    from seawall.serve.web.visit import Visit

_DAY_US = 24 * HOUR_US
_REASON = 500


def draw_all(visit: Visit) -> Response:
    """Every undo that was asked for: what waits, then the rest."""
    with visit.live.store.ledger.read() as connection:
        rows = list_undos(connection)
    waiting = [row for row in rows if row.state == WAITING]
    return visit.page(
        "undos.html",
        title="Undos",
        waiting=waiting,
        rows=[row for row in rows if row.state != WAITING],
    )


def draw(visit: Visit) -> Response:
    """One undo, with what it would do now while it waits."""
    return _answered(visit)


def look(visit: Visit) -> Response:
    """What an undo of a strategy would do; changes nothing."""
    strategy = named(visit)
    return _look(visit, strategy.name)


def ask(visit: Visit) -> Response:
    """Undo, or ask for it where a second person has to agree."""
    strategy = named(visit)
    reason = visit.form.get("reason", "").strip()[:_REASON]
    if not reason:
        return _look(visit, strategy.name, said="Say why: whoever reads the record later starts from it.")
    undo = _wanted(visit, strategy.name, visit.form, reason)
    with visit.live.store.ledger.begin() as connection:
        row = request(connection, undo, visit.live.outgoing.effects)
        act = "undo.apply" if row.state == APPLIED else "undo.ask"
        seal(connection, row, by=visit.name, act=act, at=undo.asked_at)
    return visit.see(f"/undos/{undo.id}")


def allow(visit: Visit) -> Response:
    """Agree, as a second person."""
    now = visit.live.clock.now()
    return _answer(
        visit,
        lambda connection: approve(
            connection, visit.params["undo_id"], visit.live.outgoing.effects, by=visit.name, at=now
        ),
        "undo.approve",
    )


def turn_down(visit: Visit) -> Response:
    """Refuse it, or withdraw one's own."""
    now = visit.live.clock.now()
    return _answer(
        visit,
        lambda connection: refuse(connection, visit.params["undo_id"], by=visit.name, at=now),
        "undo.refuse",
    )


def href(change: Change) -> str:
    """The decisions behind a change."""
    key = change.key
    name = "actor" if key.target_kind == "account" else "subject"
    return with_query("/decisions", **{name: key.target_id})


def _look(visit: Visit, strategy: str, *, said: str = "") -> Response:
    source = visit.form or visit.query
    undo = _wanted(visit, strategy, source, "")
    with visit.live.store.ledger.read() as connection:
        seen = preview(connection, undo, at=visit.live.clock.now())
    return visit.page(
        "undo.html",
        title=f"Undo {strategy}",
        status=422 if said else 200,
        said=said,
        strategy=strategy,
        seen=seen,
        since=short_time(undo.since),
        until=short_time(undo.until),
        reason=source.get("reason", ""),
        href=href,
        alone=ALONE,
    )


def _wanted(visit: Visit, strategy: str, given: Mapping[str, str], reason: str) -> Undo:
    """The undo that an address or a form asks for; the day before now unless it says otherwise.

    Raises:
        Refused: its times are none, or run backwards.
    """
    now = visit.live.clock.now()
    until = time_of(given.get("until"), "until") or now
    since = time_of(given.get("since"), "since") or until - _DAY_US
    if since > until:
        raise Refused(400, "No such span", "The undo would end before it begins: since is after until.")
    return Undo(strategy=strategy, since=since, until=until, reason=reason, asked_by=visit.name, asked_at=now)


def _answer(visit: Visit, act: Callable[[Connection], UndoRow], name: str) -> Response:
    try:
        with visit.live.store.ledger.begin() as connection:
            row = act(connection)
            seal(connection, row, by=visit.name, act=name, at=visit.live.clock.now())
    except (Conflict, UsageError) as error:
        return _answered(visit, said=str(error))
    return visit.see(f"/undos/{row.undo.id}")


def _answered(visit: Visit, *, said: str = "") -> Response:
    live = visit.live
    with live.store.ledger.read() as connection:
        row = find_undo(connection, visit.params["undo_id"])
        if row is None:
            visit.missing("such undo", "No undo with this id was asked for. The list shows all there are.")
        seen = preview(connection, row.undo, at=live.clock.now()) if row.state == WAITING else None
    return visit.page(
        "undo_one.html",
        title=f"Undo of {row.undo.strategy}",
        status=409 if said else 200,
        said=said,
        row=row,
        seen=seen,
        own=row.undo.asked_by.casefold() == visit.name.casefold(),
        known=row.undo.strategy in live.project.strategies,
        href=href,
    )
