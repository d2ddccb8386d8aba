"""Slows down guessing: after a few failed sign-ins the next has to wait, and each failure doubles it."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING

import msgspec

from seawall.core.clock import MICROS_PER_SECOND

if TYPE_CHECKING:
    from seawall.core.clock import Clock


class _Failures(msgspec.Struct, frozen=True):
    count: int
    last: int  # microseconds since 1970


class Throttle:
    """Remembers failures by name and by address, in memory, for as long as they matter.

    Args:
        clock: what time it is.
        free: failures that cost no wait.
        longest_s: the longest wait; a failure older than it is forgotten.
        keep: names and addresses remembered; the longest untouched goes first.
    """

    def __init__(self, clock: Clock, *, free: int = 5, longest_s: int = 900, keep: int = 10_000) -> None:
        self._clock = clock
        self._free = free
        self._longest_s = longest_s
        self._keep = keep
        self._failures: OrderedDict[str, _Failures] = OrderedDict()
        self._lock = Lock()

    def wait_s(self, *keys: str) -> int:
        """Seconds until the next attempt is looked at; 0 means now."""
        now = self._clock.now()
        with self._lock:
            return max((self._wait(self._failures.get(key), now) for key in keys), default=0)

    def failed(self, *keys: str) -> None:
        """Remember a failure."""
        now = self._clock.now()
        with self._lock:
            for key in keys:
                before = self._failures.pop(key, None)
                count = 1 if before is None or self._forgotten(before, now) else before.count + 1
                self._failures[key] = _Failures(count, now)
            while len(self._failures) > self._keep:
                self._failures.popitem(last=False)

    def succeeded(self, *keys: str) -> None:
        """Forget the failures of whoever proved to be who they are."""
        with self._lock:
            for key in keys:
                self._failures.pop(key, None)

    def _forgotten(self, failures: _Failures, now: int) -> bool:
        return now - failures.last > self._longest_s * MICROS_PER_SECOND

    def _wait(self, failures: _Failures | None, now: int) -> int:
        if failures is None or failures.count < self._free:
            return 0
        wait_s = min(self._longest_s, 2 ** (failures.count - self._free))
        left = failures.last + wait_s * MICROS_PER_SECOND - now
        return max(0, -(-left // MICROS_PER_SECOND))
