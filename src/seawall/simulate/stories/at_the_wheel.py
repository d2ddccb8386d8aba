"""Drivers who host while they drive: the car moves, and the camera faces the driver's seat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.simulate import act
from seawall.simulate.grammar import quote
from seawall.simulate.stories.on_air import OnAir, on_air, room_id
from seawall.simulate.world import person

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from seawall.simulate.rhythm import Period
    from seawall.simulate.world import World

CLAUSE = "dangerous-acts/driving#c1"
SPEECH = (
    "traffic is slow so let me read your comments",
    "wait, I have to turn here",
    "hello hello, yes I am driving home",
)
MARKETS = ("MY", "TH", "BR", "US", "MX", "ID")


def at_the_wheel(_world: World, period: Period, count: int, rng: Random) -> Iterator[act.Act]:
    """Rides of twenty minutes; the scene model is unsure in one segment of ten and says nothing."""

    def room() -> OnAir:
        host = person(rng, rng.choice(MARKETS), age=18 + int(rng.expovariate(0.1)))
        return OnAir(room_id(rng), host, quote("driving home with you"), rng.randint(5, 400))

    for ts, here, minute in on_air(period, count, rng, minutes=20, room=room):
        body = act.live_segment(
            here.host,
            quote(rng.choice(SPEECH)),
            rng,
            room=here.id,
            title=here.title,
            room_minute=minute,
            viewers=here.viewers,
            speed_kmh=max(0.0, rng.gauss(45, 22)),
            driver_view=None if rng.random() < 0.1 else True,
        )
        yield act.Act(
            ts, "live_segment", body, act.truth("at_the_wheel", clause=CLAUSE, adversary=here.host.id)
        )
