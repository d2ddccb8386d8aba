"""The random lane: which decisions people look at again, blind, so that what machines do can be measured."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from seawall.review.model import Chance

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seawall.policy.model import RandomLane

EVERYTHING = "*"
_RESOLUTION = 2**64


class Lane(msgspec.Struct, frozen=True, kw_only=True):
    """How often the random lane draws: what the project says, and a secret that it does not.

    Attributes:
        queue: where its tasks wait.
        salt: keeps who sends content, and who reads the project, from computing what will be drawn; it stays
            as long as the data does.
        rate: chance that an item on which a live strategy fired is drawn to measure it.
        rates: other chances, by strategy: near 1 for one that fires rarely.
        everything: chance that any decision is drawn, whatever was decided: for leakage and prevalence.
    """

    queue: str
    salt: str
    rate: float = 0.01
    rates: dict[str, float] = {}
    everything: float = 0.0


def lane_of(declared: RandomLane, salt: str) -> Lane:
    """The lane of a project with the salt of a data folder."""
    return Lane(
        queue=declared.queue,
        salt=salt,
        rate=declared.rate,
        rates=declared.rates,
        everything=declared.everything,
    )


def draw(lane: Lane, decision_id: str, fired: Iterable[str]) -> tuple[Chance, ...]:
    """What a decision was drawn to measure, each with its probability; nothing if it was not drawn.

    One salted number per decision is compared with every chance, so one task measures all strategies that
    fired on it, and each keeps its own exact probability. The same decision is always drawn or always left,
    whoever asks and how often.

    >>> lane = Lane(queue="random", salt="s", rate=0.0, rates={"scam.giveaway": 1.0})
    >>> draw(lane, "d1", ["scam.giveaway", "spam.links"])
    (Chance(frame='scam.giveaway', probability=1.0),)
    >>> draw(lane, "d1", ["spam.links"])
    ()
    """
    number = _number(lane.salt, decision_id)
    wanted = {name: lane.rates.get(name, lane.rate) for name in fired} | {EVERYTHING: lane.everything}
    return tuple(Chance(frame, chance) for frame, chance in sorted(wanted.items()) if number < chance)


def _number(salt: str, decision_id: str) -> float:
    """Evenly between 0 and 1, 1 excluded, and unpredictable without the salt."""
    keyed = hashlib.blake2b(decision_id.encode("utf-8", "surrogatepass"), key=_key(salt), digest_size=8)
    return (int.from_bytes(keyed.digest(), "big") >> 11) / (_RESOLUTION >> 11)


def _key(salt: str) -> bytes:
    return hashlib.sha256(salt.encode("utf-8", "surrogatepass")).digest()
