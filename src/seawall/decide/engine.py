"""The step machine: start with events and features, buy signals while one could change an outcome, decide.

Which signal an event buys next depends on that event and on shares that stand still (see `shares`), so that a
batch decides as its events would one by one, and a replay buys what was bought.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.core.decision import NO_ANSWER
from seawall.decide.case import Case, State
from seawall.decide.conclude import conclude, missing
from seawall.decide.lessons import lessons_of
from seawall.decide.model import Done, Need, Sample
from seawall.decide.plan import Plan
from seawall.decide.residual import waits_for
from seawall.decide.shares import Shares

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from seawall.core.decision import Decision, Reading
    from seawall.core.event import Event
    from seawall.decide.model import Looked, Step
    from seawall.decide.plan import Situation
    from seawall.decide.shares import Lesson
    from seawall.policy.model import Project


class Engine:
    """The strategies of one project, compiled. Immutable: batches of different threads may use one."""

    def __init__(
        self, project: Project, plans: dict[str, Plan], *, effective_version: str, sample: Sample
    ) -> None:
        self.project = project
        self.plans = plans
        self.effective_version = effective_version
        self.sample = sample

    def learned(self, shares: Shares, *, effective_version: str) -> Engine:
        """The same with other shares; nothing is compiled again."""
        plans = {name: plan.learned(shares) for name, plan in self.plans.items()}
        return Engine(self.project, plans, effective_version=effective_version, sample=self.sample)

    def start(
        self,
        events: Sequence[Event],
        features: Sequence[dict[str, Reading]],
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
        features: Sequence[dict[str, Reading]],
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

    def resume(self, before: Sequence[tuple[Event, Decision]], *, now: int | None = None) -> State:
        """Begin the next round of decisions that were not final: what was read stands, what failed is open.

        Whoever fired stays; the round can only add to it.

        Args:
            before: events with their newest decisions, all `resumable`.
            now: as in `start`.
        """
        events = [event for event, _ in before]
        cases = self._cases(events, [each.features for _, each in before], [each.audit for _, each in before])
        for case, (_, decision) in zip(cases, before, strict=True):
            case.before = decision
            for name, reading in decision.signals.items():
                if reading.null not in NO_ANSWER and name in case.plan.costs:
                    case.know(name, reading, failed=False)
            must, open_ = case.plan.program(case.row())
            stands = {n for n, name in enumerate(case.plan.names) if name in decision.fired}
            self._see(case, sorted({*must, *stands}), [n for n in open_ if n not in stands])
        return State(cases, now)

    def resumable(self, event: Event, decision: Decision) -> bool:
        """Whether a next round may be decided here: its type and all that fired must still be in force."""
        plan = self.plans.get(event.type)
        if plan is None or decision.final or not plan.event_type.fields.keys() <= event.fields.keys():
            return False
        live = {plan.names[n] for n in plan.live & plan.here(event)}
        return live.issuperset(decision.fired)

    def shadows(self, event: Event, decision: Decision) -> tuple[str, ...]:
        """The shadow strategies of this version that a decision left open."""
        plan = self.plans.get(event.type)
        if plan is None:
            return ()
        if plan.shadow_names.isdisjoint(decision.undetermined):
            return ()
        left = {plan.names[n] for n in plan.here(event) - plan.live}
        return tuple(name for name in decision.undetermined if name in left)

    def aside(self, decided: Sequence[tuple[Event, Decision]]) -> State:
        """Begin to look into shadow strategies that decisions left open: their signals alone are bought.

        What the decisions bought is known. What comes of it tells `shadow` and `undetermined` of the
        strategies that `shadows` names; nothing else of it means anything.
        """
        cases = self._cases([event for event, _ in decided], [each.features for _, each in decided], None)
        for case, (_, decision) in zip(cases, decided, strict=True):
            case.aside = True
            for name, reading in decision.signals.items():
                if name in case.plan.costs:
                    case.know(name, reading, failed=False)
            _, open_ = case.plan.program(case.row())
            left = {n for n in open_ if case.plan.names[n] in decision.undetermined}
            self._see(case, (), sorted(left - case.plan.live))
        return State(cases, None)

    def settled(self, event_type: str) -> bool:
        """Whether an event of this type on which nothing is true or open needs no case, unless it is audited.

        It does where a strategy buys its signals whatever they could change.
        """
        return not self.plans[event_type].always

    def plain(self, event: Event, features: dict[str, Reading], *, now: int | None = None) -> Decision:
        """The decision on an event on which nothing is true or open, that is not audited: see `settled`."""
        case = Case(self.plans[event.type], event, features, audit=False)
        return self._decide(case, now)

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
        need = self._needed_by(state, signal)
        if len(need.rows) != len(readings):
            msg = f"{len(readings)} readings for {len(need.rows)} rows of {signal!r}"
            raise ValueError(msg)
        for position, reading in zip(need.rows, readings, strict=True):
            case = state.cases[position]
            case.know(signal, reading, failed=reading.null in NO_ANSWER)
            if signal in case.plan.place:
                self._look_again(case, signal)
            case.next = self._next(case)

    def postpone(self, state: State, signal: str, rows: Collection[int] | None = None) -> None:
        """Do not wait for the signal of the last `Need`: what it could still change is left for later.

        Args:
            state: of the batch.
            signal: what was needed.
            rows: for which it is not waited for; None: for all. The others still need it.

        Raises:
            ValueError: that is not what was needed.
        """
        need = self._needed_by(state, signal)
        for position in need.rows if rows is None else rows:
            case = state.cases[position]
            case.later |= {signal}
            case.next = self._next(case)
        left = tuple([row for row in need.rows if rows is not None and row not in rows])
        state.need = Need(signal, left) if left else None

    def waiting(self, state: State) -> list[list[str]]:
        """Of the last `Need`, for each row: the strategies it is bought for; none for the audit sample."""
        if state.need is None:
            return []
        signal = state.need.signal
        return [self._waiting(state.cases[position], signal) for position in state.need.rows]

    def lessons(self, state: State, *, dear_us: float) -> list[Lesson]:
        """What the events of a decided batch that were audited, or cost `dear_us`, tell of open parts."""
        return [
            lesson
            for case in state.cases
            if case.audit or case.spent >= dear_us
            for lesson in lessons_of(case)
        ]

    def _cases(
        self,
        events: Sequence[Event],
        features: Sequence[dict[str, Reading]],
        audit: Sequence[bool] | None,
    ) -> list[Case]:
        flags = audit or [False] * len(events)
        return [
            Case(self.plans[event.type], event, readings, audit=flag)
            for event, readings, flag in zip(events, features, flags, strict=True)
        ]

    def _needed_by(self, state: State, signal: str) -> Need:
        need = state.need
        if need is None or need.signal != signal:
            msg = f"{signal!r} is not what was needed: {need}"
            raise ValueError(msg)
        state.need = None
        return need

    def _see(self, case: Case, must: Iterable[int], open_: Iterable[int]) -> None:
        holds = case.holds
        case.fired = [n for n in must if n in holds]
        case.open = case.began = [n for n in open_ if n in holds]
        case.next = self._next(case)

    def _look_again(self, case: Case, signal: str) -> None:
        """Only what was open and reads the signal can have changed: what was true or false stays so."""
        plan, still = case.plan, list[int]()
        for n in case.open:
            if signal in plan.conditions[n].signals:
                must, open_ = plan.alone(n)(case.row_of(n))
                if must:
                    case.fired.append(n)
                if not open_:
                    continue
            still.append(n)
        case.open = still

    def _next(self, case: Case) -> str | None:
        plan = case.plan
        if case.aside:
            return self._needed(case) if case.open else None
        if plan.always:
            for n in sorted(plan.always & case.holds):
                for name in plan.conditions[n].signals:
                    if name not in case.bought and name not in case.later:
                        return name
        needed = self._needed(case) if case.open else None
        if needed is not None or not case.audit:
            return needed
        return next(
            (
                name
                for name in plan.audit
                if name not in case.bought
                and name not in case.later
                and case.spent + plan.costs[name] <= self.sample.budget_us
            ),
            None,
        )

    def _needed(self, case: Case) -> str | None:
        situation = _situation(case)
        return None if situation is None else case.plan.next_signal(situation, case)

    def _waiting(self, case: Case, signal: str) -> list[str]:
        plan, situation = case.plan, _situation(case)
        waiting = {n for n in plan.always & case.holds if signal in plan.conditions[n].signals}
        for n in () if situation is None else situation.matter:
            left = plan.left(n, case, case.settled)
            if not isinstance(left, bool) and signal in waits_for(left):
                waiting.add(n)
        return [plan.names[n] for n in sorted(waiting)]

    def _decide(self, case: Case, now: int | None) -> Decision:
        late = False
        if case.later:
            later, case.later = case.later, frozenset()
            late = self._next(case) is not None
            case.later = later
        return conclude(case, missing(case) if case.failed else (), late=late, engine=self, now=now)


def build(
    project: Project,
    *,
    effective_version: str | None = None,
    sample: Sample | None = None,
    shares: Shares = Shares(),  # noqa: B008  frozen
) -> Engine:
    """Compile the strategies of a project.

    Args:
        project: one that checks; what control records hold is in it already (`seawall.decide.under`).
        effective_version: the project's version with its control records; the version itself by default.
        sample: the audit sample; by default 1 %, salted by the project's name.
        shares: how often parts of strategies turned out true.

    Raises:
        ConditionError: a condition does not compile.
    """
    plans = {name: Plan(project, event_type, shares=shares) for name, event_type in project.events.items()}
    return Engine(
        project,
        plans,
        effective_version=effective_version or project.version,
        sample=sample or Sample(salt=project.name),
    )


def _situation(case: Case) -> Situation | None:
    plan = case.plan
    open_ = tuple(case.open) if case.aside else tuple([n for n in case.open if n in plan.live])
    if not open_:
        return None
    fired = tuple([n for n in case.fired if n in plan.live])
    if case.aside:
        return plan.unweighed(open_)
    return plan.situation(open_, fired, case.event.market, tuple(case.aimed.names.items()))
