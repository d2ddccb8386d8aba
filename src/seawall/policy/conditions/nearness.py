"""Hashes within a Hamming distance of the hashes of a list: exact, by the index that banks use."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from seawall.core.hamming import as_words, build_segment, search

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seawall.policy.model import Bank

_SHARE = 8  # one bit in so many is as far as people go: 31 of 256, 8 of 64


class Nearness:
    """Hashes of one length, in hexadecimal; a few are compared one by one, many are looked up."""

    def __init__(self, hashes: Sequence[str]) -> None:
        raw = [bytes.fromhex(each) for each in dict.fromkeys(hashes)]
        self.bytes = len(raw[0]) if raw else 0
        words = as_words(b"".join(raw), self.bytes) if raw else np.zeros((0, 1), np.uint64)
        bits = self.bytes * 8
        self._known = build_segment(words, np.arange(len(words)), bits=bits, radius=bits // _SHARE)

    def within(self, distance: int) -> Callable[[str | None], bool | None]:
        """A test whether a hash differs in at most so many bits; NULL for what is none of that length."""

        @lru_cache(maxsize=1_024)  # a picture is posted again and again
        def near(text: str | None) -> bool | None:
            raw = self._raw(text)
            return None if raw is None else self._any(raw, distance)

        return near

    def near_to(self, text: str, distance: int) -> tuple[int, ...]:
        """The places, among the distinct hashes, of those that are that near; none of another length."""
        raw = self._raw(text)
        if raw is None:
            return ()
        return tuple(search(self._known, as_words(raw, self.bytes), distance).row.tolist())

    def _any(self, raw: bytes, distance: int) -> bool:
        return len(search(self._known, as_words(raw, self.bytes), distance).row) > 0

    def _raw(self, text: str | None) -> bytes | None:
        if text is None or not self.bytes or len(text) != 2 * self.bytes:
            return None
        try:
            raw = bytes.fromhex(text)
        except ValueError:
            return None
        return raw if len(raw) == self.bytes else None


def nearness_of(bank: Bank) -> Nearness:
    """The index of a list of hashes, built once."""
    return _built(bank.version, bank.entries)


@lru_cache(maxsize=16)
def _built(_: str, entries: tuple[str, ...]) -> Nearness:
    return Nearness(entries)
