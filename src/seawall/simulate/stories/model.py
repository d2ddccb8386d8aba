"""The shape of a story."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from random import Random

    from seawall.simulate.act import Act
    from seawall.simulate.rhythm import Period
    from seawall.simulate.world import World

Teller: TypeAlias = "Callable[[World, Period, int, Random], Iterator[Act]]"


class Story(NamedTuple):
    """One thing that happens.

    Attributes:
        name: as the truth file gives it.
        share: of all events.
        tell: makes the acts: a world, a period, how many, randomness.
        clause: the clause of the starter project that it violates, or None.
        describes: what happens, in a sentence.
    """

    name: str
    share: float
    tell: Teller
    clause: str | None
    describes: str
