"""The streaming state of every feature: events go in as they arrive, readings come out."""

from __future__ import annotations

import importlib
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from seawall.features.answer import merge
from seawall.features.arrival import arrive
from seawall.features.counter import Moment, Moments
from seawall.features.counter_company import CompanyCounter
from seawall.features.counter_people import PeopleCounter
from seawall.features.counter_plain import PlainCounter
from seawall.features.functions import in_millionths
from seawall.features.keys import Keys
from seawall.features.model import Limits, Status, Tally
from seawall.features.request import ask, reads_of
from seawall.features.told import Listener

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from seawall.core.decision import Reading
    from seawall.core.event import Event
    from seawall.features.answer import Answer, Answers
    from seawall.features.batch import Batch
    from seawall.features.counter import Counter
    from seawall.features.model import Definition, Key
    from seawall.features.request import Requests
    from seawall.features.told import Fact

_ROOM = 0.9  # eviction frees down to this share of the limit, so that it is rare

Form: TypeAlias = Literal["plain", "compiled"]


def fastest() -> Form:
    """The form for batches: compiled where numba is installed and can keep what it compiles."""
    if find_spec("numba") is None:
        return "plain"
    try:
        _form_of("compiled")
    except RuntimeError:  # no folder to keep it in: it would be compiled anew by every process
        return "plain"
    return "compiled"


def _form_of(form: Form) -> type[Counter]:
    if form == "plain":
        return PlainCounter
    # the compiler takes half a second to import: only who wants it waits
    compiled: type[Counter] = importlib.import_module("seawall.features.counter_compiled").CompiledCounter
    return compiled


def _form_for(definition: Definition, form: type[Counter]) -> type[Counter]:
    """What people decide, company and weights have forms of their own, for one event and for many."""
    spec = definition.spec
    if spec.source is not None:
        return PeopleCounter
    if spec.among is not None:
        return CompanyCounter
    return PlainCounter if in_millionths(spec) else form


