"""LIVE rooms that a story opens: one host, a segment every so often, gifts and viewers growing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seawall.simulate.rhythm import MINUTE, campaigns, moments
from seawall.simulate.world import new_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from random import Random

    from seawall.simulate.rhythm import Period
    from seawall.simulate.world import Person


class OnAir(NamedTuple):
    """A room of a story."""

    id: str
    host: Person
    title: str
    viewers: int
    guest: Person | None = None


def on_air(
    period: Period, count: int, rng: Random, *, minutes: int, room: Callable[[], OnAir]
) -> Iterator[tuple[int, OnAir, int]]:
    """Moments in order, each with its room and the minute the room is in."""
    running = campaigns(
        moments(max(1, count // 10), period, rng),
        count=count,
        size=(6, 18),
        length=minutes * MINUTE,
        cast=lambda: (room(), [0]),  # the list remembers when the room was first seen
        period=period,
        rng=rng,
    )
    for ts, (here, opened) in running:
        opened[0] = opened[0] or ts
        yield ts, here, (ts - opened[0]) // MINUTE


def room_id(rng: Random) -> str:
    """A new room's id, like any other."""
    return new_id("l", rng)
