"""What a scan is given and what it finds; see `scan_kernel`."""

from __future__ import annotations

from typing import Any, NamedTuple

Ints = Any
"""An array."""

TEXT, INTEGER, NUMBER, TRUTH, TIME, HASH, TEXTS, TYPE, ID, MARKET, LANGUAGE, NULL, ANY = range(13)
"""What a name may hold. `ID` is a text of 1 to 512 bytes, `NULL` nothing at all, `ANY` is not looked at."""

LONGEST_TEXT = 20_000
LONGEST_HASH = 256
LONGEST_ID = 512

USED, ELEMENTS = range(2)
"""Places in `Spans.ends`: where the next byte behind the lines goes, and the next element of a list."""


class Names(NamedTuple):
    """The names of a type: those of the canonical form in its order, then those that are ignored.

    Attributes:
        text: the names one after the other, uint8.
        start: of each, where it starts there.
        size: of each, its length.
        kind: of each, what it holds.
        needed: of each, whether it must be there.
        table: a hash table of names by `_hash`, -1 where free; its length is a power of two.
        only: name of the type, uint8.
        latest: `ts` may not be later.
        ts: which name that is.
    """

    text: Ints
    start: Ints
    size: Ints
    kind: Ints
    needed: Ints
    table: Ints
    only: Ints
    latest: int
    ts: int


class Found(NamedTuple):
    """What was found, of shape (lines, names) but for the last two.

    Attributes:
        at: where the span of a value starts; of a list, its first element.
        size: bytes of the span; of a list, how many elements; -1 where there is none.
        number: integers, truths and times.
        real: the same memory as doubles.
        elements: start and length of the span of each element, shape (elements, 2).
        ends: see above.
    """

    at: Ints
    size: Ints
    number: Ints
    real: Ints
    elements: Ints
    ends: Ints
