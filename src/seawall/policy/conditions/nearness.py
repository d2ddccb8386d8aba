"""Hashes within a Hamming distance of the hashes of a bank: exact, and quick by an index of 16-bit pieces."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from seawall.policy.model import Bank

_PIECE = 16  # bits
_FEW = 2_000  # hashes that are compared one by one faster than looked up
_FLIPS = np.array([0, *(1 << bit for bit in range(_PIECE))], np.int64)


class Nearness:
    """Hashes of one length, in hexadecimal.

    Two hashes of n pieces that differ in d bits share a piece that differs in at most d // n of them
    (Norouzi, Punjani and Fleet, Fast search in Hamming space with multi-index hashing, 2012). While that is
    0 or 1, the candidates of every piece are looked up and compared; beyond it every hash is.
    """

    def __init__(self, hashes: Sequence[str]) -> None:
        raw = [bytes.fromhex(each) for each in dict.fromkeys(hashes)]
        self.bytes = len(raw[0]) if raw else 0
        padded = -(-self.bytes // 8) * 8
        self._words = np.frombuffer(b"".join(each.ljust(padded, b"\0") for each in raw), np.uint64).reshape(
            len(raw), padded // 8
        )
        self._pieces = self.bytes * 8 // _PIECE if self.bytes * 8 % _PIECE == 0 else 0
        self._order: list[NDArray[np.int32]] = []
        self._starts = np.zeros((self._pieces, (1 << _PIECE) + 1), np.int32)
        if len(raw) > _FEW and self._pieces:
            self._index(np.frombuffer(b"".join(raw), np.uint16).reshape(len(raw), self._pieces))

    def _index(self, pieces: NDArray[np.uint16]) -> None:
        for place in range(self._pieces):
            column = pieces[:, place]
            self._order.append(np.argsort(column, kind="stable").astype(np.int32))
            counts = np.bincount(column, minlength=1 << _PIECE)
            np.cumsum(counts, out=self._starts[place, 1:])

    def within(self, distance: int) -> Callable[[str | None], bool | None]:
        """A test whether a hash differs in at most so many bits; NULL for what is none of that length."""

        @lru_cache(maxsize=1_024)  # a picture is posted again and again
        def near(text: str | None) -> bool | None:
            raw = self._raw(text)
            if raw is None:
                return None
            words = np.frombuffer(raw.ljust(self._words.shape[1] * 8, b"\0"), np.uint64)
            rows = self._candidates(raw, distance)
            known = self._words if rows is None else self._words[rows]
            apart = np.bitwise_count(known ^ words).sum(axis=1, dtype=np.int64)
            return bool((apart <= distance).any())

        return near

    def _raw(self, text: str | None) -> bytes | None:
        if text is None or not self.bytes or len(text) != 2 * self.bytes:
            return None
        try:
            raw = bytes.fromhex(text)
        except ValueError:
            return None
        return raw if len(raw) == self.bytes else None

    def _candidates(self, raw: bytes, distance: int) -> NDArray[np.int32] | None:
        """Rows that may be near, or None where it takes all of them."""
        if not self._order or distance >= 2 * self._pieces:
            return None
        pieces = np.frombuffer(raw, np.uint16).astype(np.int64)
        flips = _FLIPS if distance >= self._pieces else _FLIPS[:1]
        found: list[NDArray[np.int32]] = []
        for place, order in enumerate(self._order):
            probes = pieces[place] ^ flips
            starts, ends = self._starts[place, probes], self._starts[place, probes + 1]
            found.extend(order[start:end] for start, end in zip(starts, ends, strict=True) if start < end)
        return np.concatenate(found) if found else np.zeros(0, np.int32)


def nearness_of(bank: Bank) -> Nearness:
    """The index of a bank of hashes, built once."""
    return _built(bank.version, bank.entries)


@lru_cache(maxsize=16)
def _built(_: str, entries: tuple[str, ...]) -> Nearness:
    return Nearness(entries)
