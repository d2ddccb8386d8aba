"""JSON texts as they lie in a buffer; see `scan_kernel`.

Compiled where numba is installed.
"""

from __future__ import annotations

import numpy as np

from seawall.core.compiled import Ints, copy, inner, signed
from seawall.ingest.scan_model import USED, Found


@inner
def skip(data: Ints, place: int, stop: int) -> int:
    """The first place that is no space."""
    while place < stop and (data[place] == 32 or data[place] == 9 or data[place] == 13):
        place += 1
    return place


@inner
def plain_end(data: Ints, place: int, stop: int) -> int:
    """Where a text without escapes ends, at its quote; minus where the first escape is, or -1."""
    while place < stop:
        byte = data[np.uint64(place)]
        if byte == 34:
            return place
        if byte == 92:
            return -place
        if byte < 32:
            return -1
        place += 1
    return -1


@inner
def digit16(data: Ints, place: int) -> int:
    """The number that four hexadecimal digits are; -1 if they are none."""
    number = 0
    for each in range(place, place + 4):
        byte = signed(data[each])
        if 48 <= byte <= 57:
            number = number * 16 + byte - 48
        elif 97 <= (byte | 32) <= 102:
            number = number * 16 + (byte | 32) - 87
        else:
            return -1
    return number


@inner
def write_rune(data: Ints, at: int, rune: int) -> int:
    """Write one character in UTF-8; where the next goes."""
    if rune < 0x80:
        data[at] = rune
        return at + 1
    if rune < 0x800:
        data[at] = 0xC0 | (rune >> 6)
        data[at + 1] = 0x80 | (rune & 63)
        return at + 2
    if rune < 0x10000:
        data[at] = 0xE0 | (rune >> 12)
        data[at + 1] = 0x80 | ((rune >> 6) & 63)
        data[at + 2] = 0x80 | (rune & 63)
        return at + 3
    data[at] = 0xF0 | (rune >> 18)
    data[at + 1] = 0x80 | ((rune >> 12) & 63)
    data[at + 2] = 0x80 | ((rune >> 6) & 63)
    data[at + 3] = 0x80 | (rune & 63)
    return at + 4


@inner
def unescape(data: Ints, place: int, stop: int, at: int) -> tuple[int, int]:
    """Write a text with escapes to `at`; where its quote is, or -1, and where what was written ends."""
    while place < stop:
        byte = signed(data[place])
        if byte == 34:
            return place, at
        if byte < 32:
            return -1, at
        place += 1
        if byte != 92:
            data[at] = byte
            at += 1
            continue
        if place >= stop:
            return -1, at
        byte = signed(data[place])
        place += 1
        if byte == 117:
            rune = digit16(data, place) if place + 4 <= stop else -1
            place += 4
            if 0xD800 <= rune < 0xDC00 and place + 6 <= stop and data[place] == 92 and data[place + 1] == 117:
                low = digit16(data, place + 2)
                if 0xDC00 <= low < 0xE000:
                    rune = 0x10000 + ((rune - 0xD800) << 10) + low - 0xDC00
                    place += 6
            if rune <= 0 or 0xD800 <= rune < 0xE000:
                return -1, at
            at = write_rune(data, at, rune)
            continue
        if byte == 110:
            byte = 10
        elif byte == 116:
            byte = 9
        elif byte == 114:
            byte = 13
        elif byte == 98:
            byte = 8
        elif byte == 102:
            byte = 12
        elif byte not in (34, 92, 47):
            return -1, at
        data[at] = byte
        at += 1
    return -1, at


@inner
def text(data: Ints, place: int, stop: int, found: Found) -> tuple[int, int, int]:
    """A text that starts at `place`: where its span is, how long it is, and what comes behind; -1: none."""
    if place >= stop or data[place] != 34:
        return -1, 0, 0
    place += 1
    end = plain_end(data, place, stop)
    if end >= 0:
        return place, end - place, end + 1
    if end == -1:
        return -1, 0, 0
    start = found.ends[USED]
    end, used = unescape(data, place, stop, start)
    if end < 0:
        return -1, 0, 0
    found.ends[USED] = used
    return start, used - start, end + 1


@inner
def write_text(data: Ints, start: int, size: int, lines: int, out: Ints, at: int) -> int:
    """Write a text in quotes; where the next byte goes. One that lies among the `lines` needs no escapes."""
    out[at] = 34
    at += 1
    if start < lines:
        at = copy(data, start, size, out, at)
        out[at] = 34
        return at + 1
    for place in range(start, start + size):
        byte = signed(data[np.uint64(place)])
        if byte >= 32 and byte != 34 and byte != 92:
            out[np.uint64(at)] = byte
            at += 1
            continue
        out[at] = 92
        letter = escape(byte)
        out[at + 1] = letter
        at += 2
        if letter == 117:
            out[at] = out[at + 1] = 48
            out[at + 2] = 48 + (byte >> 4)
            out[at + 3] = (48 if byte & 15 < 10 else 87) + (byte & 15)
            at += 4
    out[at] = 34
    return at + 1


@inner
def escape(byte: int) -> int:
    """The letter behind the backslash: that of a character that has one, else `u`."""
    if byte in (34, 92):
        return byte
    if byte == 10:
        return 110
    if byte == 9:
        return 116
    if byte == 13:
        return 114
    if byte == 8:
        return 98
    if byte == 12:
        return 102
    return 117
