"""Texts as hashed n-grams of words and of characters, many texts at once.

A hash is a polynomial over code points modulo 2^32, mixed by MurmurHash3's finaliser (Appleby, 2011): the
same number in every process, on every platform and for any batch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

_STEP = np.uint32(0x01000193)  # the multiplier of the polynomial; odd, so that it can be inverted modulo 2^32
_BACK = np.uint32(pow(0x01000193, -1, 2**32))
_PAIR = np.uint32(0x9E3779B1)
_SIZES = (2, 3, 4, 5)  # characters of an n-gram
_TEXTS, _CHARACTERS = 256, 32_768  # read at once: what fits into the caches of a core
_SPACE, _ZERO, _NINE = ord(" "), ord("0"), ord("9")


class Grams(NamedTuple):
    """Some n-grams of one group of one batch.

    Attributes:
        hashes: one per n-gram, of shape (n,), 32 bits each.
        first: per text, where its n-grams begin in `hashes`.
        last: per text, the place after its last one.
        word: of the group of words; else of that of characters. Each group has a norm of its own.
    """

    hashes: NDArray[np.uint32]
    first: NDArray[np.intp]
    last: NDArray[np.intp]
    word: bool


def batches(texts: Sequence[str]) -> Iterator[slice]:
    """Neighbouring texts that are read at once."""
    start = size = 0
    for place, text in enumerate(texts):
        if place > start and (place - start >= _TEXTS or size + len(text) > _CHARACTERS):
            yield slice(start, place)
            start, size = place, 0
        size += len(text)
    if start < len(texts):
        yield slice(start, len(texts))


def grams(texts: Sequence[str]) -> Iterator[Grams]:
    """N-grams of plain texts: words, pairs of words, and 2 to 5 characters with a space at both ends.

    Digits are all alike, and a character that is repeated more than twice stands twice.
    """
    points, ends = _code_points(texts)
    starts = np.concatenate((np.zeros(1, np.intp), ends[:-1]))
    yield from _words(points, starts)
    values = points + np.uint32(1)
    rolled, power = values.copy(), _STEP
    for size in range(2, _SIZES[-1] + 1):
        rolled = rolled[:-1] + values[size - 1 :] * power
        power = np.uint32((int(power) * int(_STEP)) & 0xFFFFFFFF)
        last = np.maximum(ends - (size - 1), starts)
        yield Grams(
            _mixed(rolled, size), np.minimum(starts, len(rolled)), np.minimum(last, len(rolled)), word=False
        )


def _words(points: NDArray[np.uint32], starts: NDArray[np.intp]) -> Iterator[Grams]:
    inside = _IN_WORD[points]
    edges = np.flatnonzero(inside[1:] != inside[:-1]) + 1  # every text begins and ends with a space
    begin, end = edges[::2], edges[1::2]
    powers, back = _powers(len(points) + 1)
    sums = np.concatenate(
        (np.zeros(1, np.uint32), np.cumsum((points + np.uint32(1)) * powers[:-1], dtype=np.uint32))
    )
    word = (sums[end] - sums[begin]) * back[begin]
    first = np.searchsorted(begin, starts)
    last = np.append(first[1:], len(begin))
    yield Grams(_mixed(word, 64), first, last, word=True)
    pair = word[:-1] * _PAIR + word[1:] if len(word) else word
    yield Grams(
        _mixed(pair, 65),
        np.minimum(first, len(pair)),
        np.maximum(np.minimum(last - 1, len(pair)), np.minimum(first, len(pair))),
        word=True,
    )


def _code_points(texts: Sequence[str]) -> tuple[NDArray[np.uint32], NDArray[np.intp]]:
    """All texts in a row, each between two spaces, and where each ends."""
    joined = "".join([f" {text} " for text in texts])
    points = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint32)
    ends = np.cumsum(np.fromiter((len(text) + 2 for text in texts), np.intp, len(texts)))
    points[(points >= _ZERO) & (points <= _NINE)] = _ZERO
    thrice = np.zeros(len(points), np.bool_)
    thrice[2:] = (points[2:] == points[1:-1]) & (points[2:] == points[:-2]) & (points[2:] != _SPACE)
    if not thrice.any():
        return points, ends
    return points[~thrice], ends - np.cumsum(thrice)[ends - 1]


def _mixed(hashes: NDArray[np.uint32], seed: int) -> NDArray[np.uint32]:
    mixed = hashes ^ np.uint32(seed * 0x9E3779B1 & 0xFFFFFFFF)
    mixed ^= mixed >> np.uint32(16)
    mixed *= np.uint32(0x85EBCA6B)
    mixed ^= mixed >> np.uint32(13)
    mixed *= np.uint32(0xC2B2AE35)
    mixed ^= mixed >> np.uint32(16)
    return mixed


def _powers(count: int) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    if count <= len(_POWERS[0]):
        return _POWERS[0][:count], _POWERS[1][:count]
    return _power(_STEP, count), _power(_BACK, count)


def _power(of: np.uint32, count: int) -> NDArray[np.uint32]:
    factors = np.full(count, of, np.uint32)
    factors[0] = 1
    return np.multiply.accumulate(factors, dtype=np.uint32)


def _word_table() -> NDArray[np.bool_]:
    """Which code points belong to a word: fixed here, so that no version of Unicode changes a hash."""
    inside = np.ones(0x110000, np.bool_)
    inside[:0x80] = [chr(point).isalnum() or chr(point) in "_'" for point in range(0x80)]
    for first, last in ((0x80, 0xA9), (0xAB, 0xB4), (0xB6, 0xB9), (0xBB, 0xBF), (0xD7, 0xD7), (0xF7, 0xF7),
                        (0x60C, 0x60C), (0x61B, 0x61F), (0x66A, 0x66D), (0x6D4, 0x6D4), (0x2000, 0x206F),
                        (0x3000, 0x303F), (0xFE10, 0xFE1F), (0xFE30, 0xFE6F), (0xFF00, 0xFF0F), (0xFF1A,
                        0xFF20), (0xFF3B, 0xFF40), (0xFF5B, 0xFF65)):  # fmt: skip
        inside[first : last + 1] = False
    inside.flags.writeable = False
    return inside


_IN_WORD = _word_table()
_POWERS = (_power(_STEP, _CHARACTERS + 2 * _TEXTS + 1), _power(_BACK, _CHARACTERS + 2 * _TEXTS + 1))
