"""Group commit: concurrent requests share one batch, decided by one thread and made durable once."""

from __future__ import annotations

import threading
from collections import deque
from concurrent.futures import Future
from typing import TYPE_CHECKING, Generic, TypeVar

from seawall.core.errors import Busy, SeawallError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Item = TypeVar("Item")
Answer = TypeVar("Answer")

BATCH = 512
"""Events decided together at most, unless one request alone brings more."""


class _Job(Generic[Item, Answer]):
    def __init__(self, items: tuple[Item, ...]) -> None:
        self.items = items
        self.answer: Future[list[Answer]] = Future()


class Batches(Generic[Item, Answer]):
    """A bounded queue before a function that only one thread may call.

    Args:
        decide: called with items in the order of their arrival; one answer per item.
        limit: items that may wait.
        between: called by the same thread before each batch and whenever it has been idle for `idle_s`: the
            place to switch versions, since no batch is under way. True means that it has more to do at once.
            What it raises goes to `failed`.
        name: of the thread, which says what waits.
        failed: told of errors that nobody waits for.
    """

    def __init__(
        self,
        decide: Callable[[Sequence[Item]], list[Answer]],
        *,
        limit: int,
        between: Callable[[], bool],
        failed: Callable[[Exception], None],
        idle_s: float = 0.25,
        name: str = "seawall-worker",
    ) -> None:
        self._decide = decide
        self._limit = limit
        self._between = between
        self._failed = failed
        self._idle_s = idle_s
        self._jobs: deque[_Job[Item, Answer]] = deque()
        self._waiting = 0
        self._stopping = False
        self._nudged = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @property
    def waiting(self) -> int:
        """Items in the queue."""
        return self._waiting

    def start(self) -> None:
        """Begin to decide."""
        self._thread.start()

    def stop(self) -> None:
        """Take nothing more, decide what waits, and return when it is durable."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join()

    def nudge(self) -> None:
        """Call `between` soon, though there may be nothing to decide."""
        with self._changed:
            self._nudged = True
            self._changed.notify()

    def submit(self, items: Sequence[Item]) -> Future[list[Answer]]:
        """Queue the items of one request.

        Raises:
            Busy: too much waits already, or the server is stopping; nothing was taken.
        """
        job = _Job[Item, Answer](tuple(items))
        with self._changed:
            if self._stopping:
                raise Busy("the server is stopping; nothing was taken", retry_after_s=5)
            if self._waiting and self._waiting + len(items) > self._limit:
                raise Busy(f"{self._waiting:,} wait already; nothing was taken")
            self._jobs.append(job)
            self._waiting += len(items)
            self._changed.notify()
        return job.answer

    def _run(self) -> None:
        more = False
        while True:
            jobs = self._take(wait=not more)
            more = self._turn()
            if jobs:
                self._answer(jobs)
            elif self._stopping:
                return

    def _turn(self) -> bool:
        try:
            return self._between()
        except Exception as error:  # noqa: BLE001  the worker's own loop is an outermost door
            self._failed(error)
            return False

    def _take(self, *, wait: bool) -> list[_Job[Item, Answer]]:
        with self._changed:
            if wait and not self._jobs and not self._stopping and not self._nudged:
                self._changed.wait(self._idle_s)
            self._nudged = False
            jobs: list[_Job[Item, Answer]] = []
            size = 0
            while self._jobs and (not jobs or size + len(self._jobs[0].items) <= BATCH):
                job = self._jobs.popleft()
                self._waiting -= len(job.items)
                if job.answer.set_running_or_notify_cancel():  # False: its client has gone away meanwhile
                    jobs.append(job)
                    size += len(job.items)
            return jobs

    def _answer(self, jobs: list[_Job[Item, Answer]]) -> None:
        try:
            answers = self._decide([item for job in jobs for item in job.items])
        except Exception as error:  # noqa: BLE001  the worker's own loop is an outermost door
            if not isinstance(error, SeawallError):
                self._failed(error)
            for job in jobs:
                job.answer.set_exception(error)
            return
        start = 0
        for job in jobs:
            end = start + len(job.items)
            job.answer.set_result(answers[start:end])
            start = end
