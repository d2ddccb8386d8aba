"""Decisions from the journal become facts, in the transaction that moves the projector's cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.act.facts import Facts
from seawall.act.grounds import grounds_of
from seawall.core.action import Ladders
from seawall.store.entry import Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Connection

    from seawall.act.effects import Effects
    from seawall.act.facts import Ground
    from seawall.core.clock import Clock
    from seawall.core.decision import Decision
    from seawall.policy.model import Project
    from seawall.store.projector import Item


def nothing_new(_decision: Decision) -> Mapping[str, tuple[str, ...]]:
    """Where machines know nothing that a human did not."""
    return {}


class ProjectEffects:
    """A projection for `seawall.store.projector.Projector`: what decisions ask for, holds."""

    def __init__(
        self,
        effects: Effects,
        *,
        clock: Clock,
        evidence: Callable[[Decision], Mapping[str, tuple[str, ...]]] = nothing_new,
    ) -> None:
        """Make a projection that knows no project yet; see `know`.

        Args:
            effects: what holds.
            clock: what time it is.
            evidence: what a decision rests on by strategy, for shields (`seawall.decide.evidence`).
        """
        self._effects = effects
        self._clock = clock
        self._evidence = evidence
        self._ladders = Ladders.extended()
        self._surfaces: dict[str, str] = {}

    def know(self, project: Project) -> None:
        """Take the ladders and the surfaces of a project.

        What an earlier one declared is kept for decisions of its that are still on their way; of an action
        or a type that none declared, `grounds_of` and the type's own name say enough.
        """
        longest = {**self._ladders.axes}
        for axis, ladder in project.ladders.axes.items():
            longest[axis] = max(longest.get(axis, ()), ladder, key=len)  # projects append at the strong end
        self._ladders = Ladders(longest)
        self._surfaces |= {name: kind.surface for name, kind in project.events.items()}

    def __call__(self, connection: Connection, items: Sequence[Item]) -> None:
        """Apply records in the caller's transaction; their order does not matter."""
        grounds = tuple(
            ground
            for item in items
            if isinstance(item.body, Entry) and item.body.decision.actions
            for ground in self._asked(item.body.decision)
        )
        self._effects.enact(connection, Facts(grounds), at=self._clock.now())

    def _asked(self, decision: Decision) -> tuple[Ground, ...]:
        return grounds_of(
            decision,
            ladders=self._ladders,
            surface=self._surfaces.get(decision.type, decision.type),
            content_version=decision.content_version,
            evidence=self._evidence(decision),
        )
