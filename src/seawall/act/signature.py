"""How a receiver knows that a message is ours and fresh: HMAC-SHA256 over the time and the body."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

HEADER = "Seawall-Signature"
TOLERANCE_S = 300
"""A receiver should refuse a signature older, or further ahead, than this many seconds."""


def sign(body: bytes, secrets: Sequence[str], *, at_s: int) -> str:
    """The value of the header: the time and one signature for each secret.

    Args:
        body: exactly as it is sent.
        secrets: one, or several while they are being changed.
        at_s: the time of sending, whole seconds since 1970.

    >>> sign(b"{}", ["s"], at_s=1).split("=")[:2]
    ['t', '1,v1']
    """
    return ",".join([f"t={at_s}", *(f"v1={_mac(body, secret, at_s)}" for secret in secrets)])


def verify(
    header: str, body: bytes, secrets: Sequence[str], *, now_s: int, tolerance_s: int = TOLERANCE_S
) -> bool:
    """Whether a header signs this body, with any of the secrets, not long ago.

    >>> verify(sign(b"{}", ["new", "old"], at_s=1), b"{}", ["old"], now_s=2)
    True
    >>> verify(sign(b"{}", ["new"], at_s=1), b"{ }", ["new"], now_s=2)
    False
    """
    pairs = [part.partition("=") for part in header.split(",")]
    times = [value for name, _, value in pairs if name == "t"]
    if len(times) != 1 or not (times[0].isascii() and times[0].isdigit()) or len(times[0]) > 12:
        return False
    at_s = int(times[0])
    given = [value.encode() for name, _, value in pairs if name == "v1"]
    fits = [
        hmac.compare_digest(one, _mac(body, secret, at_s).encode()) for one in given for secret in secrets
    ]
    return any(fits) and abs(now_s - at_s) <= tolerance_s


def _mac(body: bytes, secret: str, at_s: int) -> str:
    return hmac.new(secret.encode(), f"{at_s}.".encode() + body, hashlib.sha256).hexdigest()
