"""The scam template: "send 50 coins, get 100 back". Accounts and words vary; one condition catches it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.simulate import act
from seawall.simulate.grammar import Grammar, quote
from seawall.simulate.rhythm import MINUTE, campaigns, moments
from seawall.simulate.world import new_id, person, popular

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from seawall.simulate.rhythm import Period
    from seawall.simulate.world import World

CLAUSE = "fraud/scams#c1"
WORDS = Grammar(
    (
        "{hook} send {n} coins to {to} and get {m} back{end}",
        "{hook} just send {n} coins now, you get {m} coins back{end}",
        "{hook} Send {n} coins today and get back {m}{end}",
        "{hook} i did send {n} coins and it's real, you get {m} back{end}",
    ),
    {
        "hook": (
            "Anniversary event!",
            "🎁 giveaway 🎁",
            "Not a joke:",
            "my cousin works there,",
            "OFFICIAL:",
            "hurry,",
        ),
        "to": ("{site}", "the wallet in my bio", "@{site}"),
        "site": ("coinday", "double-day", "giftvault", "coin2x"),
        "n": ("50", "100", "250", "500"),
        "m": ("100", "200", "500", "1000", "double"),
        "end": ("", "!", " 🔥", ", only {n} places", " ends tonight"),
    },
)
MARKETS = ("SG", "MY", "PH", "US", "GB")


def double_your_coins(world: World, period: Period, count: int, rng: Random) -> Iterator[act.Act]:
    """Campaigns of some thirty comments in half an hour, each from accounts a few days old."""
    starts = moments(max(1, count // 20), period, rng)
    running = campaigns(
        starts,
        count=count,
        size=(15, 45),
        length=30 * MINUTE,
        cast=lambda: (new_id("coins-", rng), rng.choice(MARKETS)),
        period=period,
        rng=rng,
    )
    for ts, (adversary, market) in running:
        by = person(rng, market, language="en", days=int(rng.random() * 9), followers=int(rng.random() * 15))
        item = popular(world.items[market], rng)
        text = quote(WORDS.say(rng))
        body = act.comment(by, text, rng, item)
        yield act.Act(ts, "comment", body, act.truth("double_your_coins", clause=CLAUSE, adversary=adversary))
