"""Decisions from the journal become facts, in the transaction that moves the projector's cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.act.facts import Facts
from seawall.act.grounds import grounds_of
from seawall.store.entry import Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Connection

    from seawall.act.effects import Effects
    from seawall.act.facts import Ground
    from seawall.core.action import Ladders
    from seawall.core.clock import Clock
    from seawall.core.decision import Decision
    from seawall.store.projector import Item


def no_versions(_decision: Decision) -> str:
    """A platform that does not tell versions of a subject apart."""
    return ""


class ProjectEffects:
    """A projection for `seawall.store.projector.Projector`: what decisions ask for, holds."""

    def __init__(
        self,
        effects: Effects,
        *,
        clock: Clock,
        ladders: Ladders,
        surfaces: Mapping[str, str],
        content_version: Callable[[Decision], str] = no_versions,
    ) -> None:
        """Say what the project in force knows.

        Args:
            effects: what holds.
            clock: what time it is.
            ladders: the axes of the project.
            surfaces: the surface of each event type; a type that is not there names its surface itself.
            content_version: tells versions of a subject apart.
        """
        self._effects = effects
        self._clock = clock
        self._ladders = ladders
        self._surfaces = surfaces
        self._content_version = content_version

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
            content_version=self._content_version(decision),
        )
