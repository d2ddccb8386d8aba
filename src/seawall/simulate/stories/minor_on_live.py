"""Children who host: some are known to be too young, some only say so while they speak."""
# ruff: noqa: E501 - tables read better one entry to a line

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.simulate import act
from seawall.simulate.grammar import Grammar, quote
from seawall.simulate.stories.on_air import OnAir, on_air, room_id
from seawall.simulate.world import person

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from seawall.simulate.rhythm import Period
    from seawall.simulate.world import World

CLAUSE = "minor-safety/live#c1"
SPEECH = Grammar(
    ("hi everyone, {cue}, today I draw {what}", "thanks for joining, {cue}", "I have to stop soon, {cue}", "this is my {what}, look", "hello hello, can you hear me"),
    {"cue": ("i am thirteen", "i'm in seventh grade", "my mum says bedtime is nine", "i just turned fourteen"), "what": ("dog", "homework", "new pencils")},
)  # fmt: skip
MARKETS = ("SG", "ID", "PH", "US", "BR", "GB")


def minor_on_live(_world: World, period: Period, count: int, rng: Random) -> Iterator[act.Act]:
    """Rooms of half an hour; two in three hosts have an honest age, the others say they are adults."""

    def room() -> OnAir:
        age = rng.randint(12, 15) if rng.random() < 0.66 else rng.randint(18, 20)
        host = person(rng, rng.choice(MARKETS), language="en", age=age, days=int(rng.random() * 200))
        return OnAir(room_id(rng), host, quote("drawing with me"), rng.randint(3, 80))

    for ts, here, minute in on_air(period, count, rng, minutes=30, room=room):
        gifts = rng.expovariate(0.3) if rng.random() < 0.3 else 0.0
        body = act.live_segment(
            here.host,
            quote(SPEECH.say(rng)),
            rng,
            room=here.id,
            title=here.title,
            room_minute=minute,
            viewers=here.viewers,
            gift_value_usd=gifts,
        )
        yield act.Act(
            ts, "live_segment", body, act.truth("minor_on_live", clause=CLAUSE, adversary=here.host.id)
        )
