"""Time as an argument: naive UTC microseconds since 1970, and the three ways to write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROS_PER_SECOND = 1_000_000
_EPOCH_UTC = EPOCH.replace(tzinfo=None)  # without a zone a time is written twice as fast
_MICROSECOND = timedelta(microseconds=1)


class Clock(Protocol):
    """Whoever needs to know what time it is takes one of these."""

    def now(self) -> int:
        """Microseconds since 1970-01-01T00:00:00Z."""
        ...


class FixedClock:
    """A clock that tests and replays set by hand."""

    def __init__(self, micros: int) -> None:
        self.micros = micros

    def now(self) -> int:
        """The time it was set to."""
        return self.micros

    def advance(self, *, seconds: float) -> None:
        """Move forward."""
        self.micros += int(seconds * MICROS_PER_SECOND)


def parse_time(text: str) -> int:
    """RFC 3339 with an offset to microseconds.

    Raises:
        ValueError: not RFC 3339, without an offset, or finer than a microsecond.

    >>> parse_time("1970-01-01T00:00:01.5Z")
    1500000
    >>> parse_time("1970-01-01T08:00:00+08:00")
    0
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        msg = f"time {text!r} has no UTC offset; add Z or +hh:mm"
        raise ValueError(msg)
    return (moment - EPOCH) // _MICROSECOND


def format_time(micros: int) -> str:
    """Microseconds to RFC 3339 in UTC; the fixed width sorts as time does.

    >>> format_time(1500000)
    '1970-01-01T00:00:01.500000Z'
    """
    return (_EPOCH_UTC + timedelta(microseconds=micros)).isoformat(timespec="microseconds") + "Z"
