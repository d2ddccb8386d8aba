"""How far two texts are apart. DuckDB counts the bytes of UTF-8, so that an accented letter is two."""

from __future__ import annotations


def levenshtein(a: str | None, b: str | None) -> int | None:
    """How many bytes must be put in, taken out or changed to make one text of the other.

    Myers, A fast bit-vector algorithm for approximate string matching (1999): one column of the table is
    one integer, so that 1,000 bytes against 1,000 take about a millisecond.

    >>> levenshtein("kitten", "sitting"), levenshtein("é", "e")
    (3, 2)
    """
    if a is None or b is None:
        return None
    one, other = _without_what_they_share(a.encode(), b.encode())
    if not one or not other:
        return len(one) + len(other)
    places: dict[int, int] = {}
    for position, byte in enumerate(one):
        places[byte] = places.get(byte, 0) | 1 << position
    everywhere, last = (1 << len(one)) - 1, 1 << (len(one) - 1)
    higher, lower, distance = everywhere, 0, len(one)
    for byte in other:
        same = places.get(byte, 0)
        across = ((same & higher) + higher ^ higher) | same
        rises, falls = lower | (everywhere & ~(across | higher)), higher & across
        distance += bool(rises & last) - bool(falls & last)
        rises, falls = rises << 1 | 1, falls << 1
        higher, lower = (falls | ~(same | lower | rises)) & everywhere, rises & (same | lower) & everywhere
    return distance


def _without_what_they_share(a: bytes, b: bytes) -> tuple[bytes, bytes]:
    """Both without their common beginning and ending."""
    shorter, start = min(len(a), len(b)), 0
    while start < shorter and a[start] == b[start]:
        start += 1
    end = 0
    while end < shorter - start and a[-1 - end] == b[-1 - end]:
        end += 1
    return a[start : len(a) - end], b[start : len(b) - end]


def jaccard(a: str | None, b: str | None) -> float | None:
    """The share of bytes that both texts have, of those that either has; NULL where a text is empty.

    >>> jaccard("abc", "abd"), jaccard("aab", "ab"), jaccard("", "a")
    (0.5, 1.0, None)
    """
    if not a or not b:
        return None
    one, other = set(a.encode()), set(b.encode())
    return len(one & other) / len(one | other)
