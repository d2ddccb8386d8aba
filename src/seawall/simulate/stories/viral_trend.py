"""A harmless trend: thousands post nearly the same caption within hours, as a ring of spammers would."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.simulate import act
from seawall.simulate.grammar import Grammar, quote
from seawall.simulate.markets import MARKETS
from seawall.simulate.rhythm import HOUR, Period, moments
from seawall.simulate.world import any_of, popular

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from seawall.simulate.world import World

TRUTH = act.truth("viral_trend")
CAPTIONS = Grammar(
    ("#teaspoontower my turn{end}", "#teaspoontower {n} spoons{end}", "ok my turn #teaspoontower{end}"),
    {"n": ("9", "12", "17", "21"), "end": ("", "!", " 😂", " 🥄", " lol")},
)
COMMENT = quote("my turn #teaspoontower")


def viral_trend(world: World, period: Period, count: int, rng: Random) -> Iterator[act.Act]:
    """It begins in the second half of the period, everywhere at once, and grows."""
    begins = period.start + period.length // 2
    wave = Period(begins, max(1, min(3 * HOUR, period.end - begins)))
    for ts in moments(count, wave, rng):
        market = rng.choices(MARKETS, [market.share for market in MARKETS])[0].code
        by = any_of(world.people[market], rng)
        if rng.random() < 0.6:
            body = act.video(by, quote(CAPTIONS.say(rng)), rng, hashtags='["teaspoontower"]')
            yield act.Act(ts, "video", body, TRUTH)
        else:
            item = popular(world.items[market], rng)
            yield act.Act(ts, "comment", act.comment(by, COMMENT, rng, item), TRUTH)
