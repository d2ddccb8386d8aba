"""One feature over all its keys: what it counts, under which key, and when it must not say a number."""

from __future__ import annotations

from abc import ABC, abstractmethod
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from seawall.core.event import ENVELOPE, Event
from seawall.features.aggregate import finish
from seawall.features.answer import LATE, WARMING, Answer
from seawall.features.functions import code_of
from seawall.features.keys import Keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from seawall.core.decision import Reading
    from seawall.core.types import Value
    from seawall.features.model import Definition, Key, Limits, Tally
    from seawall.features.request import Request


class Moment(NamedTuple):
    """Where the stream stands once an event has arrived.

    Attributes:
        newest: the newest event time.
        too_late: the event is neither counted nor read.
    """

    newest: int
    too_late: bool


class Moments(NamedTuple):
    """The same of every event of a batch, with its time; arrays of shape (events,).

    `too_late` is None where no event is.
    """

    ts: NDArray[np.int64]
    newest: NDArray[np.int64]
    too_late: NDArray[np.bool_] | None


class Kept(NamedTuple):
    """What is held for every key, laid end to end.

    Attributes:
        keys: each once.
        lengths: entries of each; int64.
        lost: entries up to this time may have been evicted; int64, -2**63 for none.
        times: of all entries; int64.
        values: of all entries: what is counted, or its place in `vocabulary`; empty where none is looked at.
        vocabulary: values that are counted apart.
    """

    keys: list[Key]
    lengths: NDArray[np.int64]
    lost: NDArray[np.int64]
    times: NDArray[np.int64]
    values: NDArray[np.int64]
    vocabulary: list[Value]


class Counter(ABC):
    """The windows of one feature by key.

    Attributes:
        since: event time from which every event was seen; None: from the beginning of time.
        started: whether `since` is settled; a new definition starts with the next event of the stream.
        known: numbers of keys, shared with other features.
        lost_until: newest entry of any evicted key; a key not held may have had entries up to then.
        untold: it looks at what people decide and was not told all of that yet; it is NULL (warming) then.
    """

    untold = False

    def __init__(self, definition: Definition, *, limits: Limits, tally: Tally, started: bool) -> None:
        spec = definition.spec
        self.definition = definition
        self.spec = spec
        self.since: int | None = None
        self.started = started
        self.lost_until: int | None = None
        self.limits = limits
        self.tally = tally
        self.known = Keys()
        self.function = code_of(spec)
        self._key = key_of(spec.by)

    def define(self, definition: Definition) -> None:
        """Go on with a definition of the same fingerprint: its filter may have been compiled anew."""
        self.definition = definition
        self.spec = definition.spec

    @property
    @abstractmethod
    def entries(self) -> int:
        """How many are held."""

    @property
    @abstractmethod
    def keys(self) -> int:
        """How many keys are held."""

    @property
    def numbers(self) -> Iterable[NDArray[np.int64]]:
        """Of the keys and values that are held, where they are held by number."""
        return ()

    @abstractmethod
    def observe(self, event: Event, moment: Moment) -> Reading:
        """Count the event if it counts, and read the value over the window that ends at it."""

    @abstractmethod
    def absorb(self, event: Event, moment: Moment) -> None:
        """Count the event if it counts."""

    def answer(self, request: Request, moments: Moments) -> Answer:
        """Count and read a whole batch: each of its events sees those before it, and itself."""
        spec = self.spec
        at = moments.ts[request.rows]
        count = len(at)
        counts = np.ones(count, np.bool_) if request.counted is None else request.counted
        nulls = np.zeros(count, np.uint8)
        if moments.too_late is not None:
            late = moments.too_late[request.rows]
            nulls[late] = LATE
            counts = counts & ~late
        if self.untold:
            nulls[nulls == 0] = WARMING
        if self.since is not None:
            nulls[(nulls == 0) & (at - spec.over_us < self.since)] = WARMING
        kept = self._answer(request, at, moments.newest[request.rows], counts, nulls)
        values = finish(spec, kept, at)
        values[nulls != 0] = 0
        return Answer(values, nulls, spec.kind)

    @abstractmethod
    def _answer(
        self,
        request: Request,
        at: NDArray[np.int64],
        newest: NDArray[np.int64],
        counts: NDArray[np.bool_],
        nulls: NDArray[np.uint8],
    ) -> NDArray[np.int64]:
        """Results as they are kept; `nulls` is filled in where there is none."""

    @abstractmethod
    def expire(self, before: int) -> None:
        """Drop entries that no window can reach any more."""

    @abstractmethod
    def idle(self) -> Iterable[tuple[int, Key]]:
        """The time of the newest entry of each key."""

    @abstractmethod
    def forget(self, key: Key) -> int:
        """Evict a key that still mattered; how many entries that freed."""

    @abstractmethod
    def dump(self) -> Kept:
        """All that is held."""

    @abstractmethod
    def load(self, kept: Kept) -> None:
        """Hold this instead of what is held."""

    def _lose(self, newest: int) -> None:
        self.lost_until = newest if self.lost_until is None else max(self.lost_until, newest)


def column_of(name: str) -> Callable[[Event], Value]:
    """What an event has under a name, be it of the envelope or a field."""
    if name in ENVELOPE:
        return attrgetter(name)

    def field(event: Event) -> Value:
        return event.fields.get(name)

    return field


def key_of(names: tuple[str, ...]) -> Callable[[Event], Key]:
    """What an event has under several names; None if one of them is NULL."""
    columns = [column_of(name) for name in names]
    if len(columns) == 1:
        return columns[0]

    def several(event: Event) -> Key:
        key = tuple([column(event) for column in columns])
        return None if None in key else key

    return several
