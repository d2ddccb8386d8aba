"""Timestamps: microseconds since 1970 in UTC, in the proleptic Gregorian calendar, years 1 to 9999."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

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
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
DIFFERENCES = (*_UNITS, *_MONTHS)
TRUNCATIONS = (*_UNITS, "week", *_MONTHS)
_MICROSECOND = timedelta(microseconds=1)
_UNIX = EPOCH.replace(tzinfo=None)
FIRST, LAST = -62_135_596_800_000_000, 253_402_300_799_999_999
"""The moments that a result can be; DuckDB goes on to the year 294247."""


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


def _calendar(moment: int) -> datetime:
    return _UNIX + timedelta(microseconds=moment)


def minute(moment: int | None) -> int | None:
    """0 to 59."""
    return None if moment is None else moment % _UNITS["hour"] // _UNITS["minute"]


def hour(moment: int | None) -> int | None:
    """0 to 23, in UTC."""
    return None if moment is None else moment % _DAY // _UNITS["hour"]


def dayofweek(moment: int | None) -> int | None:
    """0 on Sunday to 6 on Saturday, in UTC; 1970 began on a Thursday."""
    return None if moment is None else (moment // _DAY + 4) % 7


def day(moment: int | None) -> int | None:
    """The day of the month, in UTC."""
    return None if moment is None else _calendar(moment).day


def month(moment: int | None) -> int | None:
    """1 to 12, in UTC."""
    return None if moment is None else _calendar(moment).month


def year(moment: int | None) -> int | None:
    """The year, in UTC."""
    return None if moment is None else _calendar(moment).year


def date_diff(unit: str, start: int | None, end: int | None) -> int | None:
    """How many boundaries of a unit lie between two moments.

    >>> date_diff("hour", 3_599_000_000, 3_600_000_000), date_diff("month", 0, -1)
    (1, -1)
    """
    if start is None or end is None:
        return None
    if unit in _UNITS:
        return end // _UNITS[unit] - start // _UNITS[unit]
    return _months(end) // _MONTHS[unit] - _months(start) // _MONTHS[unit]


def _months(moment: int) -> int:
    calendar = _calendar(moment)
    return 12 * calendar.year + calendar.month - 1


def date_trunc(unit: str, moment: int | None) -> int | None:
    """The moment at which the unit that a moment lies in began; weeks begin on Monday.

    >>> date_trunc("hour", 3_600_000_001), date_trunc("week", 0) == parse_moment("1969-12-29")
    (3600000000, True)
    """
    if moment is None:
        return None
    if unit in _UNITS:
        return moment - moment % _UNITS[unit]
    if unit == "week":
        days = moment // _DAY
        return (days - (days + 3) % 7) * _DAY
    calendar = _calendar(moment)
    first = calendar.month - (calendar.month - 1) % _MONTHS[unit]
    return (datetime(calendar.year, first, 1) - _UNIX) // _MICROSECOND  # noqa: DTZ001  naive UTC inside


def elapsed(end: int | None, start: int | None) -> int | None:
    """`end - start` in microseconds, which is what an interval is inside."""
    return None if end is None or start is None else end - start


def later(moment: int | None, micros: int | None) -> int | None:
    """`moment + interval`, if that is a moment.

    >>> later(0, 5), later(LAST, 1)
    (5, None)
    """
    return None if moment is None or micros is None else _within(moment + micros)


def earlier(moment: int | None, micros: int | None) -> int | None:
    """`moment - interval`, if that is a moment."""
    return None if moment is None or micros is None else _within(moment - micros)


def _within(moment: int) -> int | None:
    return moment if FIRST <= moment <= LAST else None


def months_later(moment: int | None, months: int | None) -> int | None:
    """The same day and time so many months on, or the last day of that month if it is shorter.

    >>> months_later(parse_moment("2024-01-31"), 1) == parse_moment("2024-02-29")
    True
    """
    if moment is None or months is None:
        return None
    year_of, month_of = divmod(_months(moment) + months, 12)
    if not 1 <= year_of <= 9999:
        return None
    calendar = _calendar(moment)
    return (_at_most(calendar, year_of, month_of + 1) - _UNIX) // _MICROSECOND


def _at_most(calendar: datetime, year_of: int, month_of: int) -> datetime:
    for day_of in range(calendar.day, 0, -1):
        try:
            return calendar.replace(year=year_of, month=month_of, day=day_of)
        except ValueError:
            continue
    raise AssertionError(calendar)


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _local(moment: int, zone: str) -> datetime | None:
    known = _zone(zone)
    try:
        return None if known is None else (EPOCH + timedelta(microseconds=moment)).astimezone(known)
    except OverflowError:  # a zone moves the first or the last hours of the calendar out of it
        return None


def local_hour(moment: int | None, zone: str | None) -> int | None:
    """0 to 23 on the clocks of a time zone.

    >>> local_hour(parse_moment("2026-01-02 23:30:00"), "Asia/Singapore")
    7
    """
    if moment is None or zone is None:
        return None
    local = _local(moment, zone)
    return None if local is None else local.hour


def local_dayofweek(moment: int | None, zone: str | None) -> int | None:
    """0 on Sunday to 6 on Saturday, on the calendars of a time zone."""
    if moment is None or zone is None:
        return None
    local = _local(moment, zone)
    return None if local is None else local.isoweekday() % 7
