"""Signals as deciding read them, and the chance with which an event had all of them bought."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seawall.core.decision import Reading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from seawall.core.decision import Decision
    from seawall.core.event import Event

_NOT_BOUGHT = Reading(null="not_bought")


class RecordedSignals:
    """Asks nobody: what was not bought then is NULL now.

    Args:
        decided: what was decided about each event; None where nobody knows.
    """

    def __init__(self, decided: Sequence[Decision | None]) -> None:
        self._bought = {each.event_id: each.signals for each in decided if each is not None}

    def read(self, signal: str, events: Sequence[Event]) -> list[Reading]:
        """One reading per event, in order."""
        return [self._bought.get(event.id, {}).get(signal, _NOT_BOUGHT) for event in events]


def audit_chances(decided: Sequence[Decision | None], count: int) -> NDArray[np.float64]:
    """With which probability an event came into the audit sample; 0 where it did not. Shape (count,)."""
    known = [each.audit_probability if each is not None and each.audit else 0.0 for each in decided]
    return np.array(known or [0.0] * count, np.float64)
