"""What decisions bought, counted from the sealed lake."""

from __future__ import annotations

import msgspec


class Purchases(msgspec.Struct, frozen=True):
    """One signal, bought for decisions on events of one type and one day.

    Attributes:
        signal: its name.
        type: of the events.
        day: of the events, days since 1970.
        decisions: how many bought it in their own round; what a round took over from the one before is not
            bought again.
        cost_us: what that cost as declared.
        fired: after how many of them a strategy that reads it was true, live or in shadow.
        failed: how many got no answer because the detector failed.
        timeout: how many got none in time.
        unavailable: how many were not passed on, since the detector is left alone.
    """

    signal: str
    type: str
    day: int
    decisions: int
    cost_us: float
    fired: int
    failed: int
    timeout: int
    unavailable: int


class Bought(msgspec.Struct, frozen=True):
    """Purchases of some days.

    Attributes:
        rows: by signal, type and day.
        decisions: how many decisions of each type there were, whatever they bought.
        complete_to: when the newest decision counted here was made; None: none is sealed.
    """

    rows: tuple[Purchases, ...] = ()
    decisions: dict[str, int] = {}
    complete_to: int | None = None
