"""Something that happened on the platform and must be judged."""

from __future__ import annotations

import msgspec

from seawall.core.types import Value

ENVELOPE = ("id", "type", "ts", "market", "locale", "language", "tz", "source", "available_in", "parties")
"""Names every event may carry beside the fields of its type; no field may bear one of them."""


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One event that fits its type.

    Attributes:
        id: unique per source.
        type: the event type that its project declares.
        ts: when it happened, microseconds since 1970, UTC.
        fields: every declared field of the type, in the type's order; absent nullable ones are None.
        market: ISO 3166 alpha-2 of the jurisdiction it was posted in.
        locale: BCP 47 tag of the person's interface.
        language: ISO 639-1 of the content, where the platform knows it.
        tz: IANA time zone of the person.
        source: which upstream system sent it.
        available_in: markets where the subject can be seen; empty means everywhere.
        parties: account id by role (host, guest, commenter, gifter, target, reporter).
        digest: SHA-256 in hexadecimal of the canonical form, so that a repeated id can be compared.
    """

    id: str
    type: str
    ts: int
    fields: dict[str, Value]
    market: str | None = None
    locale: str | None = None
    language: str | None = None
    tz: str | None = None
    source: str | None = None
    available_in: tuple[str, ...] = ()
    parties: dict[str, str] = {}
    digest: str = ""
