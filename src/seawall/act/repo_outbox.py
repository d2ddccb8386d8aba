"""Messages on their way: claimed by one deliverer at a time, settled once, kept when they failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import func, select, update

from seawall.act.repo import chunks
from seawall.act.tables import OUTBOX

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, RowMapping

WAITING, SENT, SUPERSEDED, DEAD, FAILED = "waiting", "sent", "superseded", "dead", "failed"
STATES = (WAITING, SENT, SUPERSEDED, DEAD, FAILED)
"""`dead`: given up or refused; `failed`: taken, but the platform said later that it did not come about."""


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the outbox; see `tables.OUTBOX`."""

    message_id: str
    destination: str
    key: str
    version: int
    body: str
    state: str
    attempts: int
    next_attempt: int
    give_up_at: int
    last_error: str | None
    created: int
    settled: int | None


def claim(
    connection: Connection, destination: str, *, at: int, lease_until: int, limit: int
) -> list[Message]:
    """Take messages that are due, the longest waiting first; nobody else gets them until the lease ends.

    A deliverer that dies lets its lease lapse, and the message is sent again.
    """
    due = (
        select(OUTBOX.c.message_id)
        .where(OUTBOX.c.destination == destination, OUTBOX.c.state == WAITING, OUTBOX.c.next_attempt <= at)
        .order_by(OUTBOX.c.next_attempt)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = list(connection.scalars(due))
    taken = (
        update(OUTBOX)
        .where(OUTBOX.c.message_id.in_(ids))
        .values(next_attempt=lease_until, attempts=OUTBOX.c.attempts + 1)
        .returning(OUTBOX)
    )
    return [_message(row) for row in connection.execute(taken).mappings()] if ids else []


def settle(connection: Connection, message_id: str, *, state: str, at: int, error: str | None = None) -> None:
    """A message left `waiting`; one that was superseded meanwhile stays so."""
    waiting = update(OUTBOX).where(OUTBOX.c.message_id == message_id, OUTBOX.c.state == WAITING)
    connection.execute(waiting.values(state=state, settled=at, last_error=error))


def postpone(connection: Connection, message_id: str, *, until: int, error: str) -> None:
    """An attempt failed and another will be made."""
    waiting = update(OUTBOX).where(OUTBOX.c.message_id == message_id, OUTBOX.c.state == WAITING)
    connection.execute(waiting.values(next_attempt=until, last_error=error))


def requeue(connection: Connection, message_id: str, *, at: int) -> None:
    """What died or failed is tried again as it is, for as long as it was to be tried at first."""
    lost = update(OUTBOX).where(OUTBOX.c.message_id == message_id, OUTBOX.c.state.in_((DEAD, FAILED)))
    patience = OUTBOX.c.give_up_at - OUTBOX.c.created
    again = {"state": WAITING, "next_attempt": at, "give_up_at": at + patience, "settled": None}
    connection.execute(lost.values(again))


def supersede(
    connection: Connection, key_ids: Sequence[str], destination: str | None = None, *, at: int
) -> None:
    """What waits, died or failed tells an older state of its key; the newer message says it all."""
    for chunk in chunks(key_ids):
        old = update(OUTBOX).where(OUTBOX.c.key.in_(chunk), OUTBOX.c.state.in_((WAITING, DEAD, FAILED)))
        if destination is not None:
            old = old.where(OUTBOX.c.destination == destination)
        connection.execute(old.values(state=SUPERSEDED, settled=at))


def find_message(connection: Connection, message_id: str) -> Message | None:
    """One message."""
    row = connection.execute(select(OUTBOX).where(OUTBOX.c.message_id == message_id)).mappings().first()
    return _message(row) if row else None


def list_messages(
    connection: Connection, *, state: str | None = None, destination: str | None = None, limit: int = 100
) -> list[Message]:
    """Messages, the newest first."""
    wanted = select(OUTBOX).order_by(OUTBOX.c.created.desc(), OUTBOX.c.message_id).limit(limit)
    if state is not None:
        wanted = wanted.where(OUTBOX.c.state == state)
    if destination is not None:
        wanted = wanted.where(OUTBOX.c.destination == destination)
    return [_message(row) for row in connection.execute(wanted).mappings()]


def count_messages(connection: Connection) -> dict[tuple[str, str], int]:
    """How many messages there are by destination and state."""
    by = (OUTBOX.c.destination, OUTBOX.c.state)
    counted = connection.execute(select(*by, func.count()).group_by(*by).order_by(*by))
    return {(destination, state): count for destination, state, count in counted}


def still_waiting(connection: Connection, destination: str) -> tuple[int | None, str]:
    """When the oldest message was made that waits for a destination, and what went wrong last with one."""
    waits = (OUTBOX.c.destination == destination, OUTBOX.c.state == WAITING)
    oldest = connection.scalar(select(func.min(OUTBOX.c.created)).where(*waits))
    tried = (
        select(OUTBOX.c.last_error)
        .where(*waits, OUTBOX.c.last_error.is_not(None))
        .order_by(OUTBOX.c.next_attempt.desc())
        .limit(1)
    )
    return oldest, connection.scalar(tried) or ""


def mark_failed(connection: Connection, message_id: str, *, reason: str, at: int) -> None:
    """The platform says that what it took did not come about."""
    taken = update(OUTBOX).where(
        OUTBOX.c.message_id == message_id, OUTBOX.c.state.in_((WAITING, SENT, FAILED))
    )
    connection.execute(taken.values(state=FAILED, settled=at, last_error=reason))


def _message(row: RowMapping) -> Message:
    return Message(**row)
