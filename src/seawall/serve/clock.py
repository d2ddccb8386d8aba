"""The clock of the machine."""

from __future__ import annotations

import time


class SystemClock:
    """What time it is, to the microsecond."""

    def now(self) -> int:
        """Microseconds since 1970-01-01T00:00:00Z."""
        return time.time_ns() // 1_000
