"""Hosts and commenters who promise returns that nobody can promise."""
# ruff: noqa: E501 - tables read better one entry to a line

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

CLAUSE = "fraud/scams#c3"
PITCH = Grammar(
    ("guaranteed {pct} percent a {time}, {how}", "my students make guaranteed returns every {time}, {how}", "risk free {what}, {pct} percent every {time}, {how}"),
    {
        "pct": ("10", "20", "30"),
        "time": ("week", "month"),
        "what": ("trading", "investment", "signals"),
        "how": ("join my group", "dm me to start", "only a few seats left"),
    },
)  # fmt: skip
MARKETS = ("SG", "SG", "MY", "GB", "US")


def guaranteed_returns(_world: World, period: Period, count: int, rng: Random) -> Iterator[act.Act]:
    """Videos with a pitch and a link to a group; in Singapore it is also a matter of law."""
    for ts in moments(count, period, rng):
        by = person(rng, rng.choice(MARKETS), language="en", days=int(rng.random() * 300))
        body = act.video(
            by, quote(PITCH.say(rng)), rng, link="traders-club.example" if rng.random() < 0.7 else None
        )
        yield act.Act(ts, "video", body, act.truth("guaranteed_returns", clause=CLAUSE, adversary=by.id))
