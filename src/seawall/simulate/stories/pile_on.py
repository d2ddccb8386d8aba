"""A pile-on: dozens of accounts tell one person, in mild words here, that nobody wants them around."""
# ruff: noqa: E501 - tables read better one entry to a line

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from seawall.simulate import act
from seawall.simulate.grammar import Grammar, quote
from seawall.simulate.rhythm import MINUTE, campaigns, moments
from seawall.simulate.world import any_of, new_id

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from seawall.simulate.rhythm import Period
    from seawall.simulate.world import World

CLAUSE = "harassment/bullying#c2"
WORDS = MappingProxyType(
    {
        "en": Grammar(
            ("nobody asked you{end}", "just log off already{end}", "{name} again, how embarrassing{end}", "you ruin every video{end}", "unfollow {name} everyone{end}", "so cringe{end}"),
            {"end": ("", "!", " 🙄", " lol", " please"), "name": ("this one", "that person", "you")},
        ),
        "id": Grammar(
            ("nggak ada yang nanya{end}", "udah keluar aja deh{end}", "malu-maluin banget{end}", "ayo unfollow rame-rame{end}"),
            {"end": ("", "!", " 🙄", " wkwk")},
        ),
        "ms": Grammar(
            ("tak ada siapa tanya{end}", "keluar je lah{end}", "memalukan betul{end}"), {"end": ("", "!", " 🙄", " haha")}
        ),
    }
)  # fmt: skip
SPOKEN = (("SG", "en"), ("ID", "id"), ("MY", "ms"), ("GB", "en"), ("US", "en"))


def pile_on(world: World, period: Period, count: int, rng: Random) -> Iterator[act.Act]:
    """Ordinary accounts, most of them old enough to know better, all aimed at one person for half an hour."""
    running = campaigns(
        moments(max(1, count // 35), period, rng),
        count=count,
        size=(25, 60),
        length=30 * MINUTE,
        cast=lambda: (new_id("pile-", rng), *rng.choice(SPOKEN), rng.random()),
        period=period,
        rng=rng,
    )
    for ts, (adversary, market, language, where) in running:
        items = world.items[market]
        item = items[int(where * len(items))]
        by = any_of(world.people[market], rng)
        while by.language != language:
            by = any_of(world.people[market], rng)
        text = quote(WORDS[language].say(rng))
        body = act.comment(by, text, rng, item, mentions=1)
        yield act.Act(ts, "comment", body, act.truth("pile_on", clause=CLAUSE, adversary=adversary))
