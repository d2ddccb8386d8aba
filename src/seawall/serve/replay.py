"""Deciding again what was decided: from recorded inputs, which must give the same, or from new ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from seawall.core.decision import Decision, Reading, as_document
from seawall.core.errors import NotFound
from seawall.core.milestone import by_milestone
from seawall.decide.engine import build
from seawall.decide.model import Done, Sample
from seawall.decide.under import under
from seawall.serve.controls import SHARES, InForce, effective_version
from seawall.serve.worker import Worker
from seawall.store import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

    from seawall.core.event import Event
    from seawall.decide.engine import Engine
    from seawall.policy.model import Project
    from seawall.store import Control, Recorded

_APART = frozenset({"decided_at"})
"""What may differ between two decisions that are the same."""

_VERSIONS = _APART | {"decision_id", "project_version", "effective_version"}
"""What must differ where another version decides."""


class Difference(msgspec.Struct, frozen=True):
    """One decision that came out otherwise: recorded and now, for each name that differs."""

    event_id: str
    decision_id: str
    fields: dict[str, tuple[object, object]]


class Replayed(msgspec.Struct, frozen=True):
    """One decision replayed: the same, different, or not to be replayed and why."""

    difference: Difference | None = None
    skipped: str | None = None


class RecordedInputs:
    """Replays from what was recorded: the features that were read and the signals that were bought."""

    def __init__(
        self,
        project_of: Callable[[str], Project],
        controls: Iterable[tuple[int, Control]],
        *,
        find: Callable[[str], Recorded | None] = lambda _: None,
    ) -> None:
        """Prepare to replay.

        Args:
            project_of: the project of a version.
            controls: every control record of the journal.
            find: the recorded decision with an id, for rounds that follow another.
        """
        self._project_of = project_of
        self._find = find
        self._controls = list(controls)
        self._engines: dict[tuple[str, str], Engine] = {}

    def replay(self, recorded: Recorded) -> Replayed:
        """Decide again from the recorded inputs."""
        event, decision = recorded.event, recorded.decision
        if event is None:
            return Replayed(skipped=recorded.gone or "no event")
        try:
            engine = self._engine(decision)
        except NotFound as error:
            return Replayed(skipped=error.message)
        before = None if decision.supersedes is None else self._find(decision.supersedes)
        if decision.supersedes is not None and before is None:
            return Replayed(skipped="the round before is not here")
        again = self._decide(engine, event, decision, before.decision if before else None)
        return Replayed(difference=compare(decision, again))

    def _decide(self, engine: Engine, event: Event, decision: Decision, before: Decision | None) -> Decision:
        now = decision.decided_at
        if before is None:
            state = engine.start([event], [decision.features], audit=[decision.audit], now=now)
        else:
            state = engine.resume([(event, before)], now=now)
        while not isinstance(step := engine.step(state), Done):
            reading = decision.signals.get(step.signal)
            if reading is None and not decision.final:
                engine.postpone(state, step.signal)  # as it was: this round did not wait for it
            else:
                engine.supply(state, step.signal, [reading or Reading(null="not recorded")])
        return msgspec.structs.replace(step.decisions[0], because=decision.because)

    def _engine(self, decision: Decision) -> Engine:
        key = (decision.project_version, decision.effective_version)
        if key not in self._engines:
            project = self._project_of(decision.project_version)
            in_force = in_force_at(project, self._controls, decision.effective_version)
            self._engines[key] = build(
                under(project, shadowed=in_force.held.shadowed, called=in_force.held.called),
                shares=in_force.shares,
                effective_version=decision.effective_version,
                sample=Sample(decision.audit_probability, project.name),
            )
        return self._engines[key]


def in_force_at(project: Project, controls: Iterable[tuple[int, Control]], effective: str) -> InForce:
    """What control records came to when an effective version decided.

    Args:
        project: the version that decided.
        controls: of the journal, in the order of their sequence numbers.
        effective: the effective version.

    Raises:
        NotFound: the records it speaks of are not among them.
    """
    if effective == project.version:
        return InForce()
    before: list[tuple[int, Control]] = []
    for sequence, control in controls:
        before.append((sequence, control))
        if effective_version(project, sequence) == effective:
            return InForce().after(before)
    raise NotFound(f"the control records of effective version {effective[:12]} are not here")


def recomputed(
    stream: Iterable[Recorded | Finding],
    project: Project,
    *,
    since: int,
    until: int,
    warm: bool,
    controls: Iterable[tuple[int, Control]] = (),
) -> Generator[Replayed]:
    """Decide again with inputs computed anew: features counted from the stream, signals from the content.

    Args:
        stream: decisions in the order of recording, from before `since` so that windows are filled, and
            all that people concluded where it was recorded among them.
        project: what decides now.
        since: event time from which decisions are compared.
        until: event time before which they are.
        warm: whether features warm up from the first event of the stream.
        controls: of the journal; signals are bought by the last shares that were learned.
    """
    worker = Worker(project, store=None, clock=None, warm=warm)
    worker.control([each for each in controls if each[1].kind == SHARES])
    worker.features.all_told()
    for recorded in stream:
        if isinstance(recorded, Finding):
            worker.learn([recorded])
            continue
        event = recorded.event
        if recorded.decision.round > 1:
            yield Replayed(skipped="later round")
        elif by_milestone(recorded.decision.because):
            yield Replayed(skipped="decided again at a milestone, by the counts of then")
        elif event is None or event.type not in project.events:
            yield Replayed(skipped=recorded.gone or "event type no longer declared")
        elif since <= event.ts < until:
            answer = worker.decide([event])[0]
            assert isinstance(answer, Decision)
            yield Replayed(difference=compare(recorded.decision, answer, apart=_VERSIONS))
        else:
            worker.absorb([event])
    worker.close()


def compare(before: Decision, now: Decision, *, apart: frozenset[str] = _APART) -> Difference | None:
    """What differs, name by name, apart from what may."""
    old, new = as_document(before), as_document(now)
    changed = {name: (old[name], new[name]) for name in old if name not in apart and old[name] != new[name]}
    return Difference(before.event_id, before.decision_id, changed) if changed else None
