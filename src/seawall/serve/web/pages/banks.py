"""Banks of hashes: what is in them, what it takes, what changed last, and whether a hash is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from seawall.policy.checks.hash_banks import banks_named
from seawall.serve.asked import waiting
from seawall.serve.banks import named
from seawall.serve.controls import BANK
from seawall.signals.bank import HASH_KINDS
from seawall.signals.bank.change import hash_bytes
from seawall.store.entry import Control
from seawall.store.tables import CONTROLS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection
    from starlette.responses import Response

    from seawall.policy.model import HashBank as Declared
    from seawall.serve.live import Live
    from seawall.serve.web.visit import Visit
    from seawall.signals.bank import Found, HashBank
    from seawall.signals.bank.change import Head

SHOWN = 20
"""Changes, and hits of a look-up, that are listed."""


class Line(NamedTuple):
    """One bank.

    Attributes:
        declared: its file, in the version in force.
        held: what is in it; None: nothing ever was.
        readers: signals that read it.
    """

    declared: Declared
    held: HashBank | None
    readers: tuple[str, ...]


class Changed(NamedTuple):
    """One change that is in force.

    Attributes:
        control: the record in the journal.
        digest: of its file.
        head: its first line; None where the file is gone.
    """

    control: Control
    digest: str
    head: Head | None


def draw_all(visit: Visit) -> Response:
    """The list."""
    live = visit.live
    return visit.page(
        "banks.html",
        title="Banks",
        lines=[_line(live, each) for each in live.project.hash_banks.values()],
        waits=len(waiting(live.store.ledger, kind=BANK)),
    )


def draw(visit: Visit) -> Response:
    """One bank, and the hash that was asked for."""
    live, name = visit.live, visit.params["bank"]
    declared = live.project.hash_banks.get(name)
    if declared is None:
        visit.missing(
            "such bank", "The version in force declares none of that name; the page Banks lists them."
        )
    line = _line(live, declared)
    text = visit.query.get("hash", "").strip()
    found, wrong = _look(live, line, text) if text else (None, "")
    with live.store.ledger.read() as connection:
        changes = _changes(live, connection, name)
    return visit.page(
        "bank.html",
        title=name,
        line=line,
        counts=sorted(line.held.counts().items(), key=lambda one: -one[1]) if line.held else [],
        changes=changes,
        waits=sum(named(control).bank == name for _, control in waiting(live.store.ledger, kind=BANK)),
        asked=text,
        found=found,
        wrong=wrong,
        shown=SHOWN,
        digits=2 * HASH_KINDS[declared.hash].bytes,
    )


def _line(live: Live, declared: Declared) -> Line:
    readers = tuple(
        spec.name
        for spec in live.project.signals.values()
        if declared.name in banks_named(spec.options.get("bank", ""))
    )
    return Line(declared, live.banks.bank(declared.name), readers)


def _look(live: Live, line: Line, text: str) -> tuple[Found | None, str]:
    """What is near, or what is wrong with the question."""
    try:
        raw = hash_bytes(text.lower(), HASH_KINDS[line.declared.hash])
    except ValueError as error:
        return None, str(error)
    if line.held is None:
        return None, "nothing was ever put into this bank"
    [found] = line.held.look(
        [raw], within=line.declared.within, now=live.clock.now(), matches=line.declared.matches
    )
    return found, ""


def _changes(live: Live, connection: Connection, name: str) -> Sequence[Changed]:
    """The newest first."""
    of_bank = select(CONTROLS).where(CONTROLS.c.kind == BANK, CONTROLS.c.target.startswith(f"{name}@"))
    rows = connection.execute(of_bank.order_by(CONTROLS.c.at.desc(), CONTROLS.c.sequence.desc()).limit(SHOWN))
    found: list[Changed] = []
    for row in rows:
        control = Control(kind=row.kind, target=row.target, by=row.by, reason=row.reason, at=row.at)
        digest = named(control).digest
        found.append(Changed(control, digest, live.banks.head(name, digest)))
    return found
