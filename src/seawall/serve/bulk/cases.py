"""Events of a piece that have no outcome yet: something is open, or they need a look of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.decide.model import Looked

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from seawall.core.decision import Reading
    from seawall.core.event import Event
    from seawall.decide.column import Found
    from seawall.features import Answer
    from seawall.ingest.scanned import ScannedRows
    from seawall.ingest.take_lines import Rows

    Places = NDArray[np.intp]


class Cases:
    """Events of any types.

    Attributes:
        places: of each in its batch.
        events: themselves.
        readings: their features.
        audited: which are in the audit sample.
    """

    def __init__(self) -> None:
        self.places: list[int] = []
        self.events: list[Event] = []
        self.readings: list[dict[str, Reading]] = []
        self.audited: list[bool] = []
        self._must: list[list[int]] = []
        self._open: list[list[int]] = []

    @property
    def looked(self) -> Looked:
        """What a column program found of them."""
        return Looked(self._must, self._open)

    def add(
        self,
        rows: Rows | ScannedRows,
        which: Places,
        places: Places,
        features: dict[str, Answer],
        found: Found,
        audited: NDArray[np.bool_],
    ) -> None:
        """Some rows of one type."""
        chosen = which.tolist()
        must, open_ = (pairs.by_row(len(rows)) for pairs in (found.must, found.open))
        self.places += places.tolist()
        self.events += rows.events(which)
        self._must += [must[row] for row in chosen]
        self._open += [open_[row] for row in chosen]
        self.audited += audited[which].tolist()
        readings = {name: _taken(answer, which) for name, answer in features.items()}
        self.readings += [{name: each[n] for name, each in readings.items()} for n in range(len(chosen))]

    def in_order(self) -> Cases:
        """The same in order of arrival."""
        order = sorted(range(len(self.places)), key=self.places.__getitem__)
        same = Cases()
        same.places = [self.places[n] for n in order]
        same.events = [self.events[n] for n in order]
        same.readings = [self.readings[n] for n in order]
        same.audited = [self.audited[n] for n in order]
        same._must, same._open = [self._must[n] for n in order], [self._open[n] for n in order]
        return same


def _taken(answer: Answer, which: Places) -> list[Reading]:
    return type(answer)(answer.values[which], answer.nulls[which], answer.kind).readings()
