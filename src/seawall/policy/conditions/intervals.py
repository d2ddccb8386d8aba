"""Intervals as they are written: months apart from microseconds, since months are of no fixed length."""

from __future__ import annotations

import re

from seawall.core.clock import MICROS_PER_SECOND

_HOUR = 3_600 * MICROS_PER_SECOND
MICROS = {
    "microsecond": 1,
    "millisecond": 1_000,
    "second": MICROS_PER_SECOND,
    "minute": 60 * MICROS_PER_SECOND,
    "hour": _HOUR,
    "day": 24 * _HOUR,
    "week": 7 * 24 * _HOUR,
}
MONTHS = {"month": 1, "quarter": 3, "year": 12}
MICROS_PER_MONTH = 30 * MICROS["day"]
"""What DuckDB takes a month for where it compares intervals."""
_LONGEST = 10_000 * 366 * MICROS["day"]
_PIECE = re.compile(r"\s*([0-9]+)\s*([a-z]+)\s*", re.IGNORECASE)


def is_unit(word: str) -> bool:
    """Whether a word is a unit, in the singular or the plural."""
    return _unit(word) is not None


def _unit(word: str) -> str | None:
    name = word.lower().removesuffix("s")
    return name if name in MICROS or name in MONTHS else None


def parse_interval(text: str) -> tuple[int, int]:
    """Months and microseconds.

    Raises:
        ValueError: it is not whole numbers with units.

    >>> parse_interval("1 year 2 months"), parse_interval("90 seconds")
    ((14, 0), (0, 90000000))
    """
    months = micros = end = 0
    while end < len(text):
        found = _PIECE.match(text, end)
        unit = _unit(found[2]) if found else None
        if found is None or unit is None:
            msg = f"an interval is whole numbers with units ({', '.join((*MICROS, *MONTHS))})"
            raise ValueError(msg)
        count = int(found[1])
        months += count * MONTHS.get(unit, 0)
        micros += count * MICROS.get(unit, 0)
        end = found.end()
    if not end or micros + months * MICROS_PER_MONTH > _LONGEST:
        msg = "the interval is empty" if not end else "the interval is longer than 10,000 years"
        raise ValueError(msg)
    return months, micros
