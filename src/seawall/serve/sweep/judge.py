"""Decides recorded events once more, from the counts that were read then and the content as it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from seawall.core.decision import Decision, Reading, decision_id
from seawall.core.errors import NotFound, SeawallError
from seawall.decide.engine import build
from seawall.decide.model import Done
from seawall.decide.sample import drawn
from seawall.decide.under import under
from seawall.serve.controls import InForce, effective_version
from seawall.signals import KINDS, Detectors

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from seawall.core.event import Event
    from seawall.policy.model import Project
    from seawall.signals import SignalKind

WARMING = Reading(null="warming")
OUTCOME = ("fired", "actions", "beneath", "review")
"""What makes another decision of it."""


class Again:
    """The machine of one project version, for rounds that follow earlier ones.

    A count is what it was when the event was first decided: behaviour since then says nothing of it. A count
    that the project did not have then, or that has another definition now, is NULL. Signals are computed
    anew.
    """

    def __init__(
        self,
        project: Project,
        project_of: Callable[[str], Project],
        *,
        in_force: InForce = InForce(),  # noqa: B008  frozen
        kinds: Mapping[str, SignalKind] = KINDS,
        without: Collection[str] = (),
    ) -> None:
        """Compile the project.

        Args:
            project: what decides.
            project_of: earlier versions, by their hash.
            in_force: control records, which stop strategies and say what is bought.
            kinds: the detectors there are.
            without: strategies that may not act besides.
        """
        self.project = project
        self._project_of = project_of
        held = in_force.held
        self._engine = build(
            under(project, shadowed={*held.shadowed, *without}, called=held.called),
            effective_version=effective_version(project, in_force.sequence),
            shares=in_force.shares,
        )
        self._detectors = Detectors(project, kinds)
        self._kept: dict[str, frozenset[str]] = {}

    def fits(self, event: Event) -> bool:
        """Whether the event can be judged: its type is declared and all of its fields are there."""
        kind = self.project.events.get(event.type)
        return kind is not None and kind.fields.keys() <= event.fields.keys()

    def decide(
        self, pairs: Sequence[tuple[Event, Decision]], *, because: tuple[str, ...], now: int
    ) -> list[Decision]:
        """The next round of each decision.

        Args:
            pairs: events that fit, with their newest decisions.
            because: why, as the decisions will say.
            now: microseconds.
        """
        events = [event for event, _ in pairs]
        features = [self._features(event, before) for event, before in pairs]
        audit = [drawn(self._engine.sample, event) for event in events]
        state = self._engine.start(events, features, audit=audit, now=now)
        while not isinstance(step := self._engine.step(state), Done):
            bought = self._detectors.read(step.signal, [events[row] for row in step.rows])
            self._engine.supply(state, step.signal, bought)
        return [_round(new, old, because) for new, (_, old) in zip(step.decisions, pairs, strict=True)]

    def close(self) -> None:
        """Let go of the detectors."""
        self._detectors.close()

    def _features(self, event: Event, before: Decision) -> dict[str, Reading]:
        kept = self._unchanged(before.project_version)
        return {
            name: before.features.get(name, WARMING) if name in kept else WARMING
            for name, spec in self.project.features.items()
            if event.type in spec.on
        }

    def _unchanged(self, version: str) -> frozenset[str]:
        if version not in self._kept:
            try:
                then = self.project if version == self.project.version else self._project_of(version)
            except (NotFound, SeawallError):
                self._kept[version] = frozenset()
                return frozenset()
            self._kept[version] = frozenset(
                name
                for name, spec in self.project.features.items()
                if name in then.features and then.features[name].fingerprint == spec.fingerprint
            )
        return self._kept[version]


def differs(before: Decision, after: Decision) -> bool:
    """Whether the round says anything else."""
    return any(getattr(before, name) != getattr(after, name) for name in OUTCOME)


def _round(new: Decision, old: Decision, because: tuple[str, ...]) -> Decision:
    round_ = old.round + 1
    return msgspec.structs.replace(
        new,
        decision_id=decision_id(new.source, new.event_id, new.project_version, round_),
        round=round_,
        supersedes=old.decision_id,
        because=because,
        audit_probability=old.audit_probability,
        final=True,
    )
