"""A school asks for help and its families share one link: honest, and from outside just like a burst."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.simulate import act
from seawall.simulate.grammar import Grammar, quote
from seawall.simulate.rhythm import MINUTE, campaigns, moments
from seawall.simulate.world import person, popular

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from seawall.simulate.rhythm import Period
    from seawall.simulate.world import World

TRUTH = act.truth("fundraiser")
WORDS = Grammar(
    (
        "our school runs for a new library, {ask}{end}",
        "{ask}, every lap counts{end}",
        "my {child} runs on Saturday, {ask}{end}",
    ),
    {
        "ask": ("please have a look", "every bit helps", "share if you can"),
        "child": ("son", "daughter", "niece"),
        "end": ("", " ❤️", "!", " thank you"),
    },
)
MARKETS = ("SG", "PH", "GB", "US")


def fundraiser(world: World, period: Period, count: int, rng: Random) -> Iterator[act.Act]:
    """A dozen comments within the hour, half of them from parents who only just joined."""
    running = campaigns(
        moments(max(1, count // 12), period, rng),
        count=count,
        size=(9, 15),
        length=50 * MINUTE,
        cast=lambda: (rng.choice(MARKETS), f"run-{rng.getrandbits(16):04x}.example"),
        period=period,
        rng=rng,
    )
    for ts, (market, domain) in running:
        by = person(rng, market, language="en", days=int(rng.random() * 120))
        item = popular(world.items[market], rng)
        body = act.comment(by, quote(WORDS.say(rng)), rng, item, link=quote(domain))
        yield act.Act(ts, "comment", body, TRUTH)
