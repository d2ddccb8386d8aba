"""One feature over all its keys: what it counts, under which key, and when it must not say a number."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, TypeAlias

from seawall.core.decision import Reading
from seawall.core.event import ENVELOPE, Event
from seawall.features.window import WINDOWS, Window

if TYPE_CHECKING:
    from collections.abc import Callable

    from seawall.core.types import Value
    from seawall.features.model import Definition

Key: TypeAlias = "Value | tuple[Value, ...]"

NO_KEY = Reading(null="no_key")
WARMING = Reading(null="warming")
LATE = Reading(null="late")
EVICTED = Reading(null="evicted")


class Counter:
    """The windows of one feature by key.

    Attributes:
        since: event time from which every event was seen; None: from the beginning of time.
        started: whether `since` is settled; a new definition starts with the next event of the stream.
        lost_until: newest entry of any evicted key; a key not held may have had entries up to then.
    """

    def __init__(self, definition: Definition, *, since: int | None = None, started: bool = False) -> None:
        spec = definition.spec
        self.spec = spec
        self.since = since
        self.started = started
        self.lost_until: int | None = None
        self.windows: dict[Key, Window] = {}
        self._over = spec.over_us
        self._passes = definition.passes
        self._key = _key_of(spec.by)
        self._value = _column(spec.argument) if spec.argument is not None else None
        self._window = WINDOWS[spec.function]

    def add(self, event: Event) -> Window | None:
        """Count the event if its filter passes; the window it went into, None if it was not counted."""
        key = self._key(event)
        if key is None or (self._passes is not None and not self._passes(event)):
            return None
        value = None
        if self._value is not None:
            value = self._value(event)
            if value is None:
                return None
        window = self.windows.get(key)
        if window is None:
            window = self.windows[key] = self._window()
            window.lost_until = self.lost_until
        window.add(event.ts, value)
        return window

    def read(self, event: Event) -> Reading:
        """The count over the window that ends at the event."""
        key = self._key(event)
        if key is None:
            return NO_KEY
        ts = event.ts
        start = ts - self._over
        if self.since is not None and start < self.since:
            return WARMING
        window = self.windows.get(key)
        lost_until = self.lost_until if window is None else window.lost_until
        if lost_until is not None and start <= lost_until:
            return EVICTED
        return Reading(0 if window is None else window.read(ts, over=self._over))

    def forget(self, key: Key) -> int:
        """Evict a key that still mattered; how many entries that freed."""
        window = self.windows.pop(key)
        newest = window.times[-1]
        self.lost_until = newest if self.lost_until is None else max(self.lost_until, newest)
        return len(window.times)

    def expire(self, before: int) -> int:
        """Drop entries that no window can reach any more; how many."""
        freed = 0
        idle: list[Key] = []
        for key, window in self.windows.items():
            freed += window.trim(before)
            if not window.times:
                idle.append(key)
        for key in idle:
            del self.windows[key]
        return freed


def _column(name: str) -> Callable[[Event], Value]:
    if name in ENVELOPE:
        return attrgetter(name)

    def field(event: Event) -> Value:
        return event.fields.get(name)

    return field


def _key_of(names: tuple[str, ...]) -> Callable[[Event], Key]:
    columns = [_column(name) for name in names]
    if len(columns) == 1:
        return columns[0]

    def several(event: Event) -> Key:
        key = tuple([column(event) for column in columns])
        return None if None in key else key

    return several
