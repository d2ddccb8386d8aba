"""What people decided, by key: which facts stand at a time, of those that were known by then.

Of the facts with one identity the newest speaks: a label about a subject takes the place of the one before,
a strike that was lifted is no strike any more, and what was copied twice counts once.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_left, bisect_right, insort_right
from collections import deque
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from seawall.core.types import Scalar  # noqa: TC001  (a field of what snapshots hold)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from seawall.core.event import Event
    from seawall.features.model import Key


class Fact(NamedTuple):
    """One thing that people decided, or that follows from it.

    Attributes:
        event: its columns as an event, whose type is the source.
        identity: what it is about; a newer fact of the same identity takes its place.
        holds: whether it says that something is so; False: only that what was said before is so no more.
        ends: when it ends by itself, microseconds; None: it does not.
    """

    event: Event
    identity: str
    holds: bool = True
    ends: int | None = None


class Noted(NamedTuple):
    """A fact as one feature keeps it.

    Attributes:
        ts: when it was decided.
        identity: as of `Fact`.
        counts: it holds, passes the filter, and has what is looked at.
        ends: as of `Fact`.
        value: what is looked at, as it is kept.
    """

    ts: int
    identity: str
    counts: bool
    ends: int | None
    value: Scalar | None


_TIME = itemgetter(0)


class Told:
    """The facts of one feature, by key, each key's by time; of one time, in the order in which they came."""

    def __init__(self) -> None:
        self.by_key: dict[Key, list[Noted]] = {}
        self.entries = 0

    def add(self, key: Key, noted: Noted) -> None:
        """Keep a fact."""
        insort_right(self.by_key.setdefault(key, []), noted, key=_TIME)
        self.entries += 1

    def standing(self, key: Key, ts: int, *, over: int) -> Iterator[Noted]:
        """The facts of [ts - over, ts] that stand at `ts`, the newest first."""
        noted = self.by_key.get(key)
        if noted is None:
            return
        seen: set[str] = set()
        for each in reversed(noted[: bisect_right(noted, ts, key=_TIME)]):
            if each.ts < ts - over:
                return
            if each.identity in seen:
                continue
            seen.add(each.identity)
            if each.counts and (each.ends is None or ts < each.ends):
                yield each

    def stands(self, key: Key, ts: int, *, over: int) -> bool:
        """Whether any fact does."""
        return next(self.standing(key, ts, over=over), None) is not None

    def keep_newest(self, key: Key, keep: int) -> int:
        """Forget all but the newest facts of a key; the time of the newest that was forgotten."""
        noted = self.by_key[key]
        cut = len(noted) - keep
        newest_lost = noted[cut - 1].ts
        del noted[:cut]
        self.entries -= cut
        return newest_lost

    def expire(self, before: int) -> None:
        """Forget what was decided before a time."""
        for key, noted in list(self.by_key.items()):
            cut = bisect_left(noted, before, key=_TIME)
            del noted[:cut]
            self.entries -= cut
            if not noted:
                del self.by_key[key]

    def forget(self, key: Key) -> list[Noted]:
        """Forget a key; its facts."""
        noted = self.by_key.pop(key)
        self.entries -= len(noted)
        return noted

    def rows(self) -> Iterator[tuple[Key, Noted]]:
        """Every fact with its key, each key's in order."""
        for key, noted in self.by_key.items():
            for each in noted:
                yield key, each

    def load(self, rows: Iterable[tuple[Key, Noted]]) -> None:
        """Keep these instead."""
        self.by_key, self.entries = {}, 0
        for key, each in rows:
            self.add(key, each)


class Listener(ABC):
    """A feature that looks at what people decided.

    Attributes:
        told: what it keeps of that.
    """

    def __init__(self) -> None:
        self.told = Told()
        self._expected: deque[tuple[int, Fact]] = deque()

    @abstractmethod
    def learn(self, fact: Fact) -> None:
        """Take in a fact, if it is of the source that is looked at."""

    def expect(self, facts: Sequence[tuple[int, Fact]]) -> None:
        """Take these in with the next batch, each before the event at its place there; places rise."""
        self._expected.extend(facts)

    def hear(self, row: int) -> None:
        """Take in what comes before the event at a place of the batch."""
        expected = self._expected
        while expected and expected[0][0] <= row:
            self.learn(expected.popleft()[1])

    def settle(self) -> None:
        """Take in what is left once the batch is answered."""
        while self._expected:
            self.learn(self._expected.popleft()[1])
