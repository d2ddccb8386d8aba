"""How much the store keeps, and where it says stop."""

from __future__ import annotations

import msgspec


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """The figures an operator may set; the defaults suit one machine.

    Attributes:
        segment_bytes: size at which a journal segment is completed.
        recent_ids: event ids remembered for de-duplication.
        recent_seconds: how long they are remembered.
        min_free_bytes: free disk under which the door closes.
        lag_limit: bytes the projector may be behind before the door closes.
        inbox_limit: events that may wait in the inbox before the door closes.
        seal_seconds: age at which decided records are sealed into the lake.
        seal_bytes: journal bytes at which they are sealed sooner.
        retention_days: days for which events are kept; decisions are kept on.
    """

    segment_bytes: int = 64 * 2**20
    recent_ids: int = 5_000_000
    recent_seconds: float = 24 * 3600
    min_free_bytes: int = 256 * 2**20
    lag_limit: int = 512 * 2**20
    inbox_limit: int = 20_000
    seal_seconds: float = 60.0
    seal_bytes: int = 64 * 2**20
    retention_days: int = 30
