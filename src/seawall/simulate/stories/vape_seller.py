"""Sellers of vapes who take orders under videos."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.simulate import act
from seawall.simulate.grammar import Grammar, quote
from seawall.simulate.rhythm import moments
from seawall.simulate.world import person, popular

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from seawall.simulate.rhythm import Period
    from seawall.simulate.world import World

CLAUSE = "regulated/goods#c1"
OFFER = Grammar(
    ("{goods} in stock, dm to order{end}", "selling {goods}, {how}{end}", "{goods} {how}, message me{end}"),
    {
        "goods": ("vape pods", "disposable vapes", "vapes all flavours"),
        "how": ("cash on delivery", "same day delivery", "no questions"),
        "end": ("", " 💨", "!!"),
    },
)
MARKETS = ("SG", "TH", "MY", "BR")


def vape_seller(world: World, period: Period, count: int, rng: Random) -> Iterator[act.Act]:
    """Scattered offers, each from an account of some months."""
    for ts in moments(count, period, rng):
        by = person(rng, rng.choice(MARKETS), language="en", days=30 + int(rng.random() * 200))
        item = popular(world.items[by.market], rng)
        body = act.comment(by, quote(OFFER.say(rng)), rng, item)
        yield act.Act(ts, "comment", body, act.truth("vape_seller", clause=CLAUSE, adversary=by.id))
