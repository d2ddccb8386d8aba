"""The one driver of the machine: events in order to features, engine, signals, journal, decisions."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Protocol

import msgspec

from seawall.core.decision import Decision
from seawall.core.errors import Conflict, StorageError
from seawall.decide.engine import build
from seawall.decide.filters import definitions
from seawall.decide.model import Done
from seawall.decide.sample import drawn
from seawall.decide.shares import Learner
from seawall.decide.under import under
from seawall.features import FeatureState, facts_of
from seawall.ingest.take_lines import MANY
from seawall.serve.bulk.judge import BulkJudge
from seawall.serve.bulk.process import Setup
from seawall.serve.bulk.sequence import Sequencer
from seawall.serve.controls import BANK, SHARES, InForce, effective_version
from seawall.serve.wait import Wait
from seawall.serve.waited import Basket, Waited
from seawall.signals import KINDS, QUICK_US, Detectors
from seawall.signals.meter import Meter
from seawall.store import Control

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from collections.abc import Mapping as MappingOf

    from seawall.core.clock import Clock
    from seawall.core.decision import Reading
    from seawall.core.event import Event
    from seawall.decide.engine import Engine
    from seawall.decide.model import Sample
    from seawall.features import Limits
    from seawall.ingest import Mapping
    from seawall.ingest.take_lines import LineIntake
    from seawall.policy.model import Project
    from seawall.signals import SignalKind
    from seawall.signals.memories import Memories
    from seawall.store import Finding, Store

Answer = Decision | Conflict
_Key = tuple[str | None, str]


class Recorder(Protocol):
    """What the worker asks of the store."""

    def lookup(self, source: str | None, event_id: str) -> Decision | None:
        """The decision on an event seen before, or None."""
        ...

    def record(self, pairs: Sequence[tuple[Event, Decision]]) -> None:
        """Append decisions; durable when this returns.

        Raises:
            StorageError: nothing of the batch may be acknowledged.
        """
        ...

    def control(self, control: Control) -> int:
        """Make a control record durable; gives its sequence number."""
        ...


class Worker:
    """Decides batches of events. One thread drives it; the server puts a bounded queue before it.

    Attributes:
        features: their state.
        waited: for which strategies signals were bought.
        enact: told of each control record that changes a bank, between two batches.
        unfilled: fingerprints of features that are to be counted over the journal.
        released: told of events decided for the first time, with their decisions, once these are durable.
    """

    def __init__(
        self,
        project: Project,
        *,
        store: Recorder | None,
        clock: Clock | None,
        warm: bool = True,
        kinds: MappingOf[str, SignalKind] = KINDS,
        limits: Limits | None = None,
        sample: Sample | None = None,
        hurried: bool = False,
        timer: Callable[[], float] = monotonic,
    ) -> None:
        """Make a worker of one project.

        Args:
            project: what decides.
            store: where decisions become durable; None decides without keeping anything.
            clock: gives `decided_at`; None: each event's own time, so that a run can be repeated.
            warm: features are NULL until their window has passed since the stream was first seen; False takes
                the time before the first event as empty, as a run over a file does.
            kinds: the detectors there are.
            limits: how much feature state is kept.
            sample: the audit sample; 1 % salted by the project's name unless given.
            hurried: someone waits for the answers, so the project's latency budgets hold.
            timer: seconds that only rise.

        Raises:
            ProjectError: a signal cannot be built.
            ConditionError: a condition does not compile.
        """
        self.features = FeatureState(limits=limits, warm=warm)
        self._store = store
        self._clock = clock
        self._kinds = kinds
        self._sample = sample
        self._hurried = hurried
        self._timer = timer
        self._meter = Meter()
        self.waited = Waited()
        self.enact: Callable[[Control], object] = lambda _: None
        self.unfilled: frozenset[str] = frozenset()
        self.released: Callable[[Sequence[tuple[Event, Decision]]], object] = lambda _: None
        self.in_force = InForce()
        self._learner = Learner()
        self._warm = warm
        self._memories: Memories | None = None
        self._undurable: dict[_Key, dict[str, Reading]] = {}  # counted, but not recorded: not to count again
        self._switch(project)

    @property
    def engine(self) -> Engine:
        """What decides now."""
        return self._engine

    @property
    def detectors(self) -> Detectors:
        """What reads signals now."""
        return self._detectors

    @property
    def kinds(self) -> MappingOf[str, SignalKind]:
        """The detectors there are."""
        return self._kinds

    @property
    def meter(self) -> Meter:
        """What the detectors did, over all versions since the process began."""
        return self._meter

    @property
    def project(self) -> Project:
        """The version in force."""
        return self._project

    def decide(self, events: Sequence[Event]) -> list[Answer]:
        """Decide a batch, in order; one answer per event, durable when this returns.

        An event seen before with the same digest gets its stored decision again; with another digest, a
        `Conflict` in its place, and nothing is recorded for it. The others are decided.

        Raises:
            StorageError: the batch could not be made durable; nothing of it may be acknowledged. It may be
                given again.
        """
        known: dict[_Key, Decision] = {}
        fresh: dict[_Key, Event] = {}
        for event in events:
            key = (event.source, event.id)
            found = self._store.lookup(*key) if self._store is not None else None
            if found is not None:
                known[key] = found
            elif key not in fresh:
                fresh[key] = event
        known.update(zip(fresh, self._fresh(list(fresh.values())), strict=True))
        return [_answer(event, known[event.source, event.id]) for event in events]

    def again(
        self,
        events: Sequence[Event],
        counts: Sequence[dict[str, Reading]],
        because: Sequence[tuple[str, ...]],
    ) -> list[Decision]:
        """Decide events that were made of earlier ones, by what was counted for those; nothing is counted.

        One that was decided before gets its stored decision. Durable when this returns.

        Args:
            events: each with an id of its own.
            counts: for each, a reading of every feature of its type.
            because: for each, why it is decided.

        Raises:
            StorageError: nothing of it may be acknowledged. It may be given again.
        """
        known = [
            self._store.lookup(one.source, one.id) if self._store is not None else None for one in events
        ]
        fresh = [n for n, decision in enumerate(known) if decision is None]
        judged = self._judge([events[n] for n in fresh], [counts[n] for n in fresh])
        made = {
            n: msgspec.structs.replace(one, because=because[n]) for n, one in zip(fresh, judged, strict=True)
        }
        if self._store is not None and made:
            self._store.record([(events[n], one) for n, one in made.items()])
        return [one if one is not None else made[n] for n, one in enumerate(known)]

    def bulk(self, store: Store, intake: LineIntake, *, many: int = MANY) -> tuple[BulkJudge, Sequencer]:
        """This worker in two halves that take many lines at once; it must not decide by itself meanwhile.

        Args:
            store: its store.
            intake: takes lines.
            many: events after which it pays to load the compiler for the features.
        """
        teach = self._learner.take if self._detectors.dear else None
        judge = BulkJudge(self._engine, self._detectors, self.features.definitions, intake, teach=teach)
        return judge, Sequencer(store, self.features, many=many)

    def release(self, project: Project) -> None:
        """Decide with another project version from the next batch on; unchanged features keep their state.

        Raises:
            ProjectError: a signal cannot be built; the version in force stays.
            ConditionError: a condition does not compile; likewise.
        """
        self._switch(project)

    def control(self, controls: Iterable[tuple[int, Control]]) -> None:
        """Hold and let go of strategies, buy by other shares, or see changed banks, from the next batch on.

        Args:
            controls: control records in the order of their sequence numbers.
        """
        came = list(controls)
        for _, control in came:
            if control.kind == BANK:
                self.enact(control)
        before, self.in_force = self.in_force, self.in_force.after(came)
        now = self.in_force
        if now.shares is not before.shares:
            self._learner.know(now.shares)
        if now.held != before.held:
            self._switch(self.project)
        elif now != before:
            version = effective_version(self.project, now.sequence)
            self._engine = self._engine.learned(now.shares, effective_version=version)

    def learned(self, *, at: int) -> Control | None:
        """A control record with shares that would change what is bought; None: nothing new was learned.

        It is in force once it is recorded and handed to `control`, between two batches.
        """
        shares = self._learner.learned()
        if shares is None:
            return None
        parts = sum(map(len, shares.counts.values()))
        reason = f"how often {parts:,} parts of strategies turned out true"
        return Control(kind=SHARES, target="", by="seawall", reason=reason, at=at, shares=shares.counts)

    def relearn(self, *, at: int) -> None:
        """Record what was learned and buy by it from the next batch on, where nobody else writes controls."""
        if self._store is not None and (control := self.learned(at=at)) is not None:
            self.control([(self._store.control(control), control)])

    def setup(
        self,
        mapping: Mapping | None = None,
        *,
        kinds: Callable[[], MappingOf[str, SignalKind]] | None = None,
        many: int = MANY,
    ) -> Setup:
        """What other processes need to judge as this worker does. They do not learn what to buy.

        Args:
            mapping: renames what lines carry.
            kinds: see `Setup`.
            many: see `Setup`.
        """
        return Setup(self.project, self.in_force, mapping, self._sample, kinds, many)

    def turn(self, *, at: int) -> Engine:
        """The engine for the next piece of a stream, after what was learned from the last."""
        self.relearn(at=at)
        return self._engine

    @property
    def settled(self) -> bool:
        """Whether everything that was counted is recorded too."""
        return not self._undurable

    def absorb(self, events: Iterable[Event]) -> None:
        """Count events that were decided before, to rebuild feature state from the journal."""
        for event in events:
            if event.type in self.project.events:
                self.features.absorb(event)

    def learn(self, findings: Iterable[Finding]) -> None:
        """Take in what people concluded; the next event is the first that sees it."""
        self.features.learn(fact for finding in findings for fact in facts_of(finding))

    def remember(self, events: Iterable[Event], *, since: int, complete: bool) -> None:
        """Tell signals that remember of events that were decided before, in order.

        Args:
            events: of the journal.
            since: the event time from which they are given.
            complete: nothing happened before that is not given.
        """
        memories = self._detectors.memories
        memories.begin(since, complete=complete)
        memories.observe(event for event in events if event.type in self.project.events)

    def close(self) -> None:
        """Let go of the detectors."""
        self._detectors.close()

    def _switch(self, project: Project) -> None:
        detectors = Detectors(project, self._kinds, meter=self._meter)
        if self._memories is not None:
            detectors.memories.inherit(self._memories)
        engine = build(
            under(project, shadowed=self.in_force.held.shadowed, called=self.in_force.held.called),
            effective_version=effective_version(project, self.in_force.sequence),
            sample=self._sample,
            shares=self.in_force.shares,
        )
        self.features.adopt(definitions(project))
        self._project, self._engine, self._detectors = project, engine, detectors
        self._memories = detectors.memories

    def _fresh(self, events: Sequence[Event]) -> Sequence[Decision]:
        readings = [self._observe(event) for event in events]
        self._remember(events)
        decisions = self._judge(events, readings)
        if self._store is not None and events:
            try:
                self._store.record(list(zip(events, decisions, strict=True)))
            except StorageError:
                for event, reading in zip(events, readings, strict=True):
                    self._undurable[event.source, event.id] = reading
                raise
        self.released(list(zip(events, decisions, strict=True)))
        return decisions

    def _remember(self, events: Sequence[Event]) -> None:
        memories = self._detectors.memories
        if memories and events:
            if not self._warm:
                memories.begin(events[0].ts, complete=True)
            memories.observe(events)

    def _observe(self, event: Event) -> dict[str, Reading]:
        counted = self._undurable.pop((event.source, event.id), None) if self._undurable else None
        return self.features.observe(event) if counted is None else counted

    def _judge(self, events: Sequence[Event], readings: Sequence[dict[str, Reading]]) -> Sequence[Decision]:
        engine = self._engine
        now = None if self._clock is None else self._clock.now()
        audit = [drawn(engine.sample, event) for event in events]
        state = engine.start(events, readings, audit=audit, now=now)
        wait = Wait(engine.project, events, self._timer) if self._hurried else None
        basket = Basket(engine, state)
        while not isinstance(step := engine.step(state), Done):
            late = () if wait is None else wait.late(step.signal, step.rows)
            if late:
                engine.postpone(state, step.signal, late)
            rows = [row for row in step.rows if row not in late] if late else step.rows
            if rows:
                within_s = None if wait is None else wait.left_s(rows)
                asked = [events[row] for row in rows]
                basket.ask(step.signal, rows)
                bought = self._detectors.read(step.signal, asked, within_s=within_s)
                basket.pay(step.signal, rows, bought)
                engine.supply(state, step.signal, bought)
        self.waited.count(basket.purchases, step.decisions)
        if self._detectors.dear:
            self._learner.take(engine.lessons(state, dear_us=QUICK_US))
        return step.decisions


def _answer(event: Event, decision: Decision) -> Answer:
    if event.digest == decision.digest:
        return decision
    return Conflict(
        f"event {event.id!r} was decided before with another content",
        hint="give the changed event its own id; the decision on the first one stands",
    )
