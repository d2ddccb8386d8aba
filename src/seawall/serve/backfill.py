"""Features new with a release are counted over the journal beside the stream, then take their place in it."""

from __future__ import annotations

from threading import Event as Flag
from threading import Thread
from typing import TYPE_CHECKING

import msgspec

from seawall.core.clock import MICROS_PER_SECOND
from seawall.core.errors import Corrupt
from seawall.features import FeatureState, reach_us, snapshot
from seawall.serve.history_of_features import events_once, reaches, tell
from seawall.serve.remembered import Remembered
from seawall.store import Control

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from seawall.core.clock import Clock
    from seawall.features import Definition
    from seawall.store import Recorded, Store
    from seawall.store.ports import Files

NAME = "backfill.snapshot"
KEEP_US = 5 * MICROS_PER_SECOND
"""How often it is kept how far the counting came, so that a killed process goes on from there."""

FILLED = "filled"
"""The kind of control record that says from where on features are complete."""

_TOLD_EVERY = 10_000  # events


class Progress(msgspec.Struct, frozen=True):
    """How far it is, in bytes of the journal that have to be read."""

    features: tuple[str, ...]
    done: int
    total: int
    events: int


class Backfill:
    """Counts some features over the journal, in a thread of its own or in the caller's.

    It reads what was recorded in the order of recording, as the stream was read, so that what it gives is
    what the stream would have given. What is recorded meanwhile is added when it is `finish`ed. How far it
    came is kept beside the journal: after a crash another one goes on from there.
    """

    def __init__(
        self,
        state: FeatureState,
        new: Collection[str],
        store: Store,
        *,
        clock: Clock,
        failed: Callable[[Exception], None],
        files: Files | None = None,
        told: Callable[[Progress], object] = lambda _: None,
    ) -> None:
        """Prepare to count.

        Args:
            state: the state that counts them from now on, and to which they go.
            new: their fingerprints.
            store: whose journal is read.
            clock: what time it is.
            failed: told of what goes wrong in the thread; the features then warm up as the stream goes on.
            files: the file system beside the journal.
            told: told now and then how far it is.
        """
        self._state = state
        self._store = store
        self._clock = clock
        self._failed = failed
        self._told = told
        self._kept = (
            Remembered(store.path, NAME) if files is None else Remembered(store.path, NAME, files=files)
        )
        self._definitions: list[Definition] = [
            definition for definition in state.definitions if definition.spec.fingerprint in new
        ]
        self._counted = FeatureState(self._definitions, limits=state.limits)
        self._upto: dict[str, int] = {}
        self._events = 0
        self._stopping = Flag()
        self._done = Flag()
        self._thread = Thread(target=self._run, name="seawall-backfill", daemon=True)

    @property
    def fingerprints(self) -> set[str]:
        """Of the features it counts."""
        return {definition.spec.fingerprint for definition in self._definitions}

    @property
    def names(self) -> tuple[str, ...]:
        """Of the features it counts."""
        return tuple(sorted(definition.spec.name for definition in self._definitions))

    def start(self) -> None:
        """Begin, in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Leave off; how far it came is kept."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    @property
    def ready(self) -> bool:
        """Whether it can be finished."""
        return self._done.is_set()

    def run(self) -> None:
        """Count all that is recorded by now, going on from where an earlier one was killed.

        Raises:
            StorageError: the disk refuses.
        """
        upto = self._store.position
        start = self._resumed(upto)
        if start is None:
            start = self._begun()
        self._count(start, upto)
        if not self._stopping.is_set():
            tell(self._counted, self._store, upto=upto)
            self._upto = upto

    def finish(self) -> list[str]:
        """Add what was recorded meanwhile and give the features to the stream; their names.

        To be called between two batches only. What a release took away meanwhile is let go.
        """
        if not self._upto:
            return []
        for event in events_once(self._store.recorded_since(self._upto)):
            self._counted.absorb(event)
        tell(self._counted, self._store, since=self._upto)
        self._state.take(self._counted)
        self._kept.forget()
        return list(self.names)

    def record(self) -> Control:
        """What the journal says of it, so that the effective version tells before from after."""
        return filled(self.names, at=self._clock.now())

    def _run(self) -> None:
        try:
            self.run()
        except Exception as error:  # noqa: BLE001  a thread's own function is an outermost door
            self._failed(error)
        finally:
            self._done.set()

    def _resumed(self, upto: dict[str, int]) -> dict[str, int] | None:
        """Where an earlier one of the same features left off; None: there was none."""
        try:
            offsets = self._kept.recall(self._counted)
        except Corrupt:
            offsets = None
        known = offsets is not None and all(offsets.get(name, 0) <= end for name, end in upto.items())
        if not known:
            self._counted.forget()
            return None
        return offsets

    def _begun(self) -> dict[str, int]:
        """Where to begin: nothing earlier is in any window."""
        watermark = self._state.watermark
        if watermark is None:
            return self._store.position
        reach = reach_us(definition.spec for definition in self._definitions)
        since = watermark - reach - self._state.limits.lateness_us
        if reaches(self._store, since):
            self._counted.complete_from(since)
        return self._store.begins(since)

    def _count(self, start: dict[str, int], upto: dict[str, int]) -> None:
        kept_at = self._clock.now()
        writer = self._store.writer
        first, last = start.get(writer, 0), upto.get(writer, 0)
        for recorded in self._store.recorded_between(start, upto):
            if self._stopping.is_set():
                return
            now = self._clock.now()
            if not 0 <= now - kept_at < KEEP_US:
                kept_at = now
                self._kept.write(snapshot(self._counted, offsets={writer: recorded.ordinal}))
            self._absorb([recorded])
            self._events += 1
            if self._events % _TOLD_EVERY == 0:
                self._told(Progress(self.names, recorded.ordinal - first, last - first, self._events))
        self._told(Progress(self.names, last - first, last - first, self._events))

    def _absorb(self, stream: Iterable[Recorded]) -> None:
        for event in events_once(stream):
            self._counted.absorb(event)


def filled(names: Iterable[str], *, at: int) -> Control:
    """What the journal says of features that are complete from here on."""
    reason = f"complete from the journal: {', '.join(sorted(names))}"
    return Control(kind=FILLED, target="", by="seawall", reason=reason, at=at)
