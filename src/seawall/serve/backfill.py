"""Features new with a release are counted over the journal beside the stream, then take their place in it."""

from __future__ import annotations

from threading import Event as Flag
from threading import Thread
from typing import TYPE_CHECKING

from seawall.core.milestone import by_milestone
from seawall.features import FeatureState

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from seawall.core.event import Event
    from seawall.features import Definition
    from seawall.store import Recorded, Store


class Backfill:
    """Counts some features over the journal in a thread of its own.

    It reads what was recorded in the order of recording, as the stream was read, so that what it gives is
    what the stream would have given. What is recorded meanwhile is added when it is `finish`ed.

    Args:
        state: the state that counts them from now on, and to which they go.
        new: their fingerprints.
        store: whose journal is read.
        failed: told of what goes wrong in the thread; the features then warm up as the stream goes on.
    """

    def __init__(
        self, state: FeatureState, new: Collection[str], store: Store, *, failed: Callable[[Exception], None]
    ) -> None:
        self._state = state
        self._store = store
        self._failed = failed
        self._definitions: list[Definition] = [
            definition for definition in state.definitions if definition.spec.fingerprint in new
        ]
        self._counted = FeatureState(self._definitions, limits=state.limits)
        self._upto: dict[str, int] = {}
        self._done = Flag()
        self._thread = Thread(target=self._run, name="seawall-backfill", daemon=True)

    @property
    def fingerprints(self) -> set[str]:
        """Of the features it counts."""
        return {definition.spec.fingerprint for definition in self._definitions}

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    @property
    def ready(self) -> bool:
        """Whether it can be finished."""
        return self._done.is_set()

    def finish(self) -> list[str]:
        """Add what was recorded meanwhile and give the features to the stream; their names.

        To be called between two batches only. What a release took away meanwhile is let go.
        """
        if not self._upto:
            return []
        self._absorb(self._store.recorded_since(self._upto))
        self._state.take(self._counted)
        return [definition.spec.name for definition in self._definitions]

    def _run(self) -> None:
        try:
            watermark = self._state.watermark
            upto = self._store.position
            if watermark is not None:
                reach = max(definition.spec.over_us for definition in self._definitions)
                since = watermark - reach - self._state.limits.lateness_us
                if reaches(self._store, since):
                    self._counted.complete_from(since)
                self._absorb(self._store.recorded_between(since, upto))
                self._upto = upto
        except Exception as error:  # noqa: BLE001  a thread's own function is an outermost door
            self._failed(error)
        finally:
            self._done.set()

    def _absorb(self, stream: Iterable[Recorded]) -> None:
        for event in events_once(stream):
            self._counted.absorb(event)


def reaches(store: Store, since: int) -> bool:
    """Whether the journal begins with what happened at `since` or before: then it has all that came after."""
    first = next(iter(store.recorded_since({})), None)
    return first is not None and first.decision.ts <= since


def events_once(stream: Iterable[Recorded]) -> Iterable[Event]:
    """The event of each first decision: later rounds and milestones decide again what was counted."""
    return (
        recorded.event
        for recorded in stream
        if recorded.event is not None
        and recorded.decision.supersedes is None
        and not by_milestone(recorded.decision.because)
    )
