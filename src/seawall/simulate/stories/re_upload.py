"""Removed adult clips that come back, known by their hash or seen by the platform's own model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.simulate import act
from seawall.simulate.grammar import quote
from seawall.simulate.rhythm import moments
from seawall.simulate.world import person

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from seawall.simulate.rhythm import Period
    from seawall.simulate.world import World

CLAUSE = "adult/nudity#c1"
MARKETS = ("TH", "BR", "US", "DE", "FR", "ID")


def re_upload(_world: World, period: Period, count: int, rng: Random) -> Iterator[act.Act]:
    """Half of them match a hash of what was removed before; the model is sure of most of the rest."""
    for ts in moments(count, period, rng):
        by = person(rng, rng.choice(MARKETS), days=int(rng.random() * 60))
        known = rng.random() < 0.5
        body = act.video(
            by,
            quote("full clip on my page"),
            rng,
            known_match="removed-adult" if known else None,
            adult_score=min(0.999, 0.7 + rng.random() * 0.3),
        )
        yield act.Act(ts, "video", body, act.truth("re_upload", clause=CLAUSE, adversary=by.id))
