"""Feature state kept beside the journal, so that a start counts again only what was recorded since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.core.errors import Corrupt
from seawall.features import kept_in, reach_us, restore, snapshot
from seawall.serve.history_of_features import events_once, learn, reaches, tell
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
        name: of the file.
        files: the file system.
    """

    def __init__(self, data: Path, name: str = NAME, *, files: Files = REAL) -> None:
        self._path = data / name
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

    def forget(self) -> None:
        """Keep nothing any more."""
        if self._path.name in self._files.names(self._path.parent):
            self._files.remove(self._path)

    @property
    def fingerprints(self) -> frozenset[str]:
        """Of the features that are kept.

        Raises:
            Corrupt: what is kept is damaged.
        """
        data = self._read()
        return frozenset() if data is None else kept_in(data)

    def recall(self, state: FeatureState, *, partly: bool = False) -> dict[str, int] | None:
        """Put what was kept into a new state; the offsets from which to go on, None: nothing was kept.

        Args:
            state: a new one.
            partly: it may have features that were not kept; they stay new.

        Raises:
            Corrupt: it is damaged, or of other features; the state is as it was.
        """
        data = self._read()
        return None if data is None else restore(state, data, partly=partly)

    def _read(self) -> bytes | None:
        if self._path.name not in self._files.names(self._path.parent):
            return None
        handle = self._files.open(self._path)
        try:
            return handle.read_at(handle.size(), 0)
        finally:
            handle.close()


def recall(
    state: FeatureState, project: Project, store: Store, remembered: Remembered, *, partly: bool = False
) -> tuple[Iterator[Event], str]:
    """Recall what was kept, if it can be used.

    Args:
        state: a new one.
        project: whose features it counts.
        store: whose journal says what was recorded since.
        remembered: what was kept.
        partly: use it also if it lacks features; they stay new, to be back-filled beside the stream.

    Returns:
        The events to absorb to be up to date, in the order of recording, and why they are all that windows
        can reach; empty if they are only those recorded since.
    """
    why = ""
    try:
        offsets = remembered.recall(state, partly=partly)
    except Corrupt as error:
        offsets, why = None, error.message
    if offsets is not None and any(offsets.get(name, 0) > end for name, end in store.position.items()):
        offsets, why = None, "the snapshot of the feature state is of another journal"
        state.forget()
    if offsets is not None and partly:
        learn(state, store, since=offsets)
    else:
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
