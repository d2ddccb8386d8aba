"""What is known of a file before anybody decodes it."""

from __future__ import annotations

import msgspec


class Format(msgspec.Struct, frozen=True):
    """What a file is by its first bytes.

    Attributes:
        kind: image, video (which may hold sound alone) or audio.
        mime: as a browser is told.
        container: the one demuxer or image plugin that may read it.
    """

    kind: str
    mime: str
    container: str


class Refusal(msgspec.Struct, frozen=True):
    """Why a file was not looked at.

    Attributes:
        reason: a word of `core.decision.UNREADABLE`, which becomes the reason of a NULL.
        detail: more of it, for whoever runs the server; never content.
    """

    reason: str
    detail: str = ""


class Fetched(msgspec.Struct, frozen=True):
    """A file as it was read: its bytes, what they are, and their SHA-256 in hexadecimal."""

    data: bytes
    format: Format
    sha256: str
