"""What is told of a text and those before it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]


class Neighbour(NamedTuple):
    """The nearest text before one, within the window.

    Attributes:
        similarity: to it, 0 to 1; 0 where nothing came near.
        group: of the texts that are near one another, 16 hexadecimal digits.
        size: how often the group was seen in the window, this text included.
        first_seen: when first, in microseconds.
    """

    similarity: float
    group: str
    size: int
    first_seen: int


class Limits(NamedTuple):
    """What is kept.

    Attributes:
        window_us: how long a text counts, in event time.
        texts: different ones kept; beyond it the oldest go, and a group that only they knew begins anew.
        sightings: counted in all groups together; beyond it the oldest are no longer counted.
        nearness: similarity from which two texts belong together.
    """

    window_us: int
    texts: int
    nearness: float

    @property
    def sightings(self) -> int:
        """Ten for each text."""
        return 10 * self.texts


class Index(Protocol):
    """Finds what is near among what was added lately; places go round."""

    def prepare(self, texts: Sequence[str]) -> Sequence[object | None]:
        """A sketch of each text; None of one that is too short."""
        ...

    def nearest(self, sketch: object) -> tuple[int, float] | None:
        """The place and similarity of the nearest one; of equals, any. None: nothing is near."""
        ...

    def put(self, place: int, sketch: object) -> None:
        """Keep a sketch, in the place of what was there."""
        ...


class Embed(Protocol):
    """What an encoder of sentences does."""

    def __call__(self, texts: Sequence[str], /) -> Vectors:
        """One vector of length 1 for each text; shape (texts, dimensions)."""
        ...
