"""Samples that stay the same: a text always falls into the same bucket of the same salt."""

from __future__ import annotations

from hashlib import md5
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def bucket(salt: str, count: int) -> Callable[[str | None], int | None]:
    """Which of `count` buckets a text falls into, from 0 on: the first 60 bits of a hash, modulo `count`.

    MD5 is no secret here; it is what every back end has. Another salt draws another sample.

    Raises:
        ValueError: there is no bucket.

    >>> bucket("trial", 100)("u1"), bucket("other", 100)("u1"), bucket("trial", 100)(None)
    (23, 10, None)
    """
    if count < 1:
        msg = "there must be at least one bucket"
        raise ValueError(msg)
    begun = md5(f"{salt}:".encode(), usedforsecurity=False)

    def place(text: str | None) -> int | None:
        if text is None:
            return None
        whole = begun.copy()
        whole.update(text.encode())
        return (int.from_bytes(whole.digest()[:8], "big") >> 4) % count

    return place
