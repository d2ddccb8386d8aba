"""When things happen: moments that follow the hours of the day, and bursts of them."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from seawall.simulate.markets import USE_BY_UTC_HOUR

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from random import Random

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE

Cast = TypeVar("Cast")


class Period(NamedTuple):
    """A stretch of event time, in microseconds."""

    start: int
    length: int

    @property
    def end(self) -> int:
        """The first microsecond that is no longer in it."""
        return self.start + self.length


def moments(count: int, period: Period, rng: Random) -> Iterator[int]:
    """Exactly `count` moments in order, denser in the hours when people are awake."""
    slices = max(1, min(period.length // MINUTE, 1440))
    width = period.length / slices
    weights = [USE_BY_UTC_HOUR[_hour(period.start + int(index * width))] for index in range(slices)]
    total, due, given = sum(weights), 0.0, 0
    for index, weight in enumerate(weights):
        due += count * weight / total
        here = (count if index == slices - 1 else int(due + 0.5)) - given
        given += here
        left, step = period.start + index * width, width / max(here, 1)
        for position in range(here):  # one per step, at a random place in it: in order without sorting
            yield int(left + step * (position + rng.random()))


def campaigns(
    starts: Iterator[int],
    *,
    count: int,
    size: tuple[int, int],
    length: int,
    cast: Callable[[], Cast],
    period: Period,
    rng: Random,
) -> Iterator[tuple[int, Cast]]:
    """Exactly `count` moments in order, each with the campaign it belongs to.

    A campaign begins at one of `starts`, has its own `cast()`, and posts `size` (least, most) times in about
    `length` microseconds. Memory holds the running campaigns only.
    """
    running: list[tuple[int, int, int, Cast]] = []
    serial = given = planned = 0
    upcoming = next(starts, None)
    while given < count:
        while upcoming is not None and planned < count and (not running or upcoming <= running[0][0]):
            posts = min(rng.randint(*size), count - planned)
            planned, serial = planned + posts, serial + 1
            heapq.heappush(running, (upcoming, serial, posts, cast()))
            upcoming = next(starts, None)
        if not running:  # the last start has passed: begin again at the end of the period
            upcoming = period.end - 1
            continue
        moment, number, left, who = running[0]
        yield min(moment, period.end - 1), who
        given += 1
        if left == 1:
            heapq.heappop(running)
        else:
            gap = int(rng.expovariate(1.0) * 2 * length / (size[0] + size[1]))
            heapq.heapreplace(running, (moment + gap, number, left - 1, who))


def _hour(micros: int) -> int:
    return micros // HOUR % 24
