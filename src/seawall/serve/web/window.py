"""The stretch of event time that a page looks at, as its address says it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seawall.core.clock import format_time, parse_time
from seawall.serve.web.repo import HOUR_US, MINUTE_US, newest_minute
from seawall.serve.web.visit import Refused

if TYPE_CHECKING:
    from seawall.serve.web.visit import Visit

CHOICES = {"1": "last hour", "24": "last 24 h", "168": "last 7 days"}


class Window(NamedTuple):
    """[since, until) in microseconds.

    Attributes:
        hours: its length.
        past: it ends at the newest event since nothing has happened in the time before now.
    """

    since: int
    until: int
    hours: int
    past: bool

    @property
    def slot_us(self) -> int:
        """The width of one bar of a chart over it."""
        return {1: 2 * MINUTE_US, 24: HOUR_US}.get(self.hours, 6 * HOUR_US)

    @property
    def slots(self) -> int:
        """How many bars there are."""
        return -(-(self.until - self.since) // self.slot_us)

    def query(self) -> dict[str, str]:
        """The parameters that make a list of decisions cover it."""
        return {"from": short_time(self.since), "to": short_time(self.until)}


def window_of(visit: Visit) -> Window:
    """The last hours before now; if nothing has happened in them, those before the newest event."""
    hours = int(visit.query.get("hours", "24")) if visit.query.get("hours", "24") in CHOICES else 24
    now = visit.live.clock.now()
    width = hours * HOUR_US
    newest = newest_minute(visit.live.store.ledger)
    past = newest is not None and newest < now - width
    end = newest if past and newest is not None else now
    slot = Window(0, 0, hours, past=past).slot_us
    until = (
        -(-(end + MINUTE_US) // slot) * slot
    )  # whole bars, so that a bar is never compared with half of one
    return Window(until - width, until, hours, past=past)


def time_of(text: str | None, name: str) -> int | None:
    """A time in an address, to the second or finer.

    Raises:
        Refused: it is none.
    """
    if not text:
        return None
    try:
        return parse_time(text if text.endswith("Z") or "+" in text else f"{text}Z")
    except ValueError as error:
        raise Refused(400, "No such time", f"{name}: {error}. Write it as 2026-11-22T09:30:00Z.") from None


def short_time(micros: int) -> str:
    """RFC 3339 to the second.

    >>> short_time(1_000_000)
    '1970-01-01T00:00:01Z'
    """
    return format_time(micros)[:19] + "Z"
