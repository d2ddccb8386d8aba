"""Decisions on scanned events as JSON lines and as records: compiled where numba is installed.

A line is a program of an outcome: literal bytes, each followed by a *hole* that an event fills. A record is
what `seawall.store.brief.Own` is in msgpack.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from seawall.core.compiled import Ints, copy, inner, jit, signed, stamp
from seawall.ingest import scan_model, scan_number, scan_text
from seawall.ingest.scan_number import write_integer
from seawall.ingest.scan_text import write_text
from seawall.serve.bulk import write_model
from seawall.serve.bulk.write_model import DECIDED, DIGEST, END, FEATURES, ID, TEXTS, TS, Filling, Programs

if TYPE_CHECKING:
    from collections.abc import Callable

_DAY = 86_400_000_000


@inner
def two(out: Ints, at: int, number: int) -> int:
    """Write two decimal digits."""
    out[at] = 48 + number // 10
    out[at + 1] = 48 + number % 10
    return at + 2


@inner
def write_time(out: Ints, at: int, micros: int) -> int:
    """Write a time as `format_time` does, in quotes."""
    day, rest = micros // _DAY, micros % _DAY
    # from days to the civil calendar: H. Hinnant, chrono-Compatible Low-Level Date Algorithms
    shifted = day + 719_468
    era = shifted // 146_097
    of_era = shifted - era * 146_097
    year_of = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year_of + year_of // 4 - year_of // 100)
    part = (5 * of_year + 2) // 153
    month = part + (3 if part < 10 else -9)
    year = year_of + era * 400 + (month <= 2)
    out[at] = 34
    at = two(out, at + 1, year // 100)
    at = two(out, at, year % 100)
    out[at] = out[at + 3] = 45
    at = two(out, at + 1, month)
    at = two(out, at + 1, of_year - (153 * part + 2) // 5 + 1)
    seconds, fraction = rest // 1_000_000, rest % 1_000_000
    out[at], out[at + 3], out[at + 6], out[at + 9] = 84, 58, 58, 46
    at = two(out, at + 1, seconds // 3600)
    at = two(out, at + 1, seconds // 60 % 60)
    at = two(out, at + 1, seconds % 60)
    at = two(out, at + 1, fraction // 10_000)
    at = two(out, at, fraction // 100 % 100)
    at = two(out, at, fraction % 100)
    out[at], out[at + 1] = 90, 34
    return at + 2


@inner
def write_hex(data: Ints, row: int, size: int, out: Ints, at: int) -> int:
    """Write bytes in hexadecimal."""
    for each in range(size):
        byte = signed(data[row, each])
        high, low = byte >> 4, byte & 15
        place = np.uint64(at + 2 * each)
        out[place] = high + 48 + (high > 9) * 39
        out[np.uint64(at + 2 * each + 1)] = low + 48 + (low > 9) * 39
    return at + 2 * size


@inner
def write_quoted(data: Ints, row: int, size: int, out: Ints, at: int) -> int:
    """Write bytes in hexadecimal, in quotes."""
    out[at] = 34
    at = write_hex(data, row, size, out, at + 1)
    out[at] = 34
    return at + 1


@inner
def pack_length(out: Ints, at: int, size: int) -> int:
    """Write the head of a msgpack text."""
    if size < 32:
        out[at] = 0xA0 | size
        return at + 1
    if size < 256:
        out[at], out[at + 1] = 0xD9, size
        return at + 2
    out[at], out[at + 1], out[at + 2] = 0xDA, size >> 8, size & 255
    if size < 65_536:
        return at + 3
    out[at], out[at + 1], out[at + 2], out[at + 3], out[at + 4] = (
        0xDB,
        0,
        size >> 16,
        size >> 8 & 255,
        size & 255,
    )
    return at + 5


@inner
def pack_word(out: Ints, at: int, mark: int, number: int) -> int:
    """Write eight bytes behind a mark, the first ones first."""
    out[at] = mark
    for each in range(8):
        out[at + 1 + each] = (number >> (56 - 8 * each)) & 255
    return at + 9


@inner
def pack_integer(out: Ints, at: int, number: int) -> int:
    """Write a msgpack integer."""
    if 0 <= number < 128:
        out[at] = number
        return at + 1
    if 0 <= number < 65_536:
        out[at], out[at + 1], out[at + 2] = 0xCD, number >> 8, number & 255
        return at + 3
    return pack_word(out, at, 0xD3, number)


@inner
def read_feature(programs: Programs, fill: Filling, nth: int, row: int, out: Ints, at: int) -> int:
    """Write a feature as JSON."""
    null = fill.nulls[nth, row]
    if null:
        return copy(programs.nulls, programs.spans[null, 0], programs.spans[null, 1], out, at)
    at = copy(_VALUE, 0, len(_VALUE), out, at)
    if fill.real[nth]:
        at = copy(fill.written, fill.places[nth, 0, row], fill.places[nth, 1, row], out, at)
    else:
        at = write_integer(out, at, fill.values[nth, row])
    out[at] = 125
    return at + 1


_VALUE = np.frombuffer(b'{"value":', np.uint8)
_NULL = np.frombuffer(b"null", np.uint8)


@inner
def write_line(programs: Programs, outcome: int, fill: Filling, row: int, out: Ints, at: int) -> int:
    """Write one decision as a JSON line; where the next goes."""
    step = programs.first[outcome]
    while True:
        at = copy(programs.literals, programs.steps[step, 0], programs.steps[step, 1], out, at)
        hole = programs.steps[step, 2]
        step += 1
        if hole == END:
            return at
        if hole == ID:
            at = write_quoted(fill.ids, row, 16, out, at)
        elif hole == DIGEST:
            at = write_quoted(fill.hashes, row, 32, out, at)
        elif hole == TS:
            at = write_time(out, at, fill.ts[row])
        elif hole == DECIDED:
            at = write_time(out, at, fill.decided[row])
        elif hole >= FEATURES:
            at = read_feature(programs, fill, hole - FEATURES, row, out, at)
        elif fill.size[hole - TEXTS, row] < 0:
            at = copy(_NULL, 0, 4, out, at)
        else:
            start, size = fill.at[hole - TEXTS, row], fill.size[hole - TEXTS, row]
            at = write_text(fill.data, start, size, fill.bound, out, at)


@inner
def write_record(programs: Programs, fill: Filling, row: int, out: Ints, at: int) -> int:
    """Write one decision as an `Own`; where the next goes."""
    out[at], out[at + 1], out[at + 2] = 0x9B, 0xD9, 32
    at = write_hex(fill.ids, row, 16, out, at + 3)
    for nth in range(6):
        start, size = fill.at[nth, row], fill.size[nth, row]
        if size < 0:
            out[at] = 0xC0
            at += 1
        else:
            at = copy(fill.data, start, size, out, pack_length(out, at, size))
        if nth == 0:
            at = pack_word(out, at, 0xD3, fill.ts[row])
    out[at], out[at + 1] = 0xD9, 64
    at = write_hex(fill.hashes, row, 32, out, at + 2)
    at = pack_word(out, at, 0xD3, fill.decided[row])
    features = len(fill.real)
    out[at], out[at + 1], out[at + 2] = 0xDC, features >> 8, features & 255
    at += 3
    for nth in range(features):
        null = fill.nulls[nth, row]
        if null:
            at = copy(programs.nulls, programs.spans[null, 2], programs.spans[null, 3], out, at)
        elif fill.real[nth]:
            at = pack_word(out, at, 0xCB, fill.values[nth, row])
        else:
            at = pack_integer(out, at, fill.values[nth, row])
    return at


def _made(sources: int) -> Callable[..., Any]:
    @jit
    def write(
        programs: Programs,
        outcomes: Ints,
        fill: Filling,
        lines: Ints,
        line_ends: Ints,
        records: Ints,
        record_ends: Ints,
    ) -> int:
        """Write the decisions on all rows; gives how many.

        Args:
            programs: see there.
            outcomes: of each row.
            fill: see there.
            lines: is filled with JSON lines, end to end.
            line_ends: is filled with where each ends.
            records: is filled with records, likewise.
            record_ends: is filled with where each ends.
        """
        line, record = sources & 0, 0
        for row in range(len(outcomes)):
            line = write_line(programs, outcomes[row], fill, row, lines, line)
            line_ends[row] = line
            record = write_record(programs, fill, row, records, record)
            record_ends[row] = record
        return len(outcomes)

    return write


write = _made(
    stamp(__file__, *(str(each.__file__) for each in (write_model, scan_model, scan_number, scan_text)))
)
