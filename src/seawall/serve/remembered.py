"""Feature state kept beside the journal, so that a start counts again only what was recorded since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.core.errors import Corrupt
from seawall.features import facts_of, reach_us, restore, snapshot
from seawall.serve.backfill import events_once, reaches
from seawall.store.failure import storage_error
from seawall.store.files_os import REAL
from seawall.store.replace import replace

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from seawall.core.event import Event
    from seawall.features import FeatureState
    from seawall.policy.model import Project
    from seawall.store import Store
    from seawall.store.ports import Files

NAME = "features.snapshot"


class Remembered:
    """The snapshot of one data folder, swapped at once: a crash leaves the old one or the new.

    Args:
        data: the data folder.
        files: the file system.
    """

    def __init__(self, data: Path, *, files: Files = REAL) -> None:
        self._path = data / NAME
        self._files = files

    def keep(self, state: FeatureState, *, offsets: Mapping[str, int]) -> None:
        """Keep the state, in which the journal is counted up to these offsets and no further.

        Raises:
            StorageError: the disk refuses; the one kept before is still there.
        """
        self.write(snapshot(state, offsets=dict(offsets)))

    def write(self, data: bytes) -> None:
        """Keep a snapshot that was taken before.

        Raises:
            StorageError: the disk refuses; the one kept before is still there.
        """
        try:
            replace(self._files, self._path, data)
        except OSError as error:
            raise storage_error(error, "keeping the state of features") from error

    def recall(self, state: FeatureState, *, partly: bool = False) -> dict[str, int] | None:
        """Put what was kept into a new state; the offsets from which to go on, None: nothing was kept.

        Args:
            state: a new one.
            partly: it may have features that were not kept; they stay new.

        Raises:
            Corrupt: it is damaged, or of other features; the state is as it was.
        """
        if self._path.name not in self._files.names(self._path.parent):
            return None
        handle = self._files.open(self._path)
        try:
            return restore(state, handle.read_at(handle.size(), 0), partly=partly)
        finally:
            handle.close()


def tell(
    state: FeatureState,
    store: Store,
    *,
    since: Mapping[str, int] | None = None,
    upto: Mapping[str, int] | None = None,
) -> None:
    """Let features know all that people concluded, as the journal has it; it is complete from its beginning.

    Args:
        state: that of the features.
        store: whose journal is read.
        since: offsets by writer up to which it knows that already; None: it knows nothing.
        upto: offsets before which; None: all that is durable.
    """
    if not state.listens:
        return
    found = store.findings(None if state.untold else since, upto)
    state.learn(fact for _, finding in found for fact in facts_of(finding))
    state.all_told()


def recall(
    state: FeatureState, project: Project, store: Store, remembered: Remembered
) -> tuple[Iterator[Event], str]:
    """Recall what was kept, if it can be used.

    Returns:
        The events to absorb to be up to date, in the order of recording, and why they are all that windows
        can reach; empty if they are only those recorded since.
    """
    why = ""
    try:
        offsets = remembered.recall(state)
    except Corrupt as error:
        offsets, why = None, error.message
    if offsets is not None and any(offsets.get(name, 0) > end for name, end in store.position.items()):
        offsets, why = None, "the snapshot of the feature state is of another journal"
        state.forget()
    tell(state, store, since=offsets)
    if offsets is not None:
        return iter(events_once(store.recorded_since(offsets))), ""
    newest = next((one.decision.ts for one in store.search(limit=1).decisions), None)
    if newest is None or not project.features:
        return iter(()), ""
    since = newest - reach_us(project.features.values()) - state.limits.lateness_us
    if reaches(store, since):
        state.complete_from(since)
    return iter(events_once(store.between(since))), why or "no snapshot of the feature state was kept"
