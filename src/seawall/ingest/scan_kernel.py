"""JSON lines of one event type to spans, numbers and the canonical form: compiled where numba is installed.

A line is either taken, and then it is exactly what the form and the validator make of it, or it is left to
them: everything rare is. What is found of a name is a span of the buffer, its canonical form without
quotes, and for numbers, times and truths the value too. What the lines do not have as the canonical form
has it (a text with escapes, a time) is written behind the lines, in the same buffer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from seawall.core.compiled import Ints, copy, inner, jit, signed, stamp
from seawall.ingest import scan_model, scan_number, scan_text
from seawall.ingest.scan_model import (
    ANY,
    ELEMENTS,
    HASH,
    ID,
    INTEGER,
    LANGUAGE,
    LONGEST_HASH,
    LONGEST_ID,
    LONGEST_TEXT,
    MARKET,
    NULL,
    NUMBER,
    TEXT,
    TEXTS,
    TIME,
    TRUTH,
    TYPE,
    USED,
    Found,
    Names,
)
from seawall.ingest.scan_number import integer, moment, real, write_integer
from seawall.ingest.scan_text import plain_end, skip, text, write_text

if TYPE_CHECKING:
    from collections.abc import Callable


@inner
def hashed(data: Ints, at: int, size: int) -> int:
    """A number for a name."""
    first, last, middle = signed(data[at]), signed(data[at + size - 1]), signed(data[at + size // 2])
    return size * 31 + first * 7 + last * 131 + middle * 1031


@inner
def same(data: Ints, at: int, size: int, other: Ints, start: int, length: int) -> bool:
    """Are two spans the same bytes?"""
    if size != length:
        return False
    for each in range(size):
        if data[np.uint64(at + each)] != other[np.uint64(start + each)]:
            return False
    return True


@inner
def named(data: Ints, at: int, size: int, names: Names, guess: int) -> int:
    """The place of a name; `guess` is tried first, and there may be none: -1."""
    if guess >= 0 and same(data, at, size, names.text, names.start[guess], names.size[guess]):
        return guess
    if size == 0:
        return -1
    mask = len(names.table) - 1
    place = hashed(data, at, size) & mask
    while names.table[place] >= 0:
        name = names.table[place]
        if same(data, at, size, names.text, names.start[name], names.size[name]):
            return name
        place = (place + 1) & mask
    return -1


@inner
def word(data: Ints, place: int, stop: int, letters: Ints) -> bool:
    """Do these letters stand here?"""
    if place + len(letters) > stop:
        return False
    for each in range(len(letters)):
        if data[place + each] != letters[each]:
            return False
    return True


@inner
def texts(data: Ints, place: int, stop: int, found: Found, row: int, name: int) -> int:
    """A list of texts; what comes behind it, or -1."""
    first = found.ends[ELEMENTS]
    count = 0
    place = skip(data, place + 1, stop)
    if place < stop and data[place] == 93:
        place += 1
    else:
        while True:
            at, size, place = text(data, place, stop, found)
            if at < 0 or size > LONGEST_TEXT:
                return -1
            found.elements[first + count, 0] = at
            found.elements[first + count, 1] = size
            count += 1
            place = skip(data, place, stop)
            if place >= stop:
                return -1
            place += 1
            if data[place - 1] == 93:
                break
            if data[place - 1] != 44:
                return -1
            place = skip(data, place, stop)
    found.ends[ELEMENTS] = first + count
    found.at[row, name], found.size[row, name] = first, count
    return place


@inner
def text_fits(data: Ints, at: int, size: int, kind: int, names: Names) -> bool:
    """May a text be the value of a name of this kind?"""
    if kind == TEXT:
        return size <= LONGEST_TEXT
    if kind == ID:
        return 1 <= size <= LONGEST_ID
    if kind == TYPE:
        return same(data, at, size, names.only, 0, len(names.only))
    if kind == HASH:
        if size < 1 or size > LONGEST_HASH:
            return False
        for place in range(at, at + size):
            if not (48 <= data[place] <= 57 or 97 <= data[place] <= 102):
                return False
        return True
    if kind == MARKET:
        return size == 2 and 65 <= data[at] <= 90 and 65 <= data[at + 1] <= 90
    if kind == LANGUAGE:
        if size < 2 or size > 3:
            return False
        for place in range(at, at + size):
            if data[place] < 97 or data[place] > 122:
                return False
        return True
    return False


@inner
def spanned(found: Found, row: int, name: int, at: int, size: int) -> None:
    """A value has this span."""
    found.at[row, name], found.size[row, name] = at, size


@inner
def time(data: Ints, place: int, stop: int, names: Names, found: Found, row: int, name: int) -> int:
    """A time; what comes behind it, or -1."""
    if data[place] != 34:
        return -1
    end = plain_end(data, place + 1, stop)
    if end < 0:
        return -1
    micros = moment(data, place + 1, end - place - 1)
    if micros == -(2**63) or (name == names.ts and micros > names.latest):
        return -1
    found.number[row, name] = micros
    start = found.ends[USED]
    found.ends[USED] = write_integer(data, start, micros)
    spanned(found, row, name, start, found.ends[USED] - start)
    return end + 1


@inner
def number(data: Ints, place: int, stop: int, found: Found, row: int, name: int) -> int:
    """A number as a double; what comes behind it, or -1."""
    value, end, last = real(data, place, stop)
    if end < 0:
        return -1
    found.real[row, name] = value
    point = place
    while point < last and data[point] != 46:
        point += 1
    if point < last:
        spanned(found, row, name, place, last - place)
        return end
    start = found.ends[USED]
    copy(data, place, last - place, data, start)
    data[start + last - place] = 46
    data[start + last - place + 1] = 48
    found.ends[USED] = start + last - place + 2
    spanned(found, row, name, start, last - place + 2)
    return end


@inner
def value(data: Ints, place: int, stop: int, names: Names, found: Found, row: int, name: int) -> int:
    """The value of a name that starts at `place`; what comes behind it, or -1 where it does not fit."""
    kind = names.kind[name]
    if place >= stop:
        return -1
    if data[place] == 110:
        if kind == ANY:
            found.size[row, name] = 0
        return place + 4 if word(data, place, stop, _NULL) and not names.needed[name] else -1
    if kind == INTEGER:
        whole, end = integer(data, place, stop)
        if end >= 0:
            found.number[row, name] = whole
            spanned(found, row, name, place, end - place)
        return end
    if kind == NUMBER:
        return number(data, place, stop, found, row, name)
    if kind == TRUTH:
        truth = word(data, place, stop, _TRUE)
        if not truth and not word(data, place, stop, _FALSE):
            return -1
        found.number[row, name] = truth
        size = 4 if truth else 5
        spanned(found, row, name, place, size)
        return place + size
    if kind == TIME:
        return time(data, place, stop, names, found, row, name)
    if kind == TEXTS:
        return texts(data, place, stop, found, row, name) if data[place] == 91 else -1
    if kind == NULL:
        return -1
    return something(data, place, stop, names, found, row, name)


@inner
def something(data: Ints, place: int, stop: int, names: Names, found: Found, row: int, name: int) -> int:
    """A text, or whatever stands where nobody looks; what comes behind it, or -1."""
    kind = names.kind[name]
    if data[place] == 34:
        at, size, end = text(data, place, stop, found)
        if at < 0 or not (kind == ANY or text_fits(data, at, size, kind, names)):
            return -1
        spanned(found, row, name, at, size)
        return end
    if kind != ANY:
        return -1
    found.size[row, name] = 0
    if word(data, place, stop, _TRUE):
        return place + 4
    if word(data, place, stop, _FALSE):
        return place + 5
    return integer(data, place, stop)[1]


_NULL, _TRUE, _FALSE = (np.frombuffer(letters, np.uint8) for letters in (b"null", b"true", b"false"))


@inner
def line(data: Ints, place: int, stop: int, names: Names, found: Found, row: int, guesses: Ints) -> bool:
    """Take one line; False: it is left to others."""
    found.size[row, :] = -1
    place = skip(data, place, stop)
    if place >= stop or data[place] != 123:
        return False
    place = skip(data, place + 1, stop)
    nth = 0
    while True:
        if place >= stop or data[place] != 34:
            return False
        end = plain_end(data, place + 1, stop)
        if end < 0:
            return False
        name = named(data, place + 1, end - place - 1, names, guesses[nth])
        if name < 0 or found.size[row, name] != -1:
            return False
        guesses[nth] = name
        nth = min(nth + 1, len(guesses) - 1)
        place = skip(data, end + 1, stop)
        if place >= stop or data[place] != 58:
            return False
        place = value(data, skip(data, place + 1, stop), stop, names, found, row, name)
        if place < 0:
            return False
        place = skip(data, place, stop)
        if place >= stop:
            return False
        place += 1
        if data[place - 1] == 125:
            break
        if data[place - 1] != 44:
            return False
        place = skip(data, place, stop)
    if skip(data, place, stop) != stop:
        return False
    for name in range(len(names.needed)):
        if names.needed[name] and found.size[row, name] < 0:
            return False
    return True


@inner
def canonical(
    data: Ints, lines: int, names: Names, heads: Ints, found: Found, row: int, out: Ints, at: int
) -> int:
    """Write the canonical form of a line; where the next byte goes.

    `heads` is `"name":` of each name, end to end.
    """
    opening, head = 123, 0
    for name in range(len(names.kind)):
        more, size = names.size[name] + 3, found.size[row, name]
        if size < 0 or names.kind[name] == ANY:
            head += more
            continue
        out[at] = opening
        opening = 44
        at += 1
        at = copy(heads, head, more, out, at)
        head += more
        start, kind = found.at[row, name], names.kind[name]
        if kind == TEXTS:
            out[at] = 91
            at += 1
            for each in range(start, start + size):
                if each > start:
                    out[at] = 44
                    at += 1
                at = write_text(data, found.elements[each, 0], found.elements[each, 1], lines, out, at)
            out[at] = 93
            at += 1
        elif kind in (INTEGER, NUMBER, TRUTH, TIME):
            at = copy(data, start, size, out, at)
        else:
            at = write_text(data, start, size, lines, out, at)
    out[at] = 125
    return at + 1


@jit
def gather(data: Ints, starts: Ints, sizes: Ints, out: Ints) -> int:
    """Lay spans end to end in `out`; gives where they end. A size below 0 counts as 0."""
    at = 0
    for nth in range(len(starts)):
        at = copy(data, starts[nth], max(sizes[nth], 0), out, at)
    return at


def _made(sources: int) -> Callable[..., Any]:
    @jit
    def scan(
        data: Ints,
        lines: int,
        starts: Ints,
        stops: Ints,
        names: Names,
        heads: Ints,
        found: Found,
        guesses: Ints,
        taken: Ints,
        out: Ints,
        ends: Ints,
    ) -> int:
        """Take lines; gives how many were taken.

        Args:
            data: the lines, in UTF-8, and room behind them for as much again.
            lines: how many bytes of it they are.
            starts: where each starts.
            stops: where each ends.
            names: of the type.
            heads: see `canonical`.
            found: of as many rows as there are lines.
            guesses: names in the order of the line before, of shape (64,).
            taken: is filled with the places of those that were taken, the n-th being row n of `found`.
            out: is filled with their canonical forms, end to end.
            ends: is filled with where each ends.
        """
        count, at = sources & 0, 0
        for nth in range(len(starts)):
            used, elements = found.ends[USED], found.ends[ELEMENTS]
            if line(data, starts[nth], stops[nth], names, found, count, guesses):
                at = canonical(data, lines, names, heads, found, count, out, at)
                ends[count] = at
                taken[count] = nth
                count += 1
            else:
                found.ends[USED], found.ends[ELEMENTS] = used, elements
        return count

    return scan


scan = _made(stamp(__file__, *(str(each.__file__) for each in (scan_model, scan_number, scan_text))))
