"""Passwords: argon2id at rest, and the same work whether the account exists or not."""

from __future__ import annotations

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from seawall.core.errors import UsageError

MIN_LENGTH = 12
MAX_LENGTH = 1024
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # no letters that look like another


def hash_password(password: str) -> str:
    """The form a password is kept in.

    Raises:
        UsageError: shorter than 12 characters, or absurdly long.
    """
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise UsageError(
            f"a password has {MIN_LENGTH} to {MAX_LENGTH} characters, not {len(password)}",
            hint="three or four unrelated words are easy to remember and hard to guess",
        )
    return PasswordHasher().hash(password)


def verify_password(stored: str | None, password: str) -> bool:
    """Whether a password is the one that was hashed. With `stored` None it is never, after as much work."""
    try:
        PasswordHasher().verify(stored or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def generate_password() -> str:
    """A password of 100 bits in five groups, easy to copy by hand."""
    letters = [secrets.choice(_ALPHABET) for _ in range(20)]
    return "-".join("".join(letters[at : at + 4]) for at in range(0, 20, 4))


@cache
def _nobody() -> str:
    return PasswordHasher().hash(secrets.token_hex(16))
