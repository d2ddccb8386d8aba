"""The one door to everything that must not be lost."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from seawall.core.clock import MICROS_PER_SECOND
from seawall.core.errors import Busy, UsageError
from seawall.store.copies import Copier
from seawall.store.dead_letters import DeadLetters
from seawall.store.decisions import Decisions
from seawall.store.entry import Finding
from seawall.store.files_os import REAL
from seawall.store.history import History
from seawall.store.inbox import Inbox
from seawall.store.journal import Journal
from seawall.store.journal_reader import JournalReader
from seawall.store.lake import Lake
from seawall.store.ledger import Ledger
from seawall.store.limits import Limits
from seawall.store.locate import Locator
from seawall.store.payloads import Payloads, day_of
from seawall.store.projections import PROJECTIONS
from seawall.store.projector import Projector
from seawall.store.sealer import Sealer
from seawall.store.search import Filter, Page
from seawall.store.tail import Tail

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from seawall.core.clock import Clock
    from seawall.core.decision import Decision
    from seawall.core.event import Event
    from seawall.store.bought import Bought
    from seawall.store.dead_letters import Refusal
    from seawall.store.decisions import Bulk
    from seawall.store.desk_process import Reply
    from seawall.store.entry import Aside, Control, Recorded
    from seawall.store.inbox import Waiting
    from seawall.store.ports import Files
    from seawall.store.projector import Projection
    from seawall.store.recover import Recovery

EVERYTHING = Filter()
DAY_US = 86_400 * MICROS_PER_SECOND


class Store:
    """Journal, payloads, inbox, ledger, lake and dead letters of one data folder, for one writer.

    Attributes:
        letters: the dead letters.
    """

    def __init__(
        self,
        path: Path,
        *,
        clock: Clock,
        files: Files,
        limits: Limits,
        decisions: Decisions,
        inbox: Inbox | None,
        ledger: Ledger | None,
        projections: Sequence[Projection],
    ) -> None:
        self.path = path
        self.limits = limits
        self.letters = DeadLetters(path / "dead", files=files)
        self._clock = clock
        self._files = files
        self._decisions = decisions
        self._inbox = inbox
        self._ledger = ledger
        self._lake = Lake(path / "lake", files=files, read_only=inbox is None)
        self._retired = ""  # the day retention was last seen to
        self._tail = Tail()
        for ordinal, entry in decisions.entries(self._lake.sealed(decisions.writer)):
            self._tail.add(ordinal, entry.decision)
        self._history = History(decisions, self._lake, self._tail)
        self._sealer = Sealer(decisions, self._lake, self._tail, limits)
        self._projector = self._copier = None
        if ledger is not None and inbox is not None:
            self._copier = Copier(ledger, decisions)
            self._projector = Projector(ledger, {decisions.writer: decisions.journal}, projections)

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        clock: Clock,
        writer: str = "main",
        limits: Limits = Limits(),  # noqa: B008  frozen
        ledger_url: str | None = None,
        projections: Sequence[Projection] = PROJECTIONS,
        files: Files = REAL,
        read_only: bool = False,
        effects: bool = True,
    ) -> Store:
        """Open a data folder, mend what a crash left, and stand ready.

        Args:
            path: the data folder; made if it is not there.
            clock: what time it is.
            writer: whose journal this process writes.
            limits: how much is kept, and when the door closes.
            ledger_url: SQLAlchemy URL; SQLite in the data folder unless given.
            projections: what the ledger is made of.
            files: the file system under everything but the database.
            read_only: look at what another process writes; takes no lock, mends nothing.
            effects: False for a run that must cause none: there is no ledger then, and what it records is
                searched by opening it again.

        Raises:
            UsageError: another process writes as `writer`.
            Corrupt: something acknowledged cannot be read back.
            StorageError: disk or database refuse.
        """
        size = limits.segment_bytes
        folder = path / "journal" / writer
        with ExitStack() as opened:  # what was opened is closed again if the rest cannot be
            journal: Journal | JournalReader
            inbox, ledger = None, None
            if read_only:
                journal = JournalReader(folder, files=files)
            else:
                journal = Journal.open(folder, files=files, segment_bytes=size)
            opened.callback(journal.close)
            if not read_only:
                where = path / "inbox" / writer
                inbox = Inbox(where, files=files, limit=limits.inbox_limit, segment_bytes=size)
                opened.callback(inbox.close)
            if effects:
                ledger = Ledger.open(ledger_url or f"sqlite:///{path / 'ledger.db'}")
                opened.callback(ledger.close)
            payloads = Payloads(path / "payloads" / writer, files=files, segment_bytes=size)
            locator = Locator(folder, files, read_only=read_only)
            store = cls(
                path,
                clock=clock,
                files=files,
                limits=limits,
                decisions=Decisions(writer, journal, payloads, locator, limits),
                inbox=inbox,
                ledger=ledger,
                projections=projections,
            )
            opened.pop_all()
            return store

    @property
    def recovery(self) -> Recovery | None:
        """What opening found in the decision journal; None when opened for reading."""
        journal = self._decisions.journal
        return journal.recovery if isinstance(journal, Journal) else None

    @property
    def writer(self) -> str:
        """Whose journal it writes."""
        return self._decisions.writer

    @property
    def ledger(self) -> Ledger:
        """The ledger database.

        Raises:
            UsageError: a run causes no effects and has none.
        """
        if self._ledger is None:
            raise UsageError("a run without effects has no ledger", hint="decide with --enact to have one")
        return self._ledger

    @property
    def lag(self) -> int:
        """Bytes of journal the ledger does not show yet."""
        return self._projector.lag if self._projector else 0

    def record(self, pairs: Sequence[tuple[Event, Decision]]) -> None:
        """Make events and the decisions on them durable; what is there already is passed over.

        Raises:
            Conflict: an event id was recorded with another digest; nothing of the batch is kept.
            DiskFull: no room; nothing of the batch is kept, and the call may be made again.
            StorageError: the disk failed; once it works the call may be made again.
        """
        recorded = self._decisions.record(pairs, now=self._clock.now())
        if self._ledger is not None:  # a run is not sealed, so its tail would grow without end
            for ordinal, entry in recorded:
                self._tail.add(ordinal, entry.decision)

    def record_all(self, bulk: Bulk) -> None:
        """Make an encoded batch durable; the caller has made sure that nothing of it was recorded before.

        Raises:
            DiskFull: no room; nothing of the batch is kept, and the call may be made again.
            StorageError: the disk failed; once it works the call may be made again.
        """
        offsets = self._decisions.record_all(bulk, now=self._clock.now())
        if self._ledger is not None and len(offsets):
            for ordinal, entry in self._decisions.entries(int(offsets[0])):
                self._tail.add(ordinal, entry.decision)

    def seen(self, keys: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """Of which fingerprints of ids a recent event may have been decided; `lookup` says for certain."""
        return self._decisions.seen(keys)

    def control(self, control: Control) -> int:
        """Make a control record durable; gives its sequence number."""
        return self._decisions.control(control)

    def aside(self, asides: Sequence[Aside]) -> None:
        """Make durable what was found out about shadow strategies beside decisions."""
        self._decisions.aside(asides)

    def controls(self) -> Iterator[tuple[int, Control]]:
        """Every control record with its sequence number, in that order."""
        return self._decisions.controls()

    def copy(self, write: Callable[[Sequence[Finding]], Sequence[int]] | None = None) -> list[Finding]:
        """Copy what people concluded from the ledger into the journal; gives what was written now, durable.

        One thread may call it.

        Args:
            write: calls `note` at a moment of its choosing, and gives what that gave; None: now.

        Raises:
            StorageError: the disk refuses; nothing is lost, call again.
        """
        return self._copier.copy(write) if self._copier else []

    def note(self, findings: Sequence[Finding]) -> Sequence[int]:
        """Make findings durable; gives their offsets.

        Raises:
            StorageError: the disk refuses.
        """
        return self._decisions.note(findings)

    def findings(
        self, since: Mapping[str, int] | None = None, upto: Mapping[str, int] | None = None
    ) -> Iterator[tuple[int, Finding]]:
        """What people concluded, as the journal has it, with its offset, in the order of writing.

        Args:
            since: offsets by journal writer from which on; None: from the beginning.
            upto: offsets before which; None: all that is durable.
        """
        writer = self._decisions.writer
        return self._decisions.findings(
            0 if since is None else since.get(writer, 0), None if upto is None else upto.get(writer, 0)
        )

    def story(self, since: int | None = None, until: int | None = None) -> Iterator[Recorded | Finding]:
        """Decisions on events of [since, until), and all that people concluded, in the order of recording."""
        wanted = Filter(since=since, until=until)
        for ordinal, each in self._decisions.story():
            if isinstance(each, Finding):
                yield each
            elif wanted.matches(each.decision):
                yield self._decisions.recorded(ordinal, each)

    def accept(self, raw: Sequence[bytes], *, via: str = "") -> tuple[int, ...]:
        """Make events durable as they came, to be decided later; gives a receipt for each.

        Raises:
            Busy: too many wait; nothing was taken.
            StorageError: the disk refuses; nothing may be acknowledged.
        """
        return self._writing().accept(raw, at=self._clock.now(), via=via)

    def pending(self, after: int = -1) -> Iterator[Waiting]:
        """What was accepted and is not done, in order of arrival, beginning behind a receipt."""
        return self._writing().pending(after)

    def done(self, upto: int) -> None:
        """Everything accepted up to and with this receipt has been decided or buried."""
        self._writing().done(upto)

    @property
    def recorded_to(self) -> int:
        """The offset up to which decisions are recorded; each has an ordinal before it."""
        return self._decisions.journal.durable

    @property
    def sealed(self) -> int:
        """The offset before which decisions are in the lake."""
        return self._lake.sealed(self._decisions.writer)

    @property
    def waiting(self) -> int:
        """How many accepted events wait to be decided."""
        return len(self._inbox) if self._inbox is not None else 0

    def bury(self, refusals: Sequence[Refusal], *, via: str = "") -> None:
        """Keep what could not be taken; durable on return."""
        self.letters.add(refusals, at=self._clock.now(), via=via)

    def room(self) -> None:
        """Let more in, or not.

        Raises:
            Busy: the disk fills or the projector lags; nothing is lost, come again later.
        """
        free, least = self._files.free_bytes(self.path), self.limits.min_free_bytes
        if free < least:
            raise Busy(f"{free:,} bytes of disk are free, fewer than the {least:,} kept", retry_after_s=30)
        if self.lag > self.limits.lag_limit:
            raise Busy(f"the ledger is {self.lag:,} bytes behind the journal", retry_after_s=5)

    def lookup(self, source: str | None, event_id: str) -> Decision | None:
        """The decision on a recent event, with the event's digest; None if it is new or long past."""
        entry = self._decisions.lookup(source, event_id)
        return entry.decision if entry else None

    def find(self, decision_id: str) -> Recorded | None:
        """The decision with an id, with its event if that is still kept."""
        return self._decisions.find(decision_id)

    def find_event(self, event_id: str, source: str | None = None) -> Recorded | None:
        """The newest decision on an event; of any source unless one is named."""
        return self._decisions.find_event(event_id, source)

    def search(self, wanted: Filter = EVERYTHING, *, limit: int = 100, cursor: str | None = None) -> Page:
        """Decisions that match, the newest recorded first.

        Raises:
            UsageError: the cursor is none of ours, or the search took too long.
        """
        return self._history.search(wanted, limit=limit, cursor=cursor, now=self._clock.now())

    def sample(self, types: Collection[str], since: int, until: int, *, limit: int) -> list[Recorded]:
        """Up to `limit` decisions on events of these types in [since, until), evenly drawn from all of them.

        Raises:
            UsageError: drawing took too long.
        """
        return self._history.sample(types, since, until, limit=limit)

    def ask(
        self,
        sql: str,
        params: Mapping[str, Any] | None = None,
        *,
        since: int | None = None,
        until: int | None = None,
        limit: int = 10_000,
    ) -> Reply:
        """One SELECT over the sealed lake, seen as the view `decisions`; see `Desk.ask`."""
        return self._history.ask(sql, params, since=since, until=until, limit=limit)

    def active(self, since: int, until: int) -> int:
        """How many different accounts the decisions made in [since, until) name, microseconds.

        Raises:
            UsageError: counting took too long.
        """
        return self._history.active(since, until)

    def bought(self, since: int, until: int, readers: Mapping[str, Collection[str]]) -> Bought:
        """What signals the sealed decisions on events that happened in [since, until) bought, by day.

        Args:
            since: microseconds.
            until: microseconds.
            readers: by signal the strategies that read it, to tell after which purchases one of them fired.

        Raises:
            UsageError: counting took too long.
        """
        return self._history.bought(since, until, readers)

    def between(self, since: int | None = None, until: int | None = None) -> Iterator[Recorded]:
        """Every decision on an event that happened in [since, until), in the order of recording."""
        wanted = Filter(since=since, until=until)
        for ordinal, entry in self._decisions.entries():
            if wanted.matches(entry.decision):
                yield self._decisions.recorded(ordinal, entry)

    @property
    def position(self) -> dict[str, int]:
        """For each journal writer the offset before which everything is durable."""
        return {self._decisions.writer: self._decisions.journal.durable}

    def begins(self, since: int) -> dict[str, int]:
        """By journal writer an offset before which nothing was recorded that happened at `since` or later.

        The lake says so of what is sealed, as long as only one writer is.
        """
        writer = self._decisions.writer
        return {writer: self._lake.begins(since, writer)}

    def recorded_between(self, start: Mapping[str, int], upto: Mapping[str, int]) -> Iterator[Recorded]:
        """Decisions recorded from some offsets on, and before others."""
        writer = self._decisions.writer
        for ordinal, entry in self._decisions.entries(start.get(writer, 0), upto.get(writer, 0)):
            yield self._decisions.recorded(ordinal, entry)

    def recorded_since(self, offsets: Mapping[str, int]) -> Iterator[Recorded]:
        """Every decision recorded from these offsets on, by journal writer, in the order of recording."""
        for ordinal, entry in self._decisions.entries(offsets.get(self._decisions.writer, 0)):
            yield self._decisions.recorded(ordinal, entry)

    def project(self) -> int:
        """Bring the ledger up to what is durable; gives how many records that were."""
        return self._projector.catch_up() if self._projector else 0

    def seal(self, *, now: bool = False) -> int:
        """Seal what is old or big enough into the lake, or all of it `now`; gives how many decisions.

        Once a day, what is older than retention goes too.
        """
        self._writing()
        if not now and not self._sealer.due(self._clock.now()):
            return 0
        sealed = self._sealer.seal()
        self._lake.compact()
        today = day_of(self._clock.now())
        if today != self._retired:
            self.retire()
            self._retired = today
        return sealed

    def retire(self) -> list[str]:
        """Drop events and dead letters older than retention, the lake's too; gives the days.

        What was recorded on a day goes when the whole day is older; the decisions stay.
        """
        self._writing()
        oldest = self._clock.now() - self.limits.retention_days * DAY_US
        start = oldest - oldest % DAY_US
        self._lake.drop_events(before=start)
        before = day_of(start)
        return sorted({*self._decisions.payloads.drop(before=before), *self.letters.drop(before=before)})

    def erase(self, event_ids: Sequence[str]) -> int:
        """Erase events wherever they lie; the decisions on them stay. Gives how many there were.

        Accepted events not decided yet and dead letters are not looked through.
        """
        self._writing()
        self._lake.erase(event_ids)
        return self._decisions.erase(event_ids)

    def close(self) -> None:
        """Release files, locks, processes and connections."""
        self._history.close()
        self._decisions.close()
        if self._inbox is not None:
            self._inbox.close()
        if self._ledger is not None:
            self._ledger.close()

    def _writing(self) -> Inbox:
        if self._inbox is None:
            raise UsageError(f"{self.path} was opened for reading only")
        return self._inbox
