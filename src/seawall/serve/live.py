"""The one process: a bounded queue, one worker thread, the store, and the release that is in force."""

from __future__ import annotations

from collections import deque
from itertools import islice
from threading import Event as Flag
from threading import Lock, Thread
from typing import TYPE_CHECKING

import msgspec
import structlog

from seawall.core.errors import Conflict, NotFound, SeawallError
from seawall.features import snapshot
from seawall.serve.asides import Asides
from seawall.serve.asked import seal, take_asked
from seawall.serve.auth.throttle import Throttle
from seawall.serve.banks import BankChanges
from seawall.serve.batches import BATCH, Batches
from seawall.serve.drafts import changed_files
from seawall.serve.dropin import Texts
from seawall.serve.evidence import Evidence
from seawall.serve.filling import Filling
from seawall.serve.judge import Answer, Incoming, Judge
from seawall.serve.metrics import Metrics
from seawall.serve.milestones import due, settle
from seawall.serve.notes import Notes
from seawall.serve.purse import Purse
from seawall.serve.remembered import Remembered
from seawall.serve.rounds import Rounds
from seawall.serve.sweep.run import Sweeps
from seawall.serve.watch import Watch
from seawall.store import Control
from seawall.store.held import PAUSE, RELEASE, RESUME
from seawall.store.rounds import open_rounds

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from seawall.core.clock import Clock
    from seawall.core.decision import Decision
    from seawall.core.event import Event
    from seawall.policy.model import Project
    from seawall.serve.auth.keys import Keys
    from seawall.serve.auth.repo import Users
    from seawall.serve.dropin.ports import Scorer
    from seawall.serve.effects import Outgoing
    from seawall.serve.milestones import Due
    from seawall.serve.releases import Release, Releases
    from seawall.serve.settings import Settings
    from seawall.serve.worker import Worker
    from seawall.signals.bank import Banks
    from seawall.signals.media.viewer import Viewer
    from seawall.store import Store

LOOK_US = 500_000
"""How often a new release is looked for, in microseconds."""

