"""The back-fill of a running server: one at a time, told to a file that a command beside it can read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from seawall.serve.backfill import Backfill, Progress
from seawall.store.failure import storage_error
from seawall.store.files_os import REAL
from seawall.store.replace import replace

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from seawall.core.clock import Clock
    from seawall.serve.worker import Worker
    from seawall.store import Control, Store

NAME = "backfill.json"


class Filling:
    """Counts what is new beside the stream; the worker's thread calls it between two batches.

    Args:
        store: whose journal is read.
        worker: whose features are completed.
        clock: what time it is.
        failed: told of what goes wrong beside the stream.
    """

    def __init__(
        self, store: Store, worker: Worker, clock: Clock, *, failed: Callable[[Exception], None]
    ) -> None:
        self._store = store
        self._worker = worker
        self._clock = clock
        self._failed = failed
        self._path = store.path / NAME
        self._path.unlink(missing_ok=True)  # of a process that was killed
        self._backfill: Backfill | None = None

    @property
    def under_way(self) -> AbstractSet[str]:
        """Fingerprints of the features that are not complete yet."""
        return frozenset[str]() if self._backfill is None else self._backfill.fingerprints

    def begin(self, new: AbstractSet[str]) -> None:
        """Count these too; what was under way is begun again with them, since releases are rare."""
        if not new:
            return
        if self._backfill is not None:
            new = new | self._backfill.fingerprints
            self._backfill.stop()
        self._backfill = Backfill(
            self._worker.features, new, self._store, clock=self._clock, failed=self._failed, told=self._tell
        )
        self._tell(Progress(self._backfill.names, 0, 0, 0))
        self._backfill.start()

    def turn(self) -> Control | None:
        """Give complete features to the stream; what the journal is to say of it, if there are any."""
        backfill = self._backfill
        if backfill is None or not backfill.ready:
            return None
        self._backfill = None
        self._path.unlink(missing_ok=True)
        return backfill.record() if backfill.finish() else None

    def stop(self) -> None:
        """Leave off; how far it came is kept."""
        if self._backfill is not None:
            self._backfill.stop()

    def _tell(self, progress: Progress) -> None:
        try:
            replace(REAL, self._path, msgspec.json.encode(progress))
        except OSError as error:
            raise storage_error(error, f"writing {self._path}") from error


def progress_in(data: Path) -> Progress | None:
    """How far the back-fill of the server of a data folder is; None: none is under way."""
    try:
        return msgspec.json.decode((data / NAME).read_bytes(), type=Progress)
    except (FileNotFoundError, msgspec.DecodeError):
        return None
