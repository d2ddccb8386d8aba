"""What is known of one event type under one engine before its events come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seawall.ingest.take_lines import Rows
from seawall.serve.bulk.outcome import Outcomes
from seawall.serve.bulk.plain import Plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from seawall.decide.column import Found
    from seawall.decide.engine import Engine
    from seawall.features import Answer
    from seawall.ingest.scanned import ScannedRows

_LEAST = np.iinfo(np.int64).min


class Typed:
    """How decisions on one event type are written.

    Attributes:
        features: of the type, in the order of their definitions.
        outcomes: of its events.
        plain: writes those on which nothing fired, of rows that were not scanned.
    """

    def __init__(self, engine: Engine, event_type: str, features: Sequence[str]) -> None:
        self.features = tuple(features)
        self.outcomes = Outcomes(engine, event_type, features)
        self.plain = Plain(engine, event_type, features)

    @property
    def shared(self) -> bytes:
        """What decisions have in common of which no more is known."""
        return self.plain.shared

    def numbers(
        self,
        rows: Rows | ScannedRows,
        found: Found,
        audited: NDArray[np.bool_],
        answers: Sequence[Answer],
    ) -> NDArray[np.int64]:
        """The number of the outcome of each row, -1 where it is to be decided as a case; shape (rows,)."""
        outcomes = self.outcomes
        numbers = np.full(len(rows), -1, np.int64)
        if not outcomes.able:
            return numbers
        numbers[:] = outcomes.of((), None, None, audited=False, acted=False)
        numbers[found.open.rows] = -1
        if isinstance(rows, Rows):
            numbers[found.must.rows] = numbers[audited] = -1
            return numbers
        if outcomes.buys:
            numbers[audited] = -1
        for answer in answers:
            if answer.values.dtype == np.int64:
                numbers[answer.values == _LEAST] = -1  # no digits for it in the compiled form
        chosen = np.flatnonzero((numbers == 0) & audited)
        numbers[chosen] = outcomes.of((), None, None, audited=True, acted=False) if len(chosen) else 0
        self._of_fired(rows, found, audited, numbers)
        return numbers

    def _of_fired(
        self, rows: ScannedRows, found: Found, audited: NDArray[np.bool_], numbers: NDArray[np.int64]
    ) -> None:
        """Set the numbers of rows on which something is true and nothing open."""
        true: dict[int, list[int]] = {}
        pairs = numbers[found.must.rows] >= 0
        listed: list[int] = found.must.conditions[pairs].tolist()
        for row, condition in zip(found.must.rows[pairs].tolist(), listed, strict=True):
            true.setdefault(row, []).append(condition)
        if not true:
            return
        which = np.array(list(true), np.intp)
        markets, languages = rows.column("market").at(which), rows.column("language").at(which)
        actor = rows.form.event_type.actor
        acted = np.zeros(len(which), np.bool_) if actor is None else rows.column(actor).known[which]
        numbers[which] = [
            self.outcomes.of(conditions, market, language, audited=drawn, acted=by)
            for conditions, market, language, drawn, by in zip(
                true.values(), markets, languages, audited[which].tolist(), acted.tolist(), strict=True
            )
        ]
