"""Newcomers who quote the scam to ask whether it is real, and look to a machine like who writes it."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from seawall.simulate import act
from seawall.simulate.grammar import quote
from seawall.simulate.rhythm import moments
from seawall.simulate.world import person, popular

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from random import Random

    from seawall.simulate.rhythm import Period
    from seawall.simulate.world import World

TRUTH = act.truth("asking_first")
SAID: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "ms": (
            "Betul ke ni? Orang tu tulis 'send 50 coins and get 100 back'. Ada sesiapa pernah cuba?",
            "Nak tanya, 'send 100 coins today and get 200' tu memang acara rasmi ke?",
        ),
        "en": (
            "is this for real? someone told me to send 50 coins and get 100 back, has anybody tried",
            "new here, what does 'send 100 coins and get 200 back' mean?",
        ),
    }
)
MARKETS = MappingProxyType({"ms": "MY", "en": "SG"})


def asking_first(world: World, period: Period, count: int, rng: Random) -> Iterator[act.Act]:
    """From accounts some days old, most of them in Malaysia. The first of them writes in Malay."""
    for number, ts in enumerate(moments(count, period, rng)):
        language = "ms" if not number or rng.random() < 0.7 else "en"
        market = MARKETS[language]
        by = person(
            rng, market, language=language, days=2 + int(rng.random() * 24), followers=int(rng.random() * 40)
        )
        body = act.comment(by, quote(rng.choice(SAID[language])), rng, popular(world.items[market], rng))
        yield act.Act(ts, "comment", body, TRUTH)
