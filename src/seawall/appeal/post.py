"""Words to people leave as signed messages to the platform, through the outbox that effects leave by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from seawall.act.effects import GIVE_UP_S
from seawall.act.facts import Key, digest
from seawall.act.repo import insert_new
from seawall.act.tables import OUTBOX
from seawall.appeal.link import claim_in
from seawall.core.action import WORLDWIDE
from seawall.core.clock import MICROS_PER_SECOND
from seawall.core.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from seawall.act.destination import Destination
    from seawall.appeal.link import Links

NOTICE, REPORT = "notice", "report"
"""What a message is about; a destination that lists `axes` gets it if one of them has this name."""


class Post:
    """Who is written to, and how links are made."""

    def __init__(self, destinations: Sequence[Destination] = (), links: Links | None = None) -> None:
        """Take the receivers.

        Args:
            destinations: the same that effects are sent to.
            links: None where the platform appeals for people by API: then a notice carries no link.
        """
        self._destinations = tuple(destinations)
        self.links = links

    def put(
        self, connection: Connection, kind: str, id_: str, document: Mapping[str, Any], *, at: int
    ) -> None:
        """Let a message wait to be delivered; the same one a second time changes nothing.

        Args:
            connection: a transaction that may write.
            kind: `NOTICE` or `REPORT`; a receiver tells messages apart by it, an effect has none.
            id_: of what is said, unique in its kind.
            document: the rest of the message.
            at: microseconds.
        """
        key = Key(kind, id_, kind, WORLDWIDE)
        told = {"kind": kind, "key": f"{kind}/{id_}", "version": 1, **document}
        for one in self._destinations:
            if one.wants(key):
                message = digest("message", one.name, key.id, "1")
                row = {
                    "message_id": message,
                    "destination": one.name,
                    "key": key.id,
                    "version": 1,
                    "body": _body({"message_id": message, **told}),
                    "state": "waiting",
                    "attempts": 0,
                    "next_attempt": at,
                    "give_up_at": at + GIVE_UP_S * MICROS_PER_SECOND,
                    "created": at,
                }
                insert_new(connection, OUTBOX, [row])

    def complete(self, body: str) -> str:
        """A message with its link, as it is signed and sent; the link itself is never kept.

        A link whose key was withdrawn meanwhile stays out: the rest still has to be said.
        """
        document: dict[str, Any] = msgspec.json.decode(body)
        claim = claim_in(document.get("link"))
        if claim is None:
            return body
        return _body({**document, "link": self._url(claim)})

    def _url(self, claim: str) -> str | None:
        try:
            return self.links.url(claim) if self.links else None
        except NotFound:
            return None


def _body(document: Mapping[str, Any]) -> str:
    return msgspec.json.encode(document).decode()
