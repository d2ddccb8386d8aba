"""A ring that sells from many accounts on few devices: it rotates accounts and varies its words."""
# ruff: noqa: E501 - tables read better one entry to a line

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seawall.simulate import act
from seawall.simulate.grammar import Grammar, quote
from seawall.simulate.rhythm import MINUTE, campaigns, moments
from seawall.simulate.world import any_of, device, new_id, person, popular

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from seawall.simulate.rhythm import Period
    from seawall.simulate.world import Person, World

CLAUSE = "spam/commercial-spam#c1"
WORDS = Grammar(
    (
        "{lead} {goods} {deal}{tail}",
        "{goods} {deal}, {lead}{tail}",
        "{lead} the {goods} everyone asks for{tail}",
    ),
    {
        "lead": ("best price on", "b e s t price:", "last pieces of", "check our shop for", "don't miss"),
        "goods": ("phone cases", "ph0ne cases", "wireless earbuds", "w!reless earbuds", "kitchen knives set", "LED strips"),
        "deal": ("70% off", "buy one get two", "factory price", "free shipping"),
        "tail": ("", " 👉 link", " ✅", " today only", " dm us", " 💯💯"),
    },
)  # fmt: skip
MARKETS = ("SG", "MY", "ID", "PH", "GB")


class Ring(NamedTuple):
    """Accounts that act together."""

    id: str
    market: str
    domain: str
    accounts: tuple[Person, ...]


def spam_ring(world: World, period: Period, count: int, rng: Random) -> Iterator[act.Act]:
    """Each ring runs a dozen or more accounts on three devices for an hour and sells on one domain."""
    running = campaigns(
        moments(max(1, count // 40), period, rng),
        count=count,
        size=(30, 80),
        length=60 * MINUTE,
        cast=lambda: _ring(rng),
        period=period,
        rng=rng,
    )
    for ts, ring in running:
        item = popular(world.items[ring.market], rng)
        text = quote(WORDS.say(rng))
        by = any_of(ring.accounts, rng)
        body = act.comment(by, text, rng, item, link=quote(ring.domain))
        yield act.Act(ts, "comment", body, act.truth("spam_ring", clause=CLAUSE, adversary=ring.id))


def _ring(rng: Random) -> Ring:
    market = rng.choice(MARKETS)
    devices = [device(rng) for _ in range(3)]
    accounts = tuple(
        person(rng, market, language="en", days=int(rng.random() * 40), followers=int(rng.random() * 40), on_device=rng.choice(devices))
        for _ in range(rng.randint(10, 20))
    )  # fmt: skip
    return Ring(new_id("ring-", rng), market, f"deals-{rng.getrandbits(16):04x}.example", accounts)
