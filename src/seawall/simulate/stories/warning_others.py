"""Honest people who quote a scam to warn of it, joke about one, or comfort someone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.simulate import act
from seawall.simulate.grammar import quote
from seawall.simulate.rhythm import moments
from seawall.simulate.world import any_of, popular

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from seawall.simulate.rhythm import Period
    from seawall.simulate.world import World

TRUTH = act.truth("warning_others")
SAID = (
    "careful, it's a scam: they tell you to send 100 coins and get 200 back",
    "do not believe the 'send 50 coins get 100 back' comments, please report them",
    "anyone else get the fake 'verify your account' messages today?",
    "my bank never asks me to verify your account stuff, be careful",
    "you are not alone, please talk to someone, many of us have been there",
    "I used to think everyone would be better off without me. I got help and I am glad I did",
    "send 5 coins to the busker, he deserves it",
)
MARKETS = ("SG", "MY", "PH", "US", "GB")


def warning_others(world: World, period: Period, count: int, rng: Random) -> Iterator[act.Act]:
    """Established accounts, in the comments."""
    for ts in moments(count, period, rng):
        market = rng.choice(MARKETS)
        by = any_of(world.people[market], rng)
        while by.language != "en":
            by = any_of(world.people[market], rng)
        item = popular(world.items[market], rng)
        body = act.comment(by, quote(rng.choice(SAID)), rng, item)
        yield act.Act(ts, "comment", body, TRUTH)
