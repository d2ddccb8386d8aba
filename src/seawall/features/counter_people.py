"""A feature of what people decide: facts come as they are known, events only read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seawall.core.decision import Reading
from seawall.features.aggregate import BOUND, finish_one, keep_one
from seawall.features.answer import ABSENT, EVICTED, LATE, NO_KEY, NULL_READINGS, OVERFLOW, WARMING
from seawall.features.counter import Counter, Kept, column_of, key_of
from seawall.features.functions import COUNT, DISTINCT, FIRST, LAST, LEAST, NUMERIC, SUM, in_millionths
from seawall.features.told import Listener, Noted
from seawall.features.weigh import divided, step_us
from seawall.features.window_weighed import weighed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from seawall.core.event import Event
    from seawall.core.types import Value
    from seawall.features.counter import Moment
    from seawall.features.model import Definition, Key, Limits, Tally
    from seawall.features.request import Request
    from seawall.features.told import Fact

DECIDED = 255
"""Where the value is known to be 0, while nulls are filled in."""

_EMPTY = np.zeros(0, np.int64)


class PeopleCounter(Counter, Listener):
    """The facts of one feature by key. Its value is made when an event asks: people decide seldom."""

    def __init__(self, definition: Definition, *, limits: Limits, tally: Tally, started: bool) -> None:
        Counter.__init__(self, definition, limits=limits, tally=tally, started=True)
        Listener.__init__(self)
        spec = self.spec
        self.untold = not started
        self._fact_key = key_of(spec.of)
        self._fact_value = None if spec.argument is None else column_of(spec.argument)
        self._lost: dict[Key, int] = {}

    @property
    def entries(self) -> int:
        """How many facts are held."""
        return self.told.entries

    @property
    def keys(self) -> int:
        """How many keys are held."""
        return len(self.told.by_key)

    def learn(self, fact: Fact) -> None:
        """Take in what people decided, if it is of the source that is counted."""
        event, held = fact.event, self.told
        if event.type != self.spec.source:
            return
        key = self._fact_key(event)
        if key is None:
            return
        counts = fact.holds and (self.definition.passes is None or self.definition.passes(event))
        value: Value = None
        if self._fact_value is not None:
            value = self._fact_value(event)
            if self.spec.function in NUMERIC:
                value = keep_one(self.spec, value)
            counts = counts and value is not None
        assert not isinstance(value, tuple)
        held.add(key, Noted(event.ts, fact.identity, counts, fact.ends, value))
        if len(held.by_key[key]) > self.limits.per_key:
            newest_lost = held.keep_newest(key, max(self.limits.per_key * 9 // 10, 1))
            self._lost[key] = max(self._lost.get(key, newest_lost), newest_lost)
            self.tally.saturated += 1

    def observe(self, event: Event, moment: Moment) -> Reading:
        """Read the value over the window that ends at the event."""
        key = self._key(event)
        if key is None:
            return NULL_READINGS[NO_KEY]
        if moment.too_late:
            return NULL_READINGS[LATE]
        if self.untold:
            return NULL_READINGS[WARMING]
        value, null = self._read(key, event.ts)
        return NULL_READINGS[null] if null else Reading(finish_one(self.spec, value, event.ts))

    def absorb(self, event: Event, moment: Moment) -> None:
        """An event counts nothing here."""

    def _answer(
        self,
        request: Request,
        at: NDArray[np.int64],
        newest: NDArray[np.int64],  # noqa: ARG002 -- facts are trimmed when the state sweeps
        counts: NDArray[np.bool_],  # noqa: ARG002 -- events count nothing here
        nulls: NDArray[np.uint8],
    ) -> NDArray[np.int64]:
        kept = np.zeros(len(at), np.int64)
        if not self._expected and self.lost_until is None:  # of most keys nobody decided anything
            held = self.told.by_key.keys() | self._lost.keys()
            known = np.fromiter((key in held for key in request.distinct), np.bool_, len(request.distinct))
            nulls[(nulls == 0) & ~known[request.codes]] = self._nothing() or DECIDED
        unread: list[int] = np.flatnonzero(nulls == 0).tolist()
        nulls[nulls == DECIDED] = 0
        times: list[int] = at.tolist()
        rows: list[int] = request.rows.tolist()
        codes: list[int] = request.codes.tolist()
        for place in unread:
            self.hear(rows[place])
            kept[place], nulls[place] = self._read(request.distinct[codes[place]], times[place])
        return kept

    def _nothing(self) -> int:
        return 0 if self.spec.function in {"count", "count_distinct"} else ABSENT

    def _read(self, key: Key, ts: int) -> tuple[int, int]:
        """The result and why it is NULL."""
        over = self.spec.over_us
        lost_until = self._lost.get(key, self.lost_until) if key in self.told.by_key else self.lost_until
        if lost_until is not None and ts - over <= lost_until:
            return 0, EVICTED
        value = self._made(list(self.told.standing(key, ts, over=over)), ts)
        if value is None:
            return 0, ABSENT
        return (value, 0) if -BOUND <= value < BOUND else (0, OVERFLOW)

    def _made(self, facts: list[Noted], ts: int) -> int | None:
        """The value of the facts that stand, newest first."""
        spec = self.spec
        if spec.half_life_us is not None:
            return weighed(
                spec.function, ((each.ts, each.value) for each in facts), ts, step_us(spec.half_life_us)
            )
        if self.function == COUNT:
            return len(facts)
        if self.function == DISTINCT:
            return len({each.value for each in facts})
        if not facts:
            return None
        if self.function in (FIRST, LAST):
            return facts[-1 if self.function == FIRST else 0].ts
        numbers = [each.value for each in facts if isinstance(each.value, int)]
        if self.function == LEAST:
            return min(numbers)
        assert self.function == SUM or in_millionths(spec)
        return sum(numbers) if self.function == SUM else divided(sum(numbers), len(numbers))

    def expire(self, before: int) -> None:
        """Drop facts that no window can reach any more."""
        self.told.expire(before)
        self._lost = {key: until for key, until in self._lost.items() if until >= before}

    def idle(self) -> Iterable[tuple[int, Key]]:
        """The time of the newest fact of each key."""
        return [(noted[-1].ts, key) for key, noted in self.told.by_key.items()]

    def forget(self, key: Key) -> int:
        """Evict a key that still mattered; how many facts that freed."""
        noted = self.told.forget(key)
        self._lose(noted[-1].ts)
        return len(noted)

    def dump(self) -> Kept:
        """Facts are dumped with `told`; here only which keys lost some."""
        lost = np.array(list(self._lost.values()), np.int64)
        return Kept(list(self._lost), np.zeros(len(lost), np.int64), lost, _EMPTY, _EMPTY, [])

    def load(self, kept: Kept) -> None:
        """The same back."""
        self._lost = dict(zip(kept.keys, kept.lost.tolist(), strict=True))
