"""A breaker: a detector that keeps failing is left alone for a while, then tried once."""

from __future__ import annotations

from threading import Lock

TRIPS = 5
"""Calls in a row that brought no answer at all, after which a detector is left alone."""

REST_S = 30.0
"""For how long."""


class Breaker:
    """The state of one detector. Any thread may ask it."""

    def __init__(self) -> None:
        self._failures = 0
        self._closed_again = 0.0
        self._lock = Lock()

    @property
    def tripped(self) -> bool:
        """Whether the detector is left alone, but for a trial now and then."""
        return self._failures >= TRIPS

    def lets(self, now: float) -> bool:
        """Whether to call at a time, in seconds; after a rest, one caller may try.

        >>> breaker = Breaker()
        >>> for _ in range(TRIPS): breaker.told(answered=False, now=0.0)
        >>> breaker.lets(1.0), breaker.lets(31.0), breaker.lets(31.5)
        (False, True, False)
        """
        with self._lock:
            if self._failures < TRIPS:
                return True
            if now < self._closed_again:
                return False
            self._closed_again = now + REST_S
            return True

    def told(self, *, answered: bool, now: float) -> None:
        """A call ended: with some answer, or with none."""
        with self._lock:
            self._failures = 0 if answered else self._failures + 1
            if self._failures == TRIPS:
                self._closed_again = now + REST_S
