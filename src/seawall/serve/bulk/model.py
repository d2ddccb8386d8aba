"""What goes between those who judge pieces of a stream and the one who keeps their order."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from seawall.core.spans import Spans
    from seawall.features import Requests
    from seawall.ingest import DeadLetter
    from seawall.store import Bulk


class Named(NamedTuple):
    """Whose decision an event gets: the key of de-duplication, and the content that must be the same.

    Attributes:
        place: of its line in the piece.
        letter: what becomes of the line if it was decided before with another content.
    """

    place: int
    source: str | None
    id: str
    digest: str
    letter: DeadLetter


@dataclass(frozen=True, slots=True)
class Asked:
    """What the events of a piece need that depends on those before them.

    Attributes:
        keys: fingerprints of their ids, in order of arrival; shape (events,).
        ids: theirs.
        sources: theirs; None where none has one.
        requests: for the features of all of them.
    """

    keys: NDArray[np.uint64]
    ids: list[str]
    sources: list[str | None] | None
    requests: Requests


@dataclass(slots=True)
class Counts:
    """What was decided, counted."""

    decided: int = 0
    actions: Counter[str] = field(default_factory=Counter[str])
    reviews: Counter[str] = field(default_factory=Counter[str])
    fired: Counter[str] = field(default_factory=Counter[str])
    shadow: Counter[str] = field(default_factory=Counter[str])


@dataclass(frozen=True, slots=True)
class Judged:
    """A piece, decided but not durable yet.

    Attributes:
        bulk: what is to be recorded; None where nothing new was decided.
        lines: decisions as JSON lines, in order of arrival.
        places: of their lines in the piece.
        repeats: events that were decided before, here or earlier.
        letters: what could not be decided, by place.
        counts: of the decisions in `lines`.
        count: how many lines the piece had.
        records: how many of them were not empty.
    """

    bulk: Bulk | None
    lines: Spans
    places: list[int]
    repeats: list[Named]
    letters: dict[int, DeadLetter]
    counts: Counts
    count: int
    records: int