class FeatureState:
    """Windowed values by feature and key.

    A feature is the hash of its definition: `adopt` keeps the state of those that did not change and starts
    the others new. A new one is NULL (`warming`), never 0, until its window has passed since it was first
    seen on the stream, unless `warm` is False: then the time before the first event is taken as empty.

    Two forms keep the same: `plain` starts at once and is best for single events, `compiled` for batches.
    """

    def __init__(
        self,
        definitions: Iterable[Definition] = (),
        *,
        limits: Limits | None = None,
        warm: bool = True,
        form: Form = "plain",
    ) -> None:
        self.limits = limits or Limits()
        self.warm = warm
        self.tally = Tally()
        self.watermark: int | None = None  # the newest event time seen
        self.counters: dict[str, Counter] = {}  # by fingerprint
        self._form = _form_of(form)
        self._numbers = Keys()
        self._sweep_at = min(self.limits.entries, 100_000)
        self._spare = self._sweep_at  # entries that may still be added before they are counted again
        self._definitions: list[Definition] = []
        self._by_type: dict[str, list[tuple[Counter, list[str]]]] = {}
        self._told: list[Listener] = []  # those that look at what people decided
        self.adopt(definitions)

    def adopt(self, definitions: Iterable[Definition]) -> None:
        """Count these features from the next event on; what is no longer defined is forgotten."""
        self._definitions = list(definitions)
        kept: dict[str, Counter] = {}
        by_type: dict[str, dict[Counter, list[str]]] = {}
        for definition in self._definitions:
            spec = definition.spec
            counter = self.counters.get(spec.fingerprint)
            if counter is None:
                form = _form_for(definition, self._form)
                counter = form(definition, limits=self.limits, tally=self.tally, started=not self.warm)
                counter.known = self._numbers
            kept[spec.fingerprint] = counter
            counter.define(definition)
            for name in spec.on:  # two features of one definition are counted once
                by_type.setdefault(name, {}).setdefault(counter, []).append(spec.name)
        self.counters = kept
        self._by_type = {name: list(counters.items()) for name, counters in by_type.items()}
        self._told = [counter for counter in kept.values() if isinstance(counter, Listener)]

    @property
    def listens(self) -> bool:
        """Whether a feature looks at what people decided."""
        return bool(self._told)

    @property
    def untold(self) -> bool:
        """Whether a feature looks at what people decided and was not told all of it: it is NULL."""
        return any(counter.untold for counter in self.counters.values())

    def learn(self, facts: Iterable[Fact]) -> None:
        """Take in what people decided; the next event is the first that sees it."""
        if not self._told:
            return
        learnt = 0
        for fact in facts:
            learnt += 1
            for counter in self._told:
                counter.learn(fact)
        self._keep_bounded(learnt * len(self._told))

    def all_told(self) -> None:
        """Everything that people decided until now has been taken in."""
        for counter in self.counters.values():
            counter.untold = False

    def take(self, other: FeatureState) -> None:
        """Go on with the counters of another state that has seen the same events, where both have them."""
        for fingerprint, counter in other.counters.items():
            if fingerprint in self.counters:
                counter.tally = self.tally
                self.counters[fingerprint] = counter
        self.adopt(self._definitions)
        self._spare = 0

    def use(self, form: Form) -> None:
        """Go on in another form, with all that is held."""
        old, self._form = self.counters, _form_of(form)
        same = {
            fingerprint: counter
            for fingerprint, counter in old.items()
            if isinstance(counter, _form_for(counter.definition, self._form))
        }
        self.counters = dict(same)
        self.adopt(self._definitions)
        for fingerprint, counter in self.counters.items():
            if fingerprint in same:
                continue
            before = old[fingerprint]
            counter.since, counter.started = before.since, before.started
            counter.lost_until = before.lost_until
            counter.load(before.dump())

    def complete_from(self, ts: int) -> None:
        """Everything that happened from then on is absorbed next: before that nothing is known."""
        for counter in self.counters.values():
            if not isinstance(counter, PeopleCounter):
                counter.since, counter.started = ts, True

    def status(self) -> list[Status]:
        """How each feature stands, by name."""
        return sorted(
            (
                Status(
                    definition.spec.name,
                    self._warm_from(self.counters[definition.spec.fingerprint]),
                    self.counters[definition.spec.fingerprint].keys,
                    self.counters[definition.spec.fingerprint].entries,
                )
                for definition in self._definitions
            ),
            key=lambda status: status.name,
        )

    def _warm_from(self, counter: Counter) -> int | None:
        if counter.untold:
            return None if self.watermark is None else self.watermark + counter.spec.over_us
        if not counter.started:
            return None if self.watermark is None else self.watermark + counter.spec.over_us
        if counter.since is None or self.watermark is None:
            return None
        warm = counter.since + counter.spec.over_us
        return warm if warm > self.watermark else None

    def forget(self) -> None:
        """Be as new."""
        self.counters, self.watermark = {}, None
        self.adopt(self._definitions)

    @property
    def entries(self) -> int:
        """How many are held over all features."""
        return sum(counter.entries for counter in self.counters.values())

    def observe(self, event: Event) -> dict[str, Reading]:
        """Count the event, then read every feature of its type over the window that ends at it."""
        moment = self._arrive(event)
        counters = self._by_type.get(event.type, ())
        readings: dict[str, Reading] = {}
        for counter, names in counters:
            readings.update(dict.fromkeys(names, counter.observe(event, moment)))
        self._keep_bounded(len(counters))
        return readings

    def absorb(self, event: Event) -> bool:
        """Count the event without reading (to rebuild, to back-fill); False if it came too late to count."""
        moment = self._arrive(event)
        counters = self._by_type.get(event.type, ())
        for counter, _ in counters:
            counter.absorb(event, moment)
        self._keep_bounded(len(counters))
        return not moment.too_late

    def _arrive(self, event: Event) -> Moment:
        ts, watermark = event.ts, self.watermark
        before = watermark
        if watermark is None or ts >= watermark:
            self.watermark = watermark = ts
        elif ts >= watermark - self.limits.lateness_us:
            self.tally.late += 1
        else:
            self.tally.too_late += 1
            return Moment(watermark, too_late=True)
        self._start(ts, before)
        return Moment(watermark, too_late=False)

    @property
    def definitions(self) -> list[Definition]:
        """What is counted."""
        return self._definitions

    def reads(self, event_type: str) -> frozenset[str]:
        """Names of the columns that a batch must bring of this event type, beside `ts`."""
        return reads_of(self.definitions, event_type)

    def observe_columns(
        self, batch: Batch, facts: Sequence[tuple[int, Fact]] = ()
    ) -> dict[str, dict[str, Answer]]:
        """Count the events of a batch and read every feature of each, as `observe` does one after the other.

        Args:
            batch: events in the order they arrived.
            facts: what people decided meanwhile, each with the place in the batch of the first event that
                sees it; rising.

        Returns:
            For each event type of the batch, each of its features by name: one value per row of its columns.
        """
        definitions = self.definitions
        requests = ask(definitions, batch)
        merged = merge(definitions, batch, requests, [self.answer(requests[0], facts)])
        return {part.columns.type: found for part, found in zip(batch.parts, merged, strict=True)}

    def answer(self, requests: Requests, facts: Sequence[tuple[int, Fact]] = ()) -> Answers:
        """Answer what a batch asks of the keys that this state owns.

        Owners that share the keys of all features between them, and answer the same batches in the same
        order, answer together as one that owns them all, until one evicts: each has limits of its own.
        """
        arrival = arrive(requests.ts, self.watermark, lateness_us=self.limits.lateness_us)
        before, self.watermark = self.watermark, arrival.watermark
        self.tally.late += arrival.late
        if arrival.too_late is not None:
            self.tally.too_late += int(np.count_nonzero(arrival.too_late))
        if arrival.first is not None:
            self._start(arrival.first, before)
        moments = Moments(requests.ts, arrival.newest, arrival.too_late)
        if facts:
            for counter in self._told:
                counter.expect(facts)
        answers: Answers = {}
        for fingerprint, request in requests.by_feature.items():
            answers[fingerprint] = self.counters[fingerprint].answer(request, moments)
        if facts:
            for counter in self._told:
                counter.settle()
        # after all have answered: what no window reaches from the batch's end, one reached from its begin
        added = sum(len(request.rows) for request in requests.by_feature.values())
        self._keep_bounded(added + len(facts) * len(self._told))
        return answers

    def backfilled(self, fingerprint: str) -> None:
        """The history of this feature has been absorbed: it is complete and no longer warms."""
        self.counters[fingerprint].since = None

    def _start(self, ts: int, before: int | None) -> None:
        """A new feature has seen all that happens after the newest event before its first."""
        since = ts if before is None else max(ts, before + 1)
        for counter in self.counters.values():
            if not counter.started:
                counter.since, counter.started = since, True

    def _keep_bounded(self, added: int) -> None:
        """Sweep if the entries have grown enough; at most this many were added."""
        self._spare -= added
        if self._spare > 0:
            return
        entries = self.entries
        if entries >= self._sweep_at:
            self._sweep()
            entries = self.entries
        for known in {id(counter.known): counter.known for counter in self.counters.values()}.values():
            if known.crowded:
                holding = [counter for counter in self.counters.values() if counter.known is known]
                known.keep(numbers for counter in holding for numbers in counter.numbers)
        self._spare = self._sweep_at - entries

    def _sweep(self) -> None:
        assert self.watermark is not None
        reach = self.watermark - self.limits.lateness_us
        for counter in self.counters.values():
            counter.expire(reach - counter.spec.over_us)
        if self.entries >= self.limits.entries:
            self._evict(int(self.limits.entries * _ROOM))
        self._sweep_at = min(self.limits.entries, max(2 * self.entries, 100_000))

    def _evict(self, room: int) -> None:
        idle: list[tuple[int, int, Counter, Key]] = []
        for counter in self.counters.values():
            for newest, key in counter.idle():
                idle.append((newest, len(idle), counter, key))
        idle.sort(key=lambda each: each[:2])
        entries = self.entries
        for _, _, counter, key in idle:
            if entries <= room:
                break
            entries -= counter.forget(key)
            self.tally.evicted += 1
