"""Content between marks that its author could not know, with a check word that an answer must bring back."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

_MARK = 16  # hexadecimal digits: nobody guesses 64 bits in one text


class Enclosed(NamedTuple):
    """The user's message, and the check word that a model which read our words repeats."""

    message: str
    check: str


def enclose(content: str, *, secret: bytes) -> Enclosed:
    """Put content between two marks derived from it and a secret.

    The same content and secret give the same message, so that an answer can be kept. Who writes the content
    cannot end it early, since that would take the mark; and an answer that was dictated by the content lacks
    the check word, which stands before it. A model that is talked round and answers in good form is not
    caught by this: how often that happens is measured, with `seawall judge --gold`.

    Args:
        content: what is to be judged.
        secret: known to this process alone; at most 64 bytes of it count.

    >>> message, check = enclose("hello", secret=b"s")
    >>> message.count("hello"), check in message, check in "hello"
    (1, True, False)
    """
    mark = _word(content, secret, b"mark")
    check = _word(content, secret, b"check")
    lines = (f"Check word: {check}", f"<<<content {mark}", content, f"content {mark}>>>")
    return Enclosed("\n".join(lines), check)


def _word(content: str, secret: bytes, use: bytes) -> str:
    hashed = hashlib.blake2b(
        content.encode("utf-8", "surrogatepass"), key=secret[:64], person=use, digest_size=_MARK // 2
    )
    return hashed.hexdigest()
