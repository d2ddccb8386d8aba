"""Short hashes of many texts: BLAKE2b (RFC 7693) to eight bytes and SHA-256 (FIPS 180-4), compiled by numba.

Only compiled code may call these: they count on whole numbers of 64 bits that wrap.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from seawall.core.compiled import Ints, copy, inner, jit, signed, stamp

word: Any = np.uint64
_SIGMA = np.array(
    [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
        [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
        [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
        [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
        [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
        [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
        [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
        [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
        [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
        [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
        [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
    ],
    np.int64,
)


def _roots(count: int, power: float, bits: int) -> Any:
    """The first bits behind the point of roots of the first primes, the constants of both standards."""
    found: list[int] = []
    number = 2
    while len(found) < count:
        if all(number % each for each in range(2, int(number**0.5) + 1)):
            low, high = 0, number << bits
            scale = bits * round(1 / power)
            while high - low > 1:  # the whole part of the root of number * 2 ** scale
                middle = (low + high) // 2
                if middle ** round(1 / power) <= number << scale:
                    low = middle
                else:
                    high = middle
            found.append(low & ((1 << bits) - 1))
        number += 1
    return np.array(found, np.uint64)


_IV = _roots(8, 1 / 2, 64)
_H = _roots(8, 1 / 2, 32)
_K = _roots(64, 1 / 3, 32)
_LOW = np.uint64(0xFFFFFFFF)


@inner
def turned(number: Any, by: Any) -> Any:
    """64 bits turned to the right."""
    return (number >> word(by)) | (number << word(64 - by))


@inner
def mixed(a: Any, b: Any, c: Any, d: Any, x: Any, y: Any) -> Any:
    """The mixing of BLAKE2b."""
    a = a + b + x
    d = turned(d ^ a, 32)
    c = c + d
    b = turned(b ^ c, 24)
    a = a + b + y
    d = turned(d ^ a, 16)
    c = c + d
    return a, turned(b ^ c, 63), c, d


@inner
def blake(data: Ints, size: int, chain: Ints, block: Ints) -> Any:
    """The first eight bytes of the BLAKE2b of that length, as a number whose first byte is its lowest."""
    for each in range(8):
        chain[each] = _IV[each]
    chain[0] ^= word(0x01010008)
    start = 0
    while True:
        last = start + 128 >= size
        for each in range(16):
            value = word(0)
            for byte in range(8):
                place = start + each * 8 + byte
                if place < size:
                    value |= word(data[place]) << word(8 * byte)
            block[each] = value
        end = size if last else start + 128
        a0, a1, a2, a3 = chain[0], chain[1], chain[2], chain[3]
        b0, b1, b2, b3 = chain[4], chain[5], chain[6], chain[7]
        c0, c1, c2, c3 = _IV[0], _IV[1], _IV[2], _IV[3]
        d0, d1, d2, d3 = _IV[4] ^ word(end), _IV[5], _IV[6], _IV[7]
        if last:
            d2 = ~d2
        for nth in range(12):
            s = _SIGMA[nth]
            a0, b0, c0, d0 = mixed(a0, b0, c0, d0, block[s[0]], block[s[1]])
            a1, b1, c1, d1 = mixed(a1, b1, c1, d1, block[s[2]], block[s[3]])
            a2, b2, c2, d2 = mixed(a2, b2, c2, d2, block[s[4]], block[s[5]])
            a3, b3, c3, d3 = mixed(a3, b3, c3, d3, block[s[6]], block[s[7]])
            a0, b1, c2, d3 = mixed(a0, b1, c2, d3, block[s[8]], block[s[9]])
            a1, b2, c3, d0 = mixed(a1, b2, c3, d0, block[s[10]], block[s[11]])
            a2, b3, c0, d1 = mixed(a2, b3, c0, d1, block[s[12]], block[s[13]])
            a3, b0, c1, d2 = mixed(a3, b0, c1, d2, block[s[14]], block[s[15]])
        chain[0] ^= a0 ^ c0
        chain[1] ^= a1 ^ c1
        chain[2] ^= a2 ^ c2
        chain[3] ^= a3 ^ c3
        chain[4] ^= b0 ^ d0
        chain[5] ^= b1 ^ d1
        chain[6] ^= b2 ^ d2
        chain[7] ^= b3 ^ d3
        if last:
            return chain[0]
        start += 128


@inner
def turned32(number: Any, by: Any) -> Any:
    """32 bits turned to the right."""
    return ((number >> word(by)) | (number << word(32 - by))) & _LOW


@inner
def sha(data: Ints, size: int, chain: Ints, block: Ints, out: Ints, row: int) -> None:
    """The first sixteen bytes of a SHA-256; `data` has room for its padding."""
    total = (size + 72) // 64 * 64
    data[size] = 128
    for place in range(size + 1, total - 8):
        data[place] = 0
    for each in range(8):
        data[total - 8 + each] = (size * 8 >> (56 - 8 * each)) & 255
    for each in range(8):
        chain[each] = _H[each]
    for start in range(0, total, 64):
        for each in range(16):
            at = start + 4 * each
            block[each] = (
                word(data[at]) << word(24)
                | word(data[at + 1]) << word(16)
                | word(data[at + 2]) << word(8)
                | word(data[at + 3])
            )
        for each in range(16, 64):
            early, late = block[each - 15], block[each - 2]
            low = turned32(early, 7) ^ turned32(early, 18) ^ (early >> word(3))
            high = turned32(late, 17) ^ turned32(late, 19) ^ (late >> word(10))
            block[each] = (block[each - 16] + low + block[each - 7] + high) & _LOW
        a, b, c, d = chain[0], chain[1], chain[2], chain[3]
        e, f, g, h = chain[4], chain[5], chain[6], chain[7]
        for each in range(64):
            sums = turned32(e, 6) ^ turned32(e, 11) ^ turned32(e, 25)
            one = h + sums + ((e & f) ^ (~e & g)) + _K[each] + block[each]
            sums = turned32(a, 2) ^ turned32(a, 13) ^ turned32(a, 22)
            two = sums + ((a & b) ^ (a & c) ^ (b & c))
            h, g, f, e = g, f, e, (d + one) & _LOW
            d, c, b, a = c, b, a, (one + two) & _LOW
        for each, value in enumerate((a, b, c, d, e, f, g, h)):
            chain[each] = (chain[each] + value) & _LOW
    for each in range(16):
        out[row, each] = (chain[each // 4] >> word(24 - 8 * (each % 4))) & word(255)


@inner
def counted(data: Ints, start: int, size: int, out: Ints, at: int) -> int:
    """Write how many characters a text in UTF-8 has, a colon, and the text; where the next byte goes."""
    number = 0
    for place in range(start, start + size):
        number += (data[place] & 0xC0) != 0x80
    end, rest = at + 1, number // 10
    while rest:
        end += 1
        rest //= 10
    for place in range(end - 1, at - 1, -1):
        out[place] = 48 + number % 10
        number //= 10
    out[end] = 58
    return copy(data, start, size, out, end + 1)


def _made(sources: int) -> tuple[Any, ...]:
    @jit
    def fingerprints(data: Ints, at: Ints, sizes: Ints, words: Ints, keys: Ints) -> int:
        """Fill `keys` with `seawall.store.index.fingerprint` of texts; `words` is room for 80."""
        for row in range(len(at)):
            keys[row] = blake(data[at[row] :], sizes[row], words[:8], words[8:])
        return sources

    @jit
    def identify(
        data: Ints,
        at: Ints,
        sizes: Ints,
        sources_at: Ints,
        sources_sizes: Ints,
        salt: Ints,
        tail: Ints,
        room: Ints,
        words: Ints,
        draws: Ints,
        ids: Ints,
        keys: Ints,
    ) -> int:
        """Name decisions.

        Args:
            data: where texts lie.
            at: where the id of each event starts.
            sizes: how long it is.
            sources_at: where its source starts.
            sources_sizes: how long that is, less than 0 for none.
            salt: what the draw of the audit sample begins with.
            tail: what a decision's id ends with.
            room: for the longest of what is hashed, and 80 bytes more.
            words: room for 80.
            draws: is filled with the draws, the first byte of each being the lowest.
            ids: is filled with the ids of the decisions, shape (events, 16).
            keys: is filled with the fingerprints of these in hexadecimal.
        """
        chain, block = words[:8], words[8:]
        begin = copy(salt, 0, len(salt), room, sources & 0)
        for row in range(len(at)):
            size = max(sources_sizes[row], 0)
            end = copy(data, sources_at[row], size, room, begin)
            room[end] = 0
            end = copy(data, at[row], sizes[row], room, end + 1)
            draws[row] = blake(room, end, chain, block)
        for row in range(len(at)):
            end = counted(data, sources_at[row], max(sources_sizes[row], 0), room, 0)
            end = counted(data, at[row], sizes[row], room, end)
            end = copy(tail, 0, len(tail), room, end)
            sha(room, end, chain, block, ids, row)
            for each in range(16):
                high, low = signed(ids[row, each]) >> 4, signed(ids[row, each]) & 15
                room[2 * each] = high + 48 + (high > 9) * 39
                room[2 * each + 1] = low + 48 + (low > 9) * 39
            keys[row] = blake(room, 32, chain, block)
        return len(at)

    return fingerprints, identify


fingerprints, identify = _made(stamp(__file__))
