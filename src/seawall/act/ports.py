"""What delivery asks of the network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping


class Answer(msgspec.Struct, frozen=True):
    """What came of one attempt.

    Attributes:
        status: of HTTP; None if nothing was heard.
        error: in words, for the operator; None if all went well.
        retry_after_s: what the receiver asked for.
    """

    status: int | None = None
    error: str | None = None
    retry_after_s: float | None = None


class Sender(Protocol):
    """Posts one message. Safe to use from several threads."""

    def post(self, url: str, body: bytes, headers: Mapping[str, str], *, timeout_s: float) -> Answer:
        """Post a body and say what was heard; a failure is an answer, never an exception."""
        ...
