"""`random_lane:` in seawall.yml: how often people look again, blind, so that machines are measured."""

from __future__ import annotations

from typing import Annotated

from seawall.policy.kinds.names import NAME, STRATEGY_NAME
from seawall.policy.model import RandomLane
from seawall.policy.records import Key, Lines, Record
from seawall.policy.shapes import At, Entry, MapOf, Number

_CHANCE = Number("a chance from 0 to 1", least=0, most=1, hint="0.05 draws one in twenty, 0 none, 1 all")


class LaneFile(Lines, frozen=True, kw_only=True):
    """The block as written."""

    queue: Annotated[
        At[str], Key(NAME, "Where its tasks wait; its reviewers are not told what was concluded before.")
    ]
    rate: Annotated[
        At[float] | None,
        Key(_CHANCE, "Chance that what a live strategy fired on is drawn, to measure it; default 0.01."),
    ] = None
    rates: Annotated[
        tuple[Entry[At[float]], ...],
        Key(
            MapOf(STRATEGY_NAME, _CHANCE, "a map from strategy to chance"),
            "Other chances, by strategy: near 1 for one that fires rarely.",
        ),
    ] = ()
    everything: Annotated[
        At[float] | None,
        Key(
            _CHANCE,
            "Chance that a decision is drawn whatever was concluded, to measure leakage; default 0.",
        ),
    ] = None


LANE = Record(LaneFile, "the random lane")


def build_lane(file: LaneFile) -> RandomLane:
    """The random lane with its defaults."""
    return RandomLane(
        queue=file.queue.value,
        rate=0.01 if file.rate is None else file.rate.value,
        rates={entry.key.value: entry.value.value for entry in file.rates},
        everything=file.everything.value if file.everything else 0.0,
        span=file.queue.span,
    )
