"""The one process: a bounded queue, one worker thread, the store, and the release that is in force."""

from __future__ import annotations

from threading import Event as Flag
from threading import Thread
from typing import TYPE_CHECKING

import structlog

from seawall.core.errors import SeawallError
from seawall.serve.batches import Batches
from seawall.serve.judge import Answer, Incoming, Judge
from seawall.serve.metrics import Metrics

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from seawall.core.clock import Clock
    from seawall.policy.model import Project
    from seawall.serve.auth.keys import Keys
    from seawall.serve.auth.repo import Users
    from seawall.serve.releases import Release, Releases
    from seawall.serve.settings import Settings
    from seawall.serve.worker import Worker
    from seawall.store import Store

LOOK_US = 500_000
"""How often a new release is looked for, in microseconds."""


class Live:
    """Everything the doors need of the running process.

    Attributes:
        root: the folder people edit; what is in force is a kept copy of it.
        project: the version in force. It changes only between batches.
        release: the release that put it in force.
    """

    def __init__(
        self,
        *,
        root: Path,
        settings: Settings,
        clock: Clock,
        store: Store,
        releases: Releases,
        users: Users,
        keys: Keys,
        release: Release,
        project: Project,
        worker: Worker,
    ) -> None:
        self.root = root
        self.settings = settings
        self.clock = clock
        self.store = store
        self.releases = releases
        self.users = users
        self.keys = keys
        self.release = release
        self.project = project
        self.metrics = Metrics()
        self.ready = False
        self._log = structlog.get_logger("seawall.live")
        self._looked_at = 0
        self._refused_release = 0
        self._judge = Judge(project, worker, clock=clock, metrics=self.metrics, bury=store.bury)
        self._batches: Batches[Incoming, Answer] = Batches(
            self._judge.decide,
            limit=settings.queue_limit,
            between=self._between,
            failed=self._fault("worker"),
        )
        self._stopping = Flag()
        self._chores = [
            Thread(target=self._repeat, args=(name, chore, pause_s), name=f"seawall-{name}", daemon=True)
            for name, chore, pause_s in (("projector", store.project, 0.2), ("sealer", store.seal, 5.0))
        ]
        self.metrics.gauge("seawall_queue_events", "Events that wait to be decided.", self.waiting)

    def start(self) -> None:
        """Begin to decide, project and seal."""
        self._batches.start()
        for thread in self._chores:
            thread.start()
        self.ready = True

    def stop(self) -> None:
        """Take nothing more, decide what waits, project it, and let go of everything."""
        self.ready = False
        self._batches.stop()
        self._stopping.set()
        for thread in self._chores:
            thread.join()
        self.store.close()

    def waiting(self) -> int:
        """Events in the queue."""
        return self._batches.waiting

    def submit(self, incoming: Sequence[Incoming]) -> Future[list[Answer]]:
        """Queue records to be decided; the answers are durable.

        Raises:
            Busy: no room; nothing was taken.
        """
        self.store.room()
        return self._batches.submit(incoming)

    def switch(self) -> None:
        """Put the newest release in force if another is; called by the worker thread alone."""
        newest = self.releases.current()
        if newest is None or newest.release_id in {self.release.release_id, self._refused_release}:
            return
        try:
            project = self.releases.open(newest.project_version)
            self._judge.release(project)
        except SeawallError as error:
            self._refused_release = newest.release_id  # it will not get better by itself
            self._log.error("release refused", version=newest.project_version, error=str(error))
            return
        self.project, self.release = project, newest
        self._log.info("release in force", version=newest.project_version, by=newest.released_by)

    def _between(self) -> bool:
        now = self.clock.now()
        if now - self._looked_at >= LOOK_US or now < self._looked_at:
            self._looked_at = now
            self.switch()
        return False

    def _repeat(self, name: str, chore: Callable[[], object], pause_s: float) -> None:
        failed = self._fault(name)
        while True:
            last = self._stopping.wait(pause_s)
            try:
                chore()
            except Exception as error:  # noqa: BLE001  a thread's own loop is an outermost door
                failed(error)
            if last:
                return

    def _fault(self, place: str) -> Callable[[Exception], None]:
        def told(error: Exception) -> None:
            self.metrics.errors.labels(place).inc()
            self._log.error("fault", place=place, error=repr(error), exc_info=error)

        return told
