"""What the signals of one process did and for whom they were bought: in memory, kept for commands to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from seawall.serve.waited import Waits
from seawall.signals.meter import Usage
from seawall.store.failure import storage_error
from seawall.store.files_os import REAL
from seawall.store.replace import replace

if TYPE_CHECKING:
    from pathlib import Path

    from seawall.serve.worker import Worker
    from seawall.store.ports import Files

NAME = "signals.json"


class Spent(msgspec.Struct, frozen=True):
    """What was counted between two times, microseconds.

    Attributes:
        since: when the process began.
        at: up to when.
        usage: what detectors did, by signal.
        waits: for whom dear signals were bought, by signal.
    """

    since: int
    at: int
    usage: dict[str, Usage] = {}
    waits: dict[str, Waits] = {}


class Purse:
    """The figures of one process.

    Args:
        data: its data folder.
        worker: what decides in it.
        since: when it began, microseconds.
        files: the file system.
    """

    def __init__(self, data: Path, worker: Worker, *, since: int, files: Files = REAL) -> None:
        self._path = data / NAME
        self._worker = worker
        self._since = since
        self._files = files
        self._kept: Spent | None = None

    def look(self, *, at: int) -> Spent:
        """As it is now."""
        return Spent(self._since, at, self._worker.meter.usage, self._worker.waited.waits)

    def keep(self, *, at: int) -> None:
        """Write it beside the journal if anything has changed; a crash leaves the old file or the new.

        Raises:
            StorageError: the disk refuses; the one kept before is still there.
        """
        now, kept = self.look(at=at), self._kept
        if kept is not None and (kept.usage, kept.waits) == (now.usage, now.waits):
            return
        try:
            replace(self._files, self._path, msgspec.json.encode(now))
        except OSError as error:
            raise storage_error(error, "keeping what signals did") from error
        self._kept = now


def recall(data: Path) -> Spent | None:
    """What a process last kept; None: nothing that can be read."""
    try:
        return msgspec.json.decode((data / NAME).read_bytes(), type=Spent)
    except (OSError, msgspec.MsgspecError):
        return None
