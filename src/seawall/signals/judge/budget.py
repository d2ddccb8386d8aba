"""How many calls a day a judge may make."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

DAY_S = 86_400


class DailyBudget:
    """Counts calls by UTC day; threads may share it.

    >>> budget = DailyBudget(1, seconds=lambda: 0.0)
    >>> budget.spend(), budget.spend()
    (True, False)
    """

    def __init__(self, calls: int, *, seconds: Callable[[], float]) -> None:
        """Allow so many calls a day.

        Args:
            calls: a day.
            seconds: the clock, since 1970.
        """
        self._calls = calls
        self._seconds = seconds
        self._lock = Lock()
        self._day = -1
        self._spent = 0

    def spend(self) -> bool:
        """Take one call, if there is one left today."""
        day = int(self._seconds() // DAY_S)
        with self._lock:
            if day != self._day:
                self._day, self._spent = day, 0
            if self._spent >= self._calls:
                return False
            self._spent += 1
            return True
