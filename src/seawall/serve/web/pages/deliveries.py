"""Deliveries: what is on its way to the platform, how the platform answers, and what did not arrive."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from seawall.act.breaker import Flow, flow
from seawall.act.deliver import circuit_of
from seawall.act.outbox import require_message, send_again
from seawall.act.repo_outbox import (
    DEAD,
    FAILED,
    STATES,
    WAITING,
    count_messages,
    list_messages,
    still_waiting,
)
from seawall.core.errors import NotFound, SeawallError
from seawall.serve.auth.roles import Permission
from seawall.serve.web.visit import Refused
from seawall.store.audit import append

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection
    from starlette.responses import Response

    from seawall.act.breaker import Circuit
    from seawall.act.repo_outbox import Message
    from seawall.serve.web.visit import Visit

SHOWN = 100
TOGETHER = 1_000
"""Messages that one press sends again."""
UNWELL = "unwell"
"""Not a state of a message: whatever is dead or failed, or waits after an attempt."""


class Line(NamedTuple):
    """One destination.

    Attributes:
        name: as destinations.yml has it.
        url: where messages go; empty if the file names it no more.
        counts: messages by state.
        flow: what its circuit lets through.
        circuit: failures in a row, and until when it is left alone.
        oldest: when the oldest message that still waits was made, microseconds.
        error: what went wrong last with one that waits.
    """

    name: str
    url: str
    counts: dict[str, int]
    flow: Flow
    circuit: Circuit
    oldest: int | None
    error: str

    @property
    def well(self) -> bool:
        """Nothing waits after a failure, and nothing was given up."""
        return self.flow is Flow.CLOSED and not self.error and not self.lost

    @property
    def lost(self) -> int:
        """Messages that will not arrive by themselves."""
        return self.counts.get(DEAD, 0) + self.counts.get(FAILED, 0)


def draw(visit: Visit) -> Response:
    """Every destination with how it is, and the messages of one state."""
    wanted = visit.query.get("state", UNWELL)
    state = wanted if wanted in {*STATES, UNWELL} else UNWELL
    destination = visit.query.get("destination") or None
    with visit.live.store.ledger.read() as connection:
        lines = _lines(visit, connection)
        messages = _messages(connection, state, destination)
    return visit.page(
        "deliveries.html",
        title="Deliveries",
        lines=lines,
        messages=messages,
        bodies={one.message_id: _body(one) for one in messages},
        state=state,
        states=(UNWELL, *STATES),
        destination=destination,
        shown=SHOWN,
        lost=sum(line.lost for line in lines),
        may_send=visit.may(Permission.SEND_AGAIN),
        now=visit.live.clock.now(),
    )


def draw_one(visit: Visit) -> Response:
    """One message: how it stands, what went wrong last, what it says."""
    with visit.live.store.ledger.read() as connection:
        message = _message(visit, connection)
    body = _body(message)
    hidden = () if visit.may(Permission.REVEAL_CONTENT) else ("title", "text")
    return visit.page(
        "delivery.html",
        title=f"Message {message.message_id[:8]}",
        message=message,
        body={name: value for name, value in body.items() if name not in {*hidden, "link"}},
        hidden=[name for name in hidden if name in body],
        may_send=visit.may(Permission.SEND_AGAIN),
        lost=message.state in {DEAD, FAILED},
    )


def send(visit: Visit) -> Response:
    """Send one again: what holds now, not what held then."""
    with visit.live.store.ledger.begin() as connection:
        message = _message(visit, connection)
        _send(visit, connection, message)
    return visit.see("/deliveries")


def send_all(visit: Visit) -> Response:
    """Send everything again that was given up or failed at one destination."""
    name = visit.form.get("destination", "")
    with visit.live.store.ledger.begin() as connection:
        for state in (DEAD, FAILED):
            for message in list_messages(connection, state=state, destination=name, limit=TOGETHER):
                _send(visit, connection, message)
    return visit.see("/deliveries")


def unwell(visit: Visit) -> list[Line]:
    """The destinations that do not answer as they should."""
    with visit.live.store.ledger.read() as connection:
        return [line for line in _lines(visit, connection) if not line.well]


def _send(visit: Visit, connection: Connection, message: Message) -> None:
    live = visit.live
    now = live.clock.now()
    try:
        send_again(connection, message.message_id, live.outgoing.effects, live.outgoing.destinations, at=now)
    except SeawallError as error:
        raise Refused(409, "It cannot be sent", f"{error.message}. {error.hint or ''}") from None
    append(connection, at=now, by=visit.name, act="outbox.retry", target=message.message_id)


def _lines(visit: Visit, connection: Connection) -> list[Line]:
    counted: dict[str, dict[str, int]] = {each.name: {} for each in visit.live.outgoing.destinations}
    for (name, state), count in count_messages(connection).items():
        counted.setdefault(name, {})[state] = count
    addresses = {each.name: each.url for each in visit.live.outgoing.destinations}
    now = visit.live.clock.now()
    lines: list[Line] = []
    for name, counts in sorted(counted.items()):
        circuit = circuit_of(connection, name, lock=False)
        oldest, error = still_waiting(connection, name) if counts.get(WAITING) else (None, "")
        lines.append(Line(name, addresses.get(name, ""), counts, flow(circuit, now), circuit, oldest, error))
    return lines


def _messages(connection: Connection, state: str, destination: str | None) -> Sequence[Message]:
    if state != UNWELL:
        return list_messages(connection, state=state, destination=destination, limit=SHOWN)
    found = [
        one
        for each in (DEAD, FAILED, WAITING)
        for one in list_messages(connection, state=each, destination=destination, limit=SHOWN)
        if each != WAITING or one.last_error
    ]
    return found[:SHOWN]


def _message(visit: Visit, connection: Connection) -> Message:
    try:
        return require_message(connection, visit.params["message_id"])
    except NotFound:
        visit.missing("such message", "No message has this id. The list shows those there are.")


def _body(message: Message) -> dict[str, object]:
    return msgspec.json.decode(message.body, type=dict[str, object])
