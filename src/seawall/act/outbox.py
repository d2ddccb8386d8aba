"""What operator and platform may do with messages: look, send again, say that an effect failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.act import repo_outbox
from seawall.act.repo_holding import key_with_id
from seawall.core.errors import Conflict, NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from seawall.act.destination import Destination
    from seawall.act.effects import Effects
    from seawall.act.repo_outbox import Message

_REASON_LENGTH = 500


def require_message(connection: Connection, message_id: str) -> Message:
    """One message.

    Raises:
        NotFound: there is none with this id.
    """
    found = repo_outbox.find_message(connection, message_id)
    if found is None:
        raise NotFound(f"no message {message_id!r} in the outbox", hint="`seawall outbox list` shows them")
    return found


def send_again(
    connection: Connection,
    message_id: str,
    effects: Effects,
    destinations: Sequence[Destination],
    *,
    at: int,
) -> str:
    """Tell a destination the state of a message's key as it is now; gives the id of the new message.

    It has a new version. The old message is not repeated: what it said may be out of date, and a receiver
    that kept its version would pass over it.

    Raises:
        NotFound: there is no such message.
        Conflict: its destination is not in the operator's list any more.
    """
    message = require_message(connection, message_id)
    to = next((each for each in destinations if each.name == message.destination), None)
    key = key_with_id(connection, message.key)
    if to is not None and key is None:  # words to somebody are no state: they are said once more as they are
        repo_outbox.requeue(connection, message_id, at=at)
        return message_id
    if to is None or key is None:
        raise Conflict(
            f"destination {message.destination!r} is not declared any more",
            hint="declare it again in the list of destinations, or leave the message where it is",
        )
    return effects.send_state(connection, key, to, at=at)


def effect_failed(connection: Connection, message_id: str, *, reason: str, at: int) -> Message:
    """The platform took a message and could not bring the effect about. Saying so twice is saying it once.

    The message is kept as `failed` with the reason, until it is sent again or a newer state takes its place.

    Args:
        connection: in a transaction that may write.
        message_id: as the platform received it.
        reason: in the platform's words; cut after 500 characters.
        at: the time, microseconds.

    Raises:
        NotFound: there is no such message.
    """
    require_message(connection, message_id)
    repo_outbox.mark_failed(connection, message_id, reason=reason[:_REASON_LENGTH], at=at)
    return require_message(connection, message_id)
