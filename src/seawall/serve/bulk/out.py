"""What a piece comes to, by place: lines, records and counts, from whichever way each decision was made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seawall.core.decision import as_line
from seawall.core.spans import Spans
from seawall.serve.bulk.model import Counts
from seawall.store import Entry, Kind, Written, encode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from seawall.core.decision import Decision
    from seawall.serve.bulk.outcome import Outcomes
    from seawall.serve.bulk.typed import Typed

    Places = NDArray[np.intp]


class Out:
    """What is written of a piece.

    Attributes:
        keys: fingerprints of the ids of the decisions.
        lines: JSON.
        counts: of the decisions.
    """

    def __init__(self, count: int) -> None:
        self.keys = np.zeros(count, np.uint64)
        self.lines = Spans.none(count)
        self.counts = Counts()
        self._records = Spans.none(count)
        self._kinds = np.zeros(count, np.uint8)
        self._which = np.zeros(count, np.intp)
        self._shared: list[bytes] = []

    @property
    def written(self) -> Written:
        """All of it as records."""
        return Written(self._shared, self._which, self._kinds, self._records)

    def add(
        self, places: Places, lines: Spans, records: Spans, outcomes: Outcomes, numbers: NDArray[np.int64]
    ) -> None:
        """Decisions that have an outcome, by its number."""
        self.lines, self._records = self.lines.put(places, lines), self._records.put(places, records)
        self._kinds[places] = Kind.BRIEF
        used, which, times = np.unique(numbers, return_inverse=True, return_counts=True)
        listed: list[int] = used.tolist()
        self._which[places] = len(self._shared) + which
        self._shared += [outcomes.shared[number] for number in listed]
        for number, count in zip(listed, times.tolist(), strict=True):
            _count(self.counts, outcomes.decisions[number], count)

    def conclude(self, places: Places, decisions: Sequence[Decision], typed: Mapping[str, Typed]) -> None:
        """Decisions that are each their own."""
        self.lines = self.lines.put(places, Spans.of([as_line(decision) for decision in decisions]))
        self._records = self._records.put(
            places, Spans.of([encode(Entry(decision)) for decision in decisions])
        )
        self._kinds[places] = Kind.PLACED
        where: dict[str, int] = {}
        for place, decision in zip(places.tolist(), decisions, strict=True):
            if decision.type not in where:  # a record refers to something of its type, if only for the day
                where[decision.type] = len(self._shared)
                self._shared.append(typed[decision.type].shared)
            self._which[place] = where[decision.type]
            _count(self.counts, decision, 1)


def _count(counts: Counts, decision: Decision, times: int) -> None:
    counts.decided += times
    counts.actions[decision.action] += times
    for review in decision.review:
        counts.reviews[review.queue] += times
    for name in decision.fired:
        counts.fired[name] += times
    for name in decision.shadow:
        counts.shadow[name] += times
