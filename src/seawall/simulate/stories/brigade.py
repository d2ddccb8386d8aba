"""False reporters: a few devices with many young accounts flag one innocent creator until something gives."""
# ruff: noqa: E501 - tables read better one entry to a line

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seawall.simulate import act
from seawall.simulate.grammar import quote
from seawall.simulate.rhythm import MINUTE, campaigns, moments
from seawall.simulate.world import device, new_id, person, popular

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from seawall.simulate.rhythm import Period
    from seawall.simulate.world import Item, World

CLAUSE = "integrity/false-reporting#c1"
MARKETS = ("SG", "ID", "BR", "US")


class Brigade(NamedTuple):
    """Reporters who act together against one item."""

    id: str
    market: str
    item: Item
    devices: tuple[str, ...]
    reason: str


def brigade(world: World, period: Period, count: int, rng: Random) -> Iterator[act.Act]:
    """Thirty and more reports in a quarter of an hour, each from another account, from four devices in all."""

    def cast() -> Brigade:
        market = rng.choice(MARKETS)
        devices = tuple(device(rng) for _ in range(4))
        return Brigade(
            new_id("brigade-", rng),
            market,
            popular(world.items[market], rng),
            devices,
            rng.choice(("hate", "minor_safety")),
        )

    running = campaigns(
        moments(max(1, count // 40), period, rng), count=count, size=(30, 60), length=15 * MINUTE, cast=cast, period=period, rng=rng
    )  # fmt: skip
    for ts, band in running:
        by = person(
            rng,
            band.market,
            days=int(rng.random() * 25),
            followers=int(rng.random() * 5),
            on_device=rng.choice(band.devices),
        )
        body = act.report(
            by,
            rng,
            reported=band.item.id,
            target=band.item.creator,
            reason=band.reason,
            text=quote("remove this creator"),
            accuracy=rng.random() * 0.15 if rng.random() < 0.5 else None,
        )
        yield act.Act(ts, "report", body, act.truth("brigade", clause=CLAUSE, adversary=band.id))
