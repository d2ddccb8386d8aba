"""Findings on their way into the journal of a running server: written between two batches of decisions.

So where a finding stands in the journal says what has seen it: every decision after it, and none before.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seawall.serve.worker import Worker
    from seawall.store import Finding, Store


class _Note(NamedTuple):
    findings: Sequence[Finding]
    offsets: Future[Sequence[int]]


class Notes:
    """One thread hands findings over and waits; the worker's thread writes them and counts them.

    Args:
        store: whose journal they go to.
        worker: counts them.
        nudge: called when there is something to write, so that nobody waits for the next batch.
    """

    def __init__(self, store: Store, worker: Worker, nudge: Callable[[], None]) -> None:
        self._store = store
        self._worker = worker
        self._nudge = nudge
        self._waiting: deque[_Note] = deque()
        self._lock = Lock()
        self._alone = True  # no worker's thread is there to write

    def open(self) -> None:
        """The worker's thread is there from now on, and calls `turn` between batches."""
        self._alone = False

    def close(self) -> None:
        """It has ended: what waits is written now, and what comes at once."""
        with self._lock:
            self._alone = True
            self._write_waiting()

    def write(self, findings: Sequence[Finding]) -> Sequence[int]:
        """Make findings durable; gives their offsets in the journal.

        Raises:
            StorageError: the disk refuses.
        """
        note = _Note(findings, Future())
        with self._lock:
            self._waiting.append(note)
            if self._alone:
                self._write_waiting()
        self._nudge()
        return note.offsets.result()

    def turn(self) -> None:
        """Write what waits; to be called between two batches, when all that was counted is recorded."""
        if self._waiting:
            with self._lock:
                self._write_waiting()

    def _write_waiting(self) -> None:
        while self._waiting:
            findings, offsets = self._waiting.popleft()
            try:
                written = self._store.note(findings)
            except Exception as error:  # noqa: BLE001  it is raised in the thread that waits
                offsets.set_exception(error)
                continue
            self._worker.learn(findings)
            offsets.set_result(written)
