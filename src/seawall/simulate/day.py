"""Weaves the stories into one stream in time order, and gives each event its id."""

from __future__ import annotations

import hashlib
import heapq
from random import Random
from typing import TYPE_CHECKING

import msgspec

from seawall.core.clock import format_time
from seawall.simulate.rhythm import MINUTE, SECOND
from seawall.simulate.stories import STORIES
from seawall.simulate.stories.table import counts
from seawall.simulate.world import populate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seawall.simulate.rhythm import Period


class Truth(msgspec.Struct, frozen=True):
    """What is true of one simulated event. It lies beside the events, and deciding never sees it.

    Attributes:
        event_id: the event.
        clause: the clause of the starter project that it falls under, or None: nothing should happen to it.
        adversary: the campaign or account behind it, or None.
        story: the story it belongs to.
    """

    event_id: str
    clause: str | None
    adversary: str | None
    story: str


def day(period: Period, *, events: int, seed: int) -> Iterator[tuple[str, str]]:
    """Exactly `events` pairs of lines (event, truth), each a JSON document, in time order.

    The same arguments give the same lines. Every story has its own randomness, so a change to one leaves what
    the others say as it was.
    """
    world = populate(Random(f"{seed}/world"), events=events)  # noqa: S311 (a simulation, not a secret)
    told = counts(events)
    streams = [
        story.tell(world, period, told[story.name], Random(f"{seed}/{story.name}"))  # noqa: S311
        for story in STORIES
        if told[story.name]
    ]
    run = hashlib.sha256(f"{seed}/{events}/{period.start}/{period.length}".encode()).hexdigest()[:6]
    minute, prefix = (
        -1,
        "",
    )  # format specifications are slow: a time is formatted once a minute, the rest is sliced
    for number, (ts, type_, body, truth) in enumerate(heapq.merge(*streams)):
        this, micros = divmod(ts, MINUTE)
        if this != minute:
            minute, prefix = this, format_time(this * MINUTE)[:17]
        digits = str(MINUTE + micros + 40 * SECOND)  # one digit, two of seconds, six of microseconds
        yield (
            f'{{"id":"{run}-{number}","type":"{type_}","ts":"{prefix}{digits[1:3]}.{digits[3:]}Z",{body}}}\n',
            f'{{"event_id":"{run}-{number}",{truth}}}\n',
        )
