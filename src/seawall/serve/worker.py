"""The one driver of the machine: events in order to features, engine, signals, journal, decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seawall.core.clock import Clock
    from seawall.core.decision import Decision
    from seawall.core.errors import Conflict
    from seawall.core.event import Event
    from seawall.policy.model import Project


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


class Worker:
    """Decides batches of events. Not thread-safe: one thread drives it; the server puts a bounded queue before it."""

    def __init__(self, project: Project, *, store: Recorder | None, clock: Clock, warm: bool = True) -> None:
        """Make a worker of one project.

        Args:
            project: what decides.
            store: where decisions become durable; None decides without keeping anything (tests, `explain FILE`).
            clock: gives `decided_at`.
            warm: features are NULL until their window has passed since the worker first saw the stream; False takes
                the time before the first event as empty (a run over a file is the whole world of that run).
        """
        raise NotImplementedError

    def decide(self, events: Sequence[Event]) -> list[Decision | Conflict]:
        """Decide a batch, in order; one answer per event, durable when this returns.

        An event seen before with the same digest gets its stored decision again; with another digest, a `Conflict`
        in its place, and nothing is recorded for it. The others are decided.

        Raises:
            StorageError: the batch could not be made durable; nothing of it may be acknowledged.
        """
        raise NotImplementedError

    def release(self, project: Project) -> None:
        """Decide with another project version from the next batch on; unchanged features keep their state."""
        raise NotImplementedError