KEEP_US = 300_000_000
"""How often the state of features is kept, in microseconds."""

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class Live:
    """Everything the doors need of the running process.

    Attributes:
        root: the folder people edit; what is in force is a kept copy of it.
        project: the version in force. It changes only between batches.
        release: the release that put it in force.
        refused: why the newest release is not in force; empty when it is.
        held: which strategies are stopped or watched by people, and by which record.
        texts: scores texts that are no events.
        watch: how strategies stand against their budgets.
        banks: of hashes, as they are in force.
        purse: what signals did and for whom they were bought, since the process began.
        evidence: copies of the files that decisions rest on.
        secure: cookies go over HTTPS only.
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
        scorer: Scorer,
        outgoing: Outgoing,
        viewer: Viewer,
        banks: Banks,
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
        self.outgoing = outgoing
        self.viewer = viewer
        self.banks = banks
        self.throttle = Throttle(clock)
        self.metrics = Metrics()
        self.ready = False
        self.refused = ""
        self.held = worker.in_force.held
        self.watch = Watch(store, clock)
        self.secure = settings.secure_cookies or settings.host not in _LOOPBACK
        self._log = structlog.get_logger("seawall.live")
        self._looked_at = 0
        self._complete_to = clock.now()
        self._refused_release = 0
        self._controls: deque[tuple[int, Control]] = deque()
        self._pausing = Lock()
        self._again: deque[Due] = deque()
        self._worker = worker
        self._remembered = Remembered(store.path)
        self._kept_at = clock.now()
        self._to_keep: bytes | None = None
        self._filling = Filling(store, worker, clock, failed=self._fault("backfill"))
        self._judge = Judge(project, worker, clock=clock, metrics=self.metrics, bury=store.bury)
        self._batches: Batches[Incoming, Answer] = Batches(
            self._judge.decide,
            limit=settings.queue_limit,
            between=self._between,
            failed=self._fault("worker"),
        )
        self.texts = Texts(
            scorer,
            clock=clock,
            limit=settings.queue_limit,
            per_second=settings.texts_per_second,
            failed=self._fault("texts"),
        )
        self._notes = Notes(store, worker, self._batches.nudge)
        self._stopping = Flag()
        self._asides = Asides(store, worker, clock)
        self.purse = Purse(store.path, worker, since=clock.now())
        self.evidence = Evidence(store.path, viewer, clock)
        worker.released = self._offer
        self._bank_changes = BankChanges(store, banks, clock, record=self._record)
        worker.enact = self._bank_changes.enact
        self.worker = worker
        self._chores: tuple[tuple[str, Callable[[], object], float], ...] = (
            ("projector", self._project, 0.2),
            ("sealer", store.seal, 5.0),
            ("copies", lambda: store.copy(self._notes.write), 0.5),
            ("features", self._keep, 1.0),
            ("rounds", Rounds(store, worker, clock).turn, 0.2),
            ("asides", self._asides.turn, 0.5),
            ("evidence", lambda: self.evidence.turn(self.project), 1.0),
            ("watch", self.look, 1.0),
            ("banks", self._bank_changes.turn, 0.5),
            ("purse", lambda: self.purse.keep(at=clock.now()), 10.0),
            ("milestones", self.look_for_milestones, 1.0),
            ("sweeps", self._sweep, 1.0),
            *outgoing.chores(store.ledger),
        )
        self._in_force = lambda: worker.in_force
        self._sweeps = Sweeps(store, releases.open, clock=clock, kinds=worker.kinds)
        self._threads: list[Thread] = []
        self.metrics.gauge("seawall_queue_events", "Events that wait to be decided.", lambda: self.waiting)
        self.metrics.gauge("seawall_queue_texts", "Texts that wait to be scored.", lambda: self.texts.waiting)
        self.metrics.gauge("seawall_projector_lag_bytes", "Journal not yet in the ledger.", lambda: store.lag)
        self.metrics.gauge(
            "seawall_open_rounds", "Decisions that wait for another round.", lambda: open_rounds(store.ledger)
        )
        self.metrics.gauge(
            "seawall_bank_hashes",
            "Hashes in all banks.",
            lambda: sum(bank.size for name in banks.names if (bank := banks.bank(name))),
        )
        self.metrics.signals(lambda: worker.meter.usage)
        held = (("braked", lambda: len(self.held.braked)), ("called", lambda: len(self.held.called)))
        for name, count in held:
            self.metrics.gauge(f"seawall_strategies_{name}", f"Strategies that are {name} now.", count)

    def start(self, *, chores: bool = True) -> None:
        """Begin to decide, project and seal.

        Args:
            chores: False for whoever does them by hand with `turn`, since their clock is not the machine's.
        """
        self._notes.open()
        self._filling.begin(self._worker.unfilled)
        self._batches.start()
        self.texts.start()
        if chores:
            self._threads = [
                Thread(target=self._repeat, args=chore, name=f"seawall-{chore[0]}", daemon=True)
                for chore in self._chores
            ]
            for thread in self._threads:
                thread.start()
        self.ready = True

    def turn(self) -> None:
        """Do every chore once; for a process that was started without them."""
        for _, chore, _ in self._chores:
            chore()

    def stop(self) -> None:
        """Take nothing more, decide what waits, project it, and let go of everything."""
        self.ready = False
        self.texts.stop()
        self._batches.stop()
        self._notes.close()
        self._filling.stop()
        self._stopping.set()
        for thread in self._threads:
            thread.join()
        self._snapshot()
        self._keep()
        self.purse.keep(at=self.clock.now())
        self._bank_changes.close()
        self.outgoing.close()
        self._sweeps.close()
        self.viewer.close()
        self.store.close()

    @property
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

    def accept(self, raws: Sequence[bytes], *, via: str) -> Sequence[int]:
        """Make events durable to be decided soon; gives a receipt for each.

        Raises:
            Busy: no room; nothing was taken.
            StorageError: nothing may be acknowledged.
        """
        self.store.room()
        return self.store.accept(raws, via=via)

    @property
    def complete_to(self) -> int:
        """Every decision made before this time (microseconds) is counted in the ledger."""
        return self._complete_to

    def unreleased(self) -> list[str]:
        """Files of the folder that differ from the version in force."""
        return changed_files(self.root, self.project)

    def near_misses(self) -> dict[tuple[str, str], str]:
        """Names that events carried beside their fields and that look like a slip, and what they may mean."""
        return self._judge.near_misses()

    def pause(self, strategy: str, *, by: str, reason: str, resume: bool = False) -> None:
        """Stop a strategy from acting from the next batch on, or let it act again. The record is durable.

        Raises:
            NotFound: the version in force has no such strategy.
            StorageError: it could not be recorded.
        """
        if strategy not in self.project.strategies:
            raise NotFound(f"the version in force has no strategy {strategy!r}")
        kind = RESUME if resume else PAUSE
        self._control(Control(kind=kind, target=strategy, by=by, reason=reason, at=self.clock.now()))

    def let_go(self, strategy: str, *, by: str, reason: str) -> None:
        """Release a strategy that was braked, or to which people were called; it counts anew. Durable.

        Raises:
            Conflict: it is neither.
            StorageError: it could not be recorded.
        """
        if strategy not in self.held.braked and strategy not in self.held.called:
            raise Conflict(f"{strategy} is not braked, and nobody is called to it")
        self._control(Control(kind=RELEASE, target=strategy, by=by, reason=reason, at=self.clock.now()))

    def look(self) -> None:
        """Take what commands asked for; brake what leaves its budget, and call people to what is severe."""
        with self._pausing:
            for sequence, control in take_asked(self.store, now=self.clock.now()):
                self._hold(sequence, control)
        for control in self.watch.look(self.project, self.held):
            self._control(control)
            self._log.warning(control.kind, strategy=control.target, reason=control.reason)

    def look_for_milestones(self) -> None:
        """Find subjects that passed a milestone; the worker's thread decides them between two batches."""
        if not self._again:
            opened = self.releases.open
            self._again.extend(due(self.store, self.project, opened, now=self.clock.now()))

    def _decide_again(self) -> None:
        ready = [self._again.popleft() for _ in range(len(self._again))]
        fit = [one for one in ready if one.event.type in self.project.events]
        for one, decision in zip(fit, self._judge.again(fit), strict=True):
            settle(self.store, one, decision)

    def _control(self, control: Control) -> None:
        with self._pausing:  # the worker hears of two at once in the order the journal has them
            sequence = self.store.control(control)
            self._hold(sequence, control)
        seal(self.store.ledger, control, sequence=sequence, now=self.clock.now())

    def _record(self, control: Control) -> int:
        """Write a record that holds nothing, and hand it to the worker."""
        with self._pausing:
            sequence = self.store.control(control)
            self._controls.append((sequence, control))
        return sequence

    def _hold(self, sequence: int, control: Control) -> None:
        self.held = self.held.after([control])
        self._controls.append((sequence, control))

    def _between(self) -> bool:
        """Between two batches: switch versions, apply pauses, and decide some of what was accepted."""
        now = self.clock.now()
        if now - self._looked_at >= LOOK_US or now < self._looked_at:
            self._looked_at = now
            self._switch()
        if (learned := self._judge.learned()) is not None:
            self._record(learned)
        if self._worker.settled:
            self._notes.turn()
            self._filled()
        if self._controls:
            self._judge.control([self._controls.popleft() for _ in range(len(self._controls))])
        if self._again:
            self._decide_again()
        if not 0 <= now - self._kept_at < KEEP_US:
            self._kept_at = now
            self._snapshot()
        return self._drain()

    def _filled(self) -> None:
        """Complete features decide from the next batch on, under a version that says so."""
        record = self._filling.turn()
        if record is not None:
            self._record(record)
            self._kept_at = 0  # kept at once, so that a crash need not count them again
            self._log.info("features are complete", reason=record.reason)

    def _snapshot(self) -> None:
        """Take the state of features between two batches, if it is what the journal says."""
        if self._worker.settled and self.project.features:
            self._to_keep = snapshot(
                self._worker.features, offsets=self.store.position, without=self._filling.under_way
            )

    def _keep(self) -> None:
        data, self._to_keep = self._to_keep, None
        if data is not None:
            self._remembered.write(data)

    def _switch(self) -> None:
        newest = self.releases.current()
        if newest is None or newest.release_id in {self.release.release_id, self._refused_release}:
            return
        before = set(self._worker.features.counters)
        try:
            project = self.releases.open(newest.project_version)
            self._judge.release(project)
        except SeawallError as error:
            self._refused_release = newest.release_id  # it will not get better by itself
            self.refused = str(error)
            self._log.error("release refused", version=newest.project_version, error=str(error))
            return
        self.outgoing.know(project)
        self.project, self.release, self.refused = project, newest, ""
        self._log.info("release in force", version=newest.project_version, by=newest.released_by)
        self._filling.begin(self._worker.features.counters.keys() - before)

    def _drain(self) -> bool:
        waiting = list(islice(self.store.pending(), BATCH))
        if not waiting:
            return False
        self._judge.decide([_incoming(one.raw) for one in waiting])
        self.store.done(waiting[-1].receipt)
        return len(waiting) == BATCH

    def _offer(self, pairs: Sequence[tuple[Event, Decision]]) -> None:
        """Decisions that were released, to whoever goes on with them."""
        self._asides.offer(pairs)
        self.evidence.offer(pairs)

    def _sweep(self) -> None:
        """A stretch a second of what was asked to be judged again."""
        self._sweeps.turn(self.project, self._in_force())

    def _project(self) -> None:
        began = self.clock.now()
        self.store.project()
        self._complete_to = began

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


def _incoming(raw: bytes) -> Incoming:
    try:
        return Incoming(msgspec.json.decode(raw), raw=raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return Incoming(None, fault=f"not JSON: {error}", raw=raw)
