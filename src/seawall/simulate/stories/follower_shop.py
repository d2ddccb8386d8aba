"""Shops for followers and likes, advertised in bios."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.simulate import act
from seawall.simulate.grammar import Grammar, quote
from seawall.simulate.rhythm import moments
from seawall.simulate.world import person

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from seawall.simulate.rhythm import Period
    from seawall.simulate.world import World

CLAUSE = "integrity/manipulation#c1"
BIO = Grammar(
    ("{buy} {what}, {fast}", "{what} {cheap} | {fast}", "grow fast: {buy} {what}"),
    {
        "buy": ("buy", "order", "get"),
        "what": ("1000 followers", "real followers", "5k likes", "likes and views"),
        "cheap": ("cheap", "from 2 dollars", "best rate"),
        "fast": ("delivery in 1 hour", "instant", "no password needed"),
    },
)
MARKETS = ("ID", "PH", "BR", "US", "TH")


def follower_shop(_world: World, period: Period, count: int, rng: Random) -> Iterator[act.Act]:
    """New profiles that follow thousands and sell to anyone."""
    for ts in moments(count, period, rng):
        by = person(rng, rng.choice(MARKETS), language="en", days=int(rng.random() * 30))
        body = act.account(
            by,
            quote(BIO.say(rng)),
            change="signup" if rng.random() < 0.5 else "profile",
            username=f"boost_{by.id[-5:]}",
            followees=rng.randint(1500, 7000),
            link="growfast.example" if rng.random() < 0.6 else None,
            email="throwaway.example",
        )
        yield act.Act(ts, "account", body, act.truth("follower_shop", clause=CLAUSE, adversary=by.id))
