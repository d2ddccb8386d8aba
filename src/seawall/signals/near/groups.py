"""Groups of near texts over a window, in memory that does not grow."""

from __future__ import annotations

from hashlib import blake2b
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from seawall.signals.near.model import Neighbour

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seawall.signals.near.model import Index, Limits

_NEVER = -(2**62)


class Groups:
    """What was seen, in the order in which it is told.

    A text belongs to the group of the nearest one before it, if that is near enough, else it begins a group.
    Time is the latest event time seen; what comes late is counted and leaves with its neighbours. Any thread
    may ask; one tells.
    """

    def __init__(self, index: Index, limits: Limits) -> None:
        self._index = index
        self._limits = limits
        self._now = _NEVER
        self._group = np.zeros(limits.texts, np.int64)  # by place
        self._seen = np.full(limits.texts, _NEVER, np.int64)
        self._next = 0
        self._sightings = np.zeros((limits.sightings, 2), np.int64)  # time, group
        self._first = self._last = 0
        self._sizes: dict[int, int] = {}
        self._begun: dict[int, int] = {}
        self._groups = 0
        self._lock = Lock()

    def observe(self, texts: Sequence[str], times: Sequence[int]) -> list[Neighbour | None]:
        """What is told of each text; None of one that is too short. Each counts for those after it."""
        sketches = self._index.prepare(texts)
        with self._lock:
            return [
                None if sketch is None else self._observe(sketch, time)
                for sketch, time in zip(sketches, times, strict=True)
            ]

    def look(self, texts: Sequence[str], times: Sequence[int]) -> list[Neighbour | None]:
        """The same without remembering the text; its size is that of the group it is near to."""
        sketches = self._index.prepare(texts)
        with self._lock:
            return [
                None if sketch is None else self._look(sketch, time)
                for sketch, time in zip(sketches, times, strict=True)
            ]

    def _observe(self, sketch: object, time: int) -> Neighbour:
        self._pass(time)
        place, similarity = self._near(sketch)
        if place is None or similarity < self._limits.nearness:
            group = self._groups
            self._groups += 1
        else:
            group = int(self._group[place])
        if place is None or similarity < 1.0 or self._is_old(place):
            self._add(sketch, group, time)
        else:
            self._seen[place] = max(time, int(self._seen[place]))
        self._count(group, time)
        return Neighbour(similarity, _name(group, self._begun[group]), self._sizes[group], self._begun[group])

    def _look(self, sketch: object, time: int) -> Neighbour:
        place, similarity = self._near(sketch)
        group = -1 if place is None or similarity < self._limits.nearness else int(self._group[place])
        begun = self._begun.get(group, time)
        return Neighbour(similarity, _name(group, begun), self._sizes.get(group, 0), begun)

    def _near(self, sketch: object) -> tuple[int | None, float]:
        found = self._index.nearest(sketch)
        if found is None or self._seen[found[0]] <= self._now - self._limits.window_us:
            return None, 0.0
        return found

    def _add(self, sketch: object, group: int, time: int) -> None:
        place = self._next
        self._next = (place + 1) % self._limits.texts
        self._index.put(place, sketch)
        self._group[place] = group
        self._seen[place] = time

    def _is_old(self, place: int) -> bool:
        """Whether it goes soon, so that what goes on needs a newer place."""
        return (self._next - place) % self._limits.texts > self._limits.texts // 2

    def _count(self, group: int, time: int) -> None:
        self._begun.setdefault(group, time)
        self._sizes[group] = self._sizes.get(group, 0) + 1
        if self._last - self._first == self._limits.sightings:
            self._forget()
        self._sightings[self._last % self._limits.sightings] = time, group
        self._last += 1

    def _pass(self, time: int) -> None:
        self._now = max(self._now, time)
        since = self._now - self._limits.window_us
        while self._first < self._last and self._sightings[self._first % self._limits.sightings, 0] <= since:
            self._forget()

    def _forget(self) -> None:
        group = int(self._sightings[self._first % self._limits.sightings, 1])
        self._first += 1
        left = self._sizes[group] - 1
        if left:
            self._sizes[group] = left
        else:
            del self._sizes[group], self._begun[group]


def _name(group: int, begun: int) -> str:
    """The same for the same stream."""
    return blake2b(f"{group} {begun}".encode(), digest_size=8).hexdigest()
