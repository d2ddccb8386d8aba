"""What needs a person now, from what is known: nothing here is estimated or invented."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seawall.act.repo_outbox import WAITING
from seawall.act.repo_undo import WAITING as UNANSWERED
from seawall.act.repo_undo import list_undos
from seawall.review.waiting import questions
from seawall.serve.auth.roles import Permission
from seawall.serve.sweep.repo import open_sweeps
from seawall.serve.web.pages.deliveries import unwell
from seawall.serve.web.repo import HOUR_US

if TYPE_CHECKING:
    from seawall.serve.web.pages.deliveries import Line
    from seawall.serve.web.visit import Visit

_DAY_US = 24 * HOUR_US


class Need(NamedTuple):
    """One line: what it is, the sentence, where it is dealt with, since when (microseconds)."""

    kind: str
    said: str
    href: str
    since: int | None


def needs_a_person(visit: Visit) -> list[Need]:
    """Every open matter that the person may see, the oldest first within each kind."""
    needs: list[Need] = []
    live = visit.live
    if visit.may(Permission.SEE_PROJECT):
        if live.refused:
            needs.append(Need("release", f"A release was refused: {live.refused}", "/project", None))
        changed = live.unreleased()
        if changed:
            files = f"{len(changed)} file{'s' if len(changed) > 1 else ''}"
            needs.append(Need("project", f"{files} changed in the folder and not released", "/project", None))
    needs += [
        Need("paused", f"{name} is paused: {one.reason}", f"/strategies/{name}", one.at)
        for name, one in sorted(live.held.paused.items())
    ]
    needs += [
        Need("braked", f"{name} left its budget", f"/strategies/{name}", one.at)
        for name, one in sorted(live.held.braked.items())
    ]
    if visit.may(Permission.PAUSE_STRATEGIES):
        with live.store.ledger.read() as connection:
            waiting = list_undos(connection, state=UNANSWERED)
        needs += [
            Need(
                "undo",
                f"{row.undo.asked_by} asks to take back {row.grounds:,} actions of {row.undo.strategy}",
                f"/undos/{row.undo.id}",
                row.undo.asked_at,
            )
            for row in waiting
        ]
    if visit.may(Permission.SEE_DELIVERIES):
        needs += [_delivery(line) for line in unwell(visit)]
    if visit.may(Permission.SEE_STRATEGIES):
        with live.store.ledger.read() as connection:
            sweeping = open_sweeps(connection)
        needs += [
            Need(
                "sweep",
                f"{row.counts.seen:,} of {row.total:,} events judged again, {row.counts.changed:,} changed",
                "/sweeps",
                row.asked_at,
            )
            for row in sweeping
        ]
    if visit.may(Permission.RULE_QUESTIONS):
        with live.store.ledger.read() as connection:
            asked = questions(connection, ruled=False)
        if asked:
            said = f"{len(asked)} question{'s' if len(asked) > 1 else ''} to policy"
            needs.append(Need("policy", said, "/questions", asked[0].asked_at))
    if visit.may(Permission.SEE_DEAD_LETTERS):
        count, newest = live.store.letters.since(live.clock.now() - _DAY_US)
        if count:
            said = f"{count:,} event{'s' if count > 1 else ''} refused in the last 24 h"
            needs.append(Need("dead letters", said, "/dead-letters", newest))
        for (kind, name), meant in sorted(live.near_misses().items()):
            said = f"{kind} events carry {name!r}, which is ignored; did they mean {meant!r}?"
            needs.append(Need("sender", said, "/dead-letters", None))
    return needs


def _delivery(line: Line) -> Need:
    waits = line.counts.get(WAITING, 0)
    if line.error:
        said = f"{line.name} does not take what it is sent; {waits:,} wait. Last: {line.error}"
    else:
        said = f"{line.lost:,} message{'s' if line.lost > 1 else ''} to {line.name} did not arrive"
    return Need("delivery", said, "/deliveries", line.oldest)
