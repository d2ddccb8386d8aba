"""The streaming state of every feature: events go in as they arrive, readings come out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.features.answer import merge
from seawall.features.arrival import arrive
from seawall.features.counter import Counter
from seawall.features.model import Limits, Tally
from seawall.features.request import ask, reads_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seawall.core.decision import Reading
    from seawall.core.event import Event
    from seawall.features.answer import Answer, Answers
    from seawall.features.batch import Batch
    from seawall.features.model import Definition, Key
    from seawall.features.request import Requests

_ROOM = 0.9  # eviction frees down to this share of the limit, so that it is rare


class FeatureState:
    """Windowed counts by feature and key.

    A feature is the hash of its definition: `adopt` keeps the state of those that did not change and starts
    the others new. A new one is NULL (`warming`), never 0, until its window has passed since it was first
    seen on the stream, unless `warm` is False: then the time before the first event is taken as empty.
    """

    def __init__(
        self, definitions: Iterable[Definition] = (), *, limits: Limits | None = None, warm: bool = True
    ) -> None:
        self.limits = limits or Limits()
        self.warm = warm
        self.tally = Tally()
        self.watermark: int | None = None  # the newest event time seen
        self.counters: dict[str, Counter] = {}  # by fingerprint
        self.entries = 0
        self._sweep_at = min(self.limits.entries, 100_000)
        self._by_type: dict[str, list[tuple[str, Counter]]] = {}
        self.adopt(definitions)

    def adopt(self, definitions: Iterable[Definition]) -> None:
        """Count these features from the next event on; what is no longer defined is forgotten."""
        wanted = list(definitions)
        kept: dict[str, Counter] = {}
        by_type: dict[str, list[tuple[str, Counter]]] = {}
        for definition in wanted:
            spec = definition.spec
            fresh = Counter(definition, started=not self.warm)
            old = self.counters.get(spec.fingerprint)
            if old is not None:
                fresh.windows, fresh.since = old.windows, old.since
                fresh.started, fresh.lost_until = old.started, old.lost_until
            kept[spec.fingerprint] = fresh
            for name in spec.on:
                by_type.setdefault(name, []).append((spec.name, fresh))
        self.counters, self._by_type = kept, by_type
        self.recount()

    def recount(self) -> None:
        """Settle how many entries are held, after windows came from elsewhere."""
        self.entries = sum(len(w.times) for c in self.counters.values() for w in c.windows.values())

    def observe(self, event: Event) -> dict[str, Reading]:
        """Count the event, then read every feature of its type over the window that ends at it."""
        too_late = not self.absorb(event)
        counters = self._by_type.get(event.type, ())
        return {name: counter.read(event, too_late=too_late) for name, counter in counters}

    def absorb(self, event: Event) -> bool:
        """Count the event without reading (to rebuild, to back-fill); False if it came too late to count."""
        ts = event.ts
        watermark = self.watermark
        if watermark is None or ts >= watermark:
            self.watermark = ts
        elif ts >= watermark - self.limits.lateness_us:
            self.tally.late += 1
        else:
            self.tally.too_late += 1
            return False
        self._start(ts)
        for _, counter in self._by_type.get(event.type, ()):
            window = counter.add(event)
            if window is not None:
                self.entries += 1
                if len(window.times) > self.limits.per_key:
                    self.entries -= window.keep_newest(self.limits.per_key * 9 // 10)
                    self.tally.saturated += 1
        if self.entries >= self._sweep_at:
            self._sweep()
        return True

    @property
    def definitions(self) -> list[Definition]:
        """What is counted."""
        return [counter.definition for counter in self.counters.values()]

    def reads(self, event_type: str) -> frozenset[str]:
        """Names of the columns that a batch must bring of this event type, beside `ts`."""
        return reads_of(self.definitions, event_type)

    def observe_columns(self, batch: Batch) -> dict[str, dict[str, Answer]]:
        """Count the events of a batch and read every feature of each, as `observe` does one after the other.

        Returns:
            For each event type of the batch, each of its features by name: one value per row of its columns.
        """
        definitions = self.definitions
        requests = ask(definitions, batch)
        return merge(definitions, batch, requests, [self.answer(requests[0])])

    def answer(self, requests: Requests) -> Answers:
        """Answer what a batch asks of the keys that this state owns.

        Owners that share the keys of all features between them, and answer the same batches in the same
        order, answer together as one that owns them all, until one evicts: each has limits of its own.
        """
        limits = self.limits
        arrival = arrive(requests.ts, self.watermark, lateness_us=limits.lateness_us)
        self.watermark = arrival.watermark
        self.tally.late += arrival.late
        if arrival.too_late is not None:
            self.tally.too_late += int(arrival.too_late.sum())
        if arrival.first is not None:
            self._start(arrival.first)
        answers: Answers = {}
        for fingerprint, request in requests.by_feature.items():
            counted = self.counters[fingerprint].answer(
                request, requests.ts, arrival.too_late, per_key=limits.per_key
            )
            self.entries += counted.added
            self.tally.saturated += counted.saturated
            answers[fingerprint] = counted.answer
        if self.entries >= self._sweep_at:
            self._sweep()
        return answers

    def backfilled(self, fingerprint: str) -> None:
        """The history of this feature has been absorbed: it is complete and no longer warms."""
        self.counters[fingerprint].since = None

    def _start(self, ts: int) -> None:
        for counter in self.counters.values():
            if not counter.started:
                counter.since, counter.started = ts, True

    def _sweep(self) -> None:
        assert self.watermark is not None
        reach = self.watermark - self.limits.lateness_us
        for counter in self.counters.values():
            self.entries -= counter.expire(reach - counter.spec.over_us)
        if self.entries >= self.limits.entries:
            self._evict(int(self.limits.entries * _ROOM))
        self._sweep_at = min(self.limits.entries, max(2 * self.entries, 100_000))

    def _evict(self, room: int) -> None:
        idle: list[tuple[int, int, Counter, Key]] = []
        for counter in self.counters.values():
            for key, window in counter.windows.items():
                idle.append((window.times[-1], len(idle), counter, key))
        idle.sort()
        for _, _, counter, key in idle:
            if self.entries <= room:
                break
            self.entries -= counter.forget(key)
            self.tally.evicted += 1
