"""The step machine: start with events and features, buy signals while one could change an outcome, decide.

Which signal an event buys next depends on that event alone, so that a batch decides as its events would one
by one: of the signals that can still decide a strategy whose firing would matter, the one with the least cost
per such strategy. Pass rates learned on the way would save a little and cost the replay; they are not used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.core.decision import Decision, decision_id
from seawall.decide.beneath import beneath
from seawall.decide.combine import combine, targets, visible
from seawall.decide.model import Done, Need, Sample
from seawall.decide.plan import Plan

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from seawall.core.decision import Reading
    from seawall.core.event import Event
    from seawall.core.truth import NotBought
    from seawall.core.types import Value
    from seawall.decide.combine import Targets
    from seawall.decide.model import Looked, Step
    from seawall.policy.model import Project


class _Case:
    """One event on its way to a decision."""

    __slots__ = (
        "aimed", "audit", "bought", "event", "features", "fired",
        "holds", "made", "next", "open", "plan", "spent",
    )  # fmt: skip

    def __init__(self, plan: Plan, event: Event, features: Mapping[str, Reading], *, audit: bool) -> None:
        self.plan = plan
        self.event = event
        self.features = features
        self.audit = audit
        self.bought: dict[str, Reading] = {}
        self.spent = 0.0
        self.made: list[Value | NotBought] | None = None
        self.holds = plan.in_scope(event.market, event.language, event.available_in)
        self.fired: list[int] = []
        self.open: list[int] = []
        self.next: str | None = None
        self.aimed: Targets | None = None

    def row(self) -> list[Value | NotBought]:
        """The values that conditions read; made when a condition is looked at, as many need none."""
        if self.made is None:
            self.made = self.plan.row(self.event, self.features)
        return self.made


class State:
    """A batch on its way through the machine. Made by `Engine.start`, not to be shared."""

    __slots__ = ("cases", "need", "now")

    def __init__(self, cases: list[_Case], now: int | None) -> None:
        self.cases = cases
        self.now = now
        self.need: Need | None = None


class Engine:
    """The strategies of one project, compiled. Immutable: batches of different threads may use one."""

    def __init__(
        self, project: Project, plans: dict[str, Plan], *, effective_version: str, sample: Sample
    ) -> None:
        self.project = project
        self.plans = plans
        self.effective_version = effective_version
        self.sample = sample

    def start(
        self,
        events: Sequence[Event],
        features: Sequence[Mapping[str, Reading]],
        *,
        audit: Sequence[bool] | None = None,
        now: int | None = None,
    ) -> State:
        """Begin a batch.

        Args:
            events: of any types of the project.
            features: for each event, a reading of every feature of its type.
            audit: which events are in the audit sample; None: none is.
            now: the clock in microseconds, for `decided_at`; None: each event's own time.
        """
        cases = self._cases(events, features, audit)
        for case in cases:
            self._see(case, *case.plan.program(case.row()))
        return State(cases, now)

    def start_columns(
        self,
        events: Sequence[Event],
        features: Sequence[Mapping[str, Reading]],
        looked: Looked,
        *,
        audit: Sequence[bool] | None = None,
        now: int | None = None,
    ) -> State:
        """Begin a batch whose conditions a column program has looked at; as `start` from there on.

        Args:
            events: of any types of the project; those that `settled` says nothing of need not be among them.
            features: for each event, a reading of every feature of its type.
            looked: for each event, what the row program of its type would say while no signal is bought.
            audit: as in `start`.
            now: as in `start`.
        """
        cases = self._cases(events, features, audit)
        for case, must, open_ in zip(cases, looked.must, looked.open, strict=True):
            self._see(case, must, open_)
        return State(cases, now)

    def settled(self, event_type: str) -> bool:
        """Whether an event of this type on which nothing is true or open needs no case, unless it is audited.

        It does where a strategy buys its signals whatever they could change.
        """
        return not self.plans[event_type].always

    def plain(self, event: Event, features: Mapping[str, Reading], *, now: int | None = None) -> Decision:
        """The decision on an event on which nothing is true or open, that is not audited: see `settled`."""
        case = _Case(self.plans[event.type], event, features, audit=False)
        return self._decide(case, now)

    def _cases(
        self,
        events: Sequence[Event],
        features: Sequence[Mapping[str, Reading]],
        audit: Sequence[bool] | None,
    ) -> list[_Case]:
        flags = audit or [False] * len(events)
        return [
            _Case(self.plans[event.type], event, readings, audit=flag)
            for event, readings, flag in zip(events, features, flags, strict=True)
        ]

    def step(self, state: State) -> Step:
        """What the batch needs next, or its decisions."""
        wanting: dict[str, list[int]] = {}
        for position, case in enumerate(state.cases):
            if case.next is not None:
                wanting.setdefault(case.next, []).append(position)
        if not wanting:
            return Done(tuple([self._decide(case, state.now) for case in state.cases]))
        signal = min(wanting, key=lambda name: (self.project.signals[name].cost_us, name))
        state.need = Need(signal, tuple(wanting[signal]))
        return state.need

    def supply(self, state: State, signal: str, readings: Sequence[Reading]) -> None:
        """Answer the last `Need`: one reading per row, in its order.

        Raises:
            ValueError: that is not what was needed.
        """
        need = state.need
        if need is None or need.signal != signal or len(need.rows) != len(readings):
            msg = f"{len(readings)} readings of {signal!r} are not what was needed: {need}"
            raise ValueError(msg)
        state.need = None
        for position, reading in zip(need.rows, readings, strict=True):
            case = state.cases[position]
            case.bought[signal] = reading
            case.spent += self.project.signals[signal].cost_us
            place = case.plan.place.get(signal)
            if place is not None:
                case.row()[place] = reading.value
                self._look_again(case, signal)
            case.next = self._next(case)

    def _see(self, case: _Case, must: Iterable[int], open_: Iterable[int]) -> None:
        holds = case.holds
        case.fired = [n for n in must if n in holds]
        case.open = [n for n in open_ if n in holds]
        case.next = self._next(case)

    def _look_again(self, case: _Case, signal: str) -> None:
        """Only what was open and reads the signal can have changed: what was true or false stays so."""
        plan, still = case.plan, list[int]()
        for n in case.open:
            if signal in plan.conditions[n].signals:
                must, open_ = plan.alone(n)(case.row())
                if must:
                    case.fired.append(n)
                if not open_:
                    continue
            still.append(n)
        case.open = still

    def _next(self, case: _Case) -> str | None:
        plan = case.plan
        if plan.always:
            for n in sorted(plan.always & case.holds):
                for name in plan.conditions[n].signals:
                    if name not in case.bought:
                        return name
        needed = self._needed(case) if case.open else None
        if needed is not None or not case.audit:
            return needed
        return next(
            (
                name
                for name in plan.audit
                if name not in case.bought and case.spent + plan.costs[name] <= self.sample.budget_us
            ),
            None,
        )

    def _needed(self, case: _Case) -> str | None:
        plan = case.plan
        open_ = tuple([n for n in case.open if n in plan.live])
        if not open_:
            return None
        fired = tuple([n for n in case.fired if n in plan.live])
        names = tuple(self._aimed(case).names.items())
        worth = plan.worth(open_, fired, case.event.market, names)
        return plan.next_signal(worth, case.row, case.bought)

    def _aimed(self, case: _Case) -> Targets:
        if case.aimed is None:
            subject, actor = _subject_and_actor(case)
            case.aimed = targets(subject, actor, case.event.parties)
        return case.aimed

    def _decide(self, case: _Case, now: int | None) -> Decision:
        event, plan = case.event, case.plan
        case.fired.sort()
        fired = [n for n in case.fired if n in plan.live]
        subject, actor = _subject_and_actor(case)
        actions, review, hidden = (), (), ()
        if fired:
            ladders = self.project.ladders
            asked = [plan.grounded(n, event.market) for n in fired]
            actions, review = combine(asked, self._aimed(case), ladders)
            hidden = beneath(asked, self._aimed(case), actions)
        name = plan.names
        return Decision(
            decision_id=decision_id(event.source, event.id, self.project.version),
            event_id=event.id,
            type=event.type,
            ts=event.ts,
            market=event.market,
            language=event.language,
            source=event.source,
            subject=subject,
            actor=actor,
            action=visible(actions, self.project.ladders) if actions else "allow",
            actions=actions,
            beneath=hidden,
            review=review,
            fired=tuple([name[n] for n in fired]),
            shadow=tuple([name[n] for n in case.fired if n not in plan.live]),
            undetermined=tuple([name[n] for n in case.open]),
            signals=case.bought,
            features=dict(case.features),
            project_version=self.project.version,
            effective_version=self.effective_version,
            digest=event.digest,
            audit=case.audit,
            audit_probability=self.sample.probability,
            decided_at=event.ts if now is None else now,
        )


def build(
    project: Project,
    *,
    paused: Collection[str] = (),
    effective_version: str | None = None,
    sample: Sample | None = None,
) -> Engine:
    """Compile the strategies of a project.

    Args:
        project: one that checks.
        paused: strategies that a control record has stopped.
        effective_version: the project's version with its control records; the version itself by default.
        sample: the audit sample; by default 1 %, salted by the project's name.

    Raises:
        ConditionError: a condition does not compile.
    """
    plans = {name: Plan(project, event_type, paused=paused) for name, event_type in project.events.items()}
    return Engine(
        project,
        plans,
        effective_version=effective_version or project.version,
        sample=sample or Sample(salt=project.name),
    )


def _subject_and_actor(case: _Case) -> tuple[str, str | None]:
    event_type, fields = case.plan.event_type, case.event.fields
    actor = None if event_type.actor is None else fields.get(event_type.actor)
    return str(fields[event_type.subject]), None if actor is None else str(actor)
