"""How many texts a second a key may have scored."""

from __future__ import annotations

from math import ceil
from threading import Lock
from typing import TYPE_CHECKING

from seawall.core.clock import MICROS_PER_SECOND
from seawall.core.errors import Busy

if TYPE_CHECKING:
    from seawall.core.clock import Clock

BURST_S = 10.0
"""What a key did not use in this time may come at once."""


class Allowance:
    """A bucket per caller that fills at a steady rate. Any thread may ask.

    A request is let in while anything is left, whatever its size, and the bucket may fall below empty: so a
    large array is answered too, and waited for afterwards.
    """

    def __init__(self, per_second: float, clock: Clock) -> None:
        self._rate = per_second
        self._clock = clock
        self._left: dict[str, tuple[float, int]] = {}  # what is left, and when that was so
        self._lock = Lock()

    def take(self, caller: str, count: int) -> None:
        """Use up some.

        Raises:
            Busy: nothing is left; says when to come again.
        """
        if self._rate <= 0:
            return
        now = self._clock.now()
        full = self._rate * BURST_S
        with self._lock:
            left, at = self._left.get(caller, (full, now))
            left = min(full, left + max(0, now - at) / MICROS_PER_SECOND * self._rate)
            if left <= 0:
                self._left[caller] = left, now
                wait_s = max(1, ceil(-left / self._rate))
                raise Busy(
                    f"this key may have {self._rate:g} texts a second scored; nothing was taken",
                    retry_after_s=wait_s,
                )
            self._left[caller] = left - count, now
