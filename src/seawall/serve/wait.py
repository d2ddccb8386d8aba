"""How long a batch may still wait for signals: the project's latency budgets, by surface."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seawall.core.event import Event
    from seawall.policy.model import Project


class Wait:
    """The clock of one batch; it starts when made.

    Args:
        project: whose budgets and signals they are.
        events: the batch.
        timer: seconds that only rise.
    """

    def __init__(self, project: Project, events: Sequence[Event], timer: Callable[[], float]) -> None:
        self._signals = project.signals
        self._timer = timer
        self._began = timer()
        by_type = {name: project.latency_us.get(each.surface) for name, each in project.events.items()}
        self._budgets = [by_type[event.type] for event in events] if project.latency_us else []

    def late(self, signal: str, rows: Sequence[int]) -> tuple[int, ...]:
        """Those rows whose budget does not leave the time that the signal usually takes."""
        if not self._budgets:
            return ()
        needed = self._passed_us() + self._signals[signal].latency_us
        return tuple([row for row in rows if (budget := self._budgets[row]) is not None and needed > budget])

    def left_s(self, rows: Sequence[int]) -> float | None:
        """How long these rows can wait, together; None: as long as it takes."""
        budgets = (
            [budget for row in rows if (budget := self._budgets[row]) is not None] if self._budgets else []
        )
        return (min(budgets) - self._passed_us()) / 1e6 if budgets else None

    def _passed_us(self) -> float:
        return (self._timer() - self._began) * 1e6
