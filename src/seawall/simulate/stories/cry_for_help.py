"""People who are not well and say so, quietly. They violate nothing; their clause is the one that helps."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from seawall.simulate import act
from seawall.simulate.grammar import quote
from seawall.simulate.rhythm import moments
from seawall.simulate.world import any_of, popular

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from random import Random

    from seawall.simulate.rhythm import Period
    from seawall.simulate.world import World

CLAUSE = "wellbeing/self-harm#c1"
SAID: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "en": (
            "i don't want to be here anymore",
            "i can't see a way forward and i am so tired",
            "i feel like everyone would be better off without me",
            "lately it all feels too heavy to carry",  # worded past every list: a person has to notice
        ),
        "id": ("aku sudah tidak sanggup lagi", "rasanya semua akan lebih baik tanpa aku"),
        "ms": ("saya dah tak sanggup lagi", "rasa macam semua lebih baik tanpa saya"),
        "zh": ("我真的撑不下去了", "没有我大家会更好"),
    }
)
MARKETS = ("SG", "MY", "ID", "PH", "US", "GB")


def cry_for_help(world: World, period: Period, count: int, rng: Random) -> Iterator[act.Act]:
    """One at a time, from accounts like any other, in comments and captions."""
    for ts in moments(count, period, rng):
        market = rng.choice(MARKETS)
        by = any_of(world.people[market], rng)
        while by.language not in SAID:
            by = any_of(world.people[market], rng)
        text = quote(rng.choice(SAID[by.language]))
        mark = act.truth("cry_for_help", clause=CLAUSE)
        if rng.random() < 0.7:
            item = popular(world.items[market], rng)
            yield act.Act(ts, "comment", act.comment(by, text, rng, item), mark)
        else:
            yield act.Act(ts, "video", act.video(by, text, rng), mark)
