"""Secrets that machines and browsers carry. 256 bits of chance each, so SHA-256 keeps them at rest."""

from __future__ import annotations

import hashlib
import secrets

KEY_PREFIX = "swk_"  # lets a secret scanner recognise one that was committed by mistake


def new_key() -> str:
    """A new API key."""
    return KEY_PREFIX + secrets.token_urlsafe(32)


def new_token() -> str:
    """A new session or form token."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What is kept of a secret.

    >>> digest("a") == digest("a"), digest("a") == digest("b"), len(digest("a"))
    (True, False, 64)
    """
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def same(left: str, right: str) -> bool:
    """Whether two tokens are equal, in a time that does not tell where they differ.

    >>> same("token", "token"), same("token", "toker")
    (True, False)
    """
    return secrets.compare_digest(left.encode("utf-8", "replace"), right.encode("utf-8", "replace"))
