"""Timestamps: microseconds since 1970 in UTC, in the proleptic Gregorian calendar."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from seawall.core.clock import EPOCH, MICROS_PER_SECOND

_LITERAL = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?)?")
_DAY = 86_400 * MICROS_PER_SECOND
_UNITS = {
    "microsecond": 1,
    "millisecond": 1_000,
    "second": MICROS_PER_SECOND,
    "minute": 60 * MICROS_PER_SECOND,
    "hour": 3_600 * MICROS_PER_SECOND,
    "day": _DAY,
}
UNITS = tuple(_UNITS)


def parse_moment(text: str) -> int:
    """The literal of `TIMESTAMP '...'`: a date, or a date and a time in UTC without offset.

    Raises:
        ValueError: it is neither.

    >>> parse_moment("1970-01-01 00:00:01.5")
    1500000
    """
    found = _LITERAL.fullmatch(text)
    if found is None:
        msg = "write it as YYYY-MM-DD HH:MM:SS, in UTC and without an offset"
        raise ValueError(msg)
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    micros = int((found.group(7) or "").ljust(6, "0") or 0)
    moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    return round((moment - EPOCH).total_seconds()) * MICROS_PER_SECOND + micros


def hour(moment: int | None) -> int | None:
    """0 to 23, in UTC."""
    return None if moment is None else moment % _DAY // _UNITS["hour"]


def dayofweek(moment: int | None) -> int | None:
    """0 on Sunday to 6 on Saturday, in UTC; 1970 began on a Thursday."""
    return None if moment is None else (moment // _DAY + 4) % 7


def date_diff(unit: str, start: int | None, end: int | None) -> int | None:
    """How many boundaries of a unit lie between two moments.

    >>> date_diff("hour", 3_599_000_000, 3_600_000_000)
    1
    """
    if start is None or end is None:
        return None
    size = _UNITS[unit]
    return end // size - start // size
