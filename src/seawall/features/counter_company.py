"""The company that accounts keep: how many others with the same key stand badly.

Two steps: which accounts were seen with the key in the window, counted from events, and which of them people
found bad by then. It is exact as long as no more accounts share a key than `Limits.company`; of a key that
more share, a domain that everybody links to, it is NULL (`crowded`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.core.decision import Reading
from seawall.features.answer import CROWDED, LATE, NO_KEY, NULL_READINGS, WARMING
from seawall.features.counter_plain import PlainCounter, values_of
from seawall.features.told import Listener, Noted
from seawall.features.window_weighed import CompanyWindow

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from seawall.core.event import Event
    from seawall.core.types import Value
    from seawall.features.counter import Moment
    from seawall.features.model import Definition, Limits, Tally
    from seawall.features.request import Request
    from seawall.features.told import Fact
    from seawall.features.window import Window


class CompanyCounter(PlainCounter, Listener):
    """Windows of accounts by key, and what people decided about accounts."""

    def __init__(self, definition: Definition, *, limits: Limits, tally: Tally, started: bool) -> None:
        PlainCounter.__init__(self, definition, limits=limits, tally=tally, started=started)
        Listener.__init__(self)
        self.untold = not started

    @property
    def entries(self) -> int:
        """How many are held, facts among them."""
        return super().entries + self.told.entries

    def learn(self, fact: Fact) -> None:
        """Take in what people decided about an account."""
        event = fact.event
        account = event.fields.get("actor")
        if event.type != self.spec.among or not isinstance(account, str):
            return
        bad = fact.holds and (event.type == "strikes" or event.fields.get("violates") is True)
        self.told.add(account, Noted(event.ts, fact.identity, bad, fact.ends, None))
        if len(self.told.by_key[account]) > self.limits.per_key:
            self.told.keep_newest(account, max(self.limits.per_key * 9 // 10, 1))
            self.tally.saturated += 1

    def observe(self, event: Event, moment: Moment) -> Reading:
        """Count the event if it counts, and read the company over the window that ends at it."""
        key = self._key(event)
        if key is None:
            return NULL_READINGS[NO_KEY]
        if moment.too_late:
            return NULL_READINGS[LATE]
        self.absorb(event, moment)
        if self.untold or (self.since is not None and event.ts - self._over < self.since):
            return NULL_READINGS[WARMING]
        own = None if self._value is None else self._value(event)
        value, null = self._company(self.windows.get(key), event.ts, own)
        return NULL_READINGS[null] if null else Reading(value)

    def _answer(
        self,
        request: Request,
        at: NDArray[np.int64],
        newest: NDArray[np.int64],
        counts: NDArray[np.bool_],
        nulls: NDArray[np.uint8],
    ) -> NDArray[np.int64]:
        read = at * 0
        times: list[int] = at.tolist()
        newest_: list[int] = newest.tolist()
        rows: list[int] = request.rows.tolist()
        values = values_of(request)
        codes: list[int] = request.codes.tolist()
        for place, code in enumerate(codes):
            self.hear(rows[place])
            key, value = request.distinct[code], values[place]
            if counts[place]:
                window = self.windows.get(key) or self._hold(key)
                self._add(window, times[place], value, newest_[place])
            if not nulls[place]:
                read[place], nulls[place] = self._company(self.windows.get(key), times[place], value)
        return read

    def _company(self, window: Window | None, ts: int, own: Value) -> tuple[int, int]:
        """How many accounts but its own stand badly, and why it is NULL."""
        value, null = self._read(window, ts)
        if null or window is None:
            return value, null
        assert isinstance(window, CompanyWindow)
        accounts, known, over = window.accounts(ts, over=self._over), self.told, self._over
        if len(accounts) > self.limits.company:
            return 0, CROWDED
        bad = 0
        for account in accounts:
            if account != own and account in known.by_key and known.stands(account, ts, over=over):
                bad += 1
        return bad, 0

    def expire(self, before: int) -> None:
        """Drop entries that no window can reach any more."""
        super().expire(before)
        self.told.expire(before)
