"""The words of drop-in endpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seawall.core.errors import SeawallError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seawall.core.decision import Reading


class ProtocolError(SeawallError):
    """A request that the protocol does not allow, or this project has no answer to.

    Attributes:
        status: of the HTTP answer.
        kind: what the protocol calls it: OpenAI's `code`, Perspective's `errorType`.
        place: which part of the request.
        details: further members that the protocol has for errors of this kind.
    """

    code = "usage"

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str | None = None,
        place: str | None = None,
        details: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind
        self.place = place
        self.details = details or {}


class Ask(NamedTuple):
    """A text or image to be scored.

    Attributes:
        text: as it came; of an image, its address.
        signals: names of those that are wanted.
        language: ISO 639-1, as the caller says; None: it is to be told from the text.
        assume: language of a text that is too short to tell, and of an image; None: it has none.
        image: it is one.
    """

    text: str
    signals: tuple[str, ...]
    language: str | None = None
    assume: str | None = None
    image: bool = False


class Scored(NamedTuple):
    """What signals said of one text.

    Attributes:
        language: of the text, as given or told; None where it cannot be told.
        readings: by signal: a value, or why there is none.
    """

    language: str | None
    readings: Mapping[str, Reading]
