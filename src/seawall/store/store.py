"""The one door to everything that must not be lost."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from seawall.core.errors import Busy
from seawall.store.decisions import Decisions
from seawall.store.files_os import REAL
from seawall.store.journal import Journal
from seawall.store.journal_reader import JournalReader
from seawall.store.ledger import Ledger
from seawall.store.limits import Limits
from seawall.store.locate import Locator
from seawall.store.payloads import Payloads
from seawall.store.search import Filter, Page, format_cursor, parse_cursor
from seawall.store.tail import Tail

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from seawall.core.clock import Clock
    from seawall.core.decision import Decision
    from seawall.core.event import Event
    from seawall.store.entry import Control, Recorded
    from seawall.store.ports import Files
    from seawall.store.recover import Recovery

EVERYTHING = Filter()


class Store:
    """Journal, payloads, inbox, ledger, lake and dead letters of one data folder, for one writer."""

    def __init__(
        self,
        path: Path,
        *,
        clock: Clock,
        files: Files,
        limits: Limits,
        decisions: Decisions,
        ledger: Ledger | None,
    ) -> None:
        self.path = path
        self.limits = limits
        self.decisions = decisions
        self._clock = clock
        self._files = files
        self._ledger = ledger
        self._tail = Tail()
        for ordinal, entry in decisions.entries():
            self._tail.add(ordinal, entry.decision)

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        clock: Clock,
        writer: str = "main",
        limits: Limits = Limits(),  # noqa: B008  frozen
        ledger_url: str | None = None,
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
            files: the file system under journal and payloads.
            read_only: look at what another process writes; takes no lock, mends nothing.
            effects: False for a run that must cause none: there is no ledger then.

        Raises:
            UsageError: another process writes as `writer`.
            Corrupt: something acknowledged cannot be read back.
            StorageError: disk or database refuse.
        """
        folder = path / "journal" / writer
        if read_only:
            journal: Journal | JournalReader = JournalReader(folder, files=files)
        else:
            journal = Journal.open(folder, files=files, segment_bytes=limits.segment_bytes)
        payloads = Payloads(path / "payloads" / writer, files=files, segment_bytes=limits.segment_bytes)
        locator = Locator(folder, files, read_only=read_only)
        decisions = Decisions(writer, journal, payloads, locator, limits)
        ledger = Ledger.open(ledger_url or f"sqlite:///{path / 'ledger.db'}") if effects else None
        return cls(path, clock=clock, files=files, limits=limits, decisions=decisions, ledger=ledger)

    @property
    def recovery(self) -> Recovery | None:
        """What opening found in the decision journal; None when opened for reading."""
        journal = self.decisions.journal
        return journal.recovery if isinstance(journal, Journal) else None

    @property
    def ledger(self) -> Ledger:
        """The ledger database.

        Raises:
            ValueError: this store causes no effects and has none.
        """
        if self._ledger is None:
            raise ValueError("a store without effects has no ledger")
        return self._ledger

    def record(self, pairs: Sequence[tuple[Event, Decision]]) -> None:
        """Make events and the decisions on them durable; what is there already is passed over.

        Raises:
            Conflict: an event id was recorded with another digest; nothing of the batch is kept.
            DiskFull: no room; nothing of the batch is kept, and the call may be made again.
            StorageError: the disk failed; after it recovers the call may be made again.
        """
        for ordinal, entry in self.decisions.record(pairs, now=self._clock.now()):
            self._tail.add(ordinal, entry.decision)

    def control(self, control: Control) -> int:
        """Make a control record durable; gives its sequence number."""
        return self.decisions.control(control)

    def room(self) -> None:
        """Let more in, or not.

        Raises:
            Busy: the disk fills or the projector lags; nothing is lost, come again later.
        """
        free = self._files.free_bytes(self.path)
        if free < self.limits.min_free_bytes:
            raise Busy(
                f"{free:,} bytes are free on the disk, fewer than the {self.limits.min_free_bytes:,} kept",
                retry_after_s=30,
            )

    def lookup(self, source: str | None, event_id: str) -> tuple[str, Decision] | None:
        """The digest and the decision of a recent event; None if it is new or older than the window."""
        entry = self.decisions.lookup(source, event_id)
        return (entry.decision.digest, entry.decision) if entry else None

    def find(self, decision_id: str) -> Recorded | None:
        """The decision with an id, with its event if that is still kept."""
        return self.decisions.find(decision_id)

    def find_event(self, event_id: str, source: str | None = None) -> Recorded | None:
        """The newest decision on an event; of any source unless one is named."""
        return self.decisions.find_event(event_id, source)

    def search(self, wanted: Filter = EVERYTHING, *, limit: int = 100, cursor: str | None = None) -> Page:
        """Decisions that match, the newest recorded first.

        Raises:
            UsageError: the cursor is none of ours.
        """
        found = list(islice(self._tail.matching(wanted, before=parse_cursor(cursor)), limit + 1))
        decisions = tuple(self.decisions.recorded(ordinal) for ordinal in found[:limit])
        more = format_cursor(found[limit - 1]) if len(found) > limit else None
        return Page(decisions, more, self._clock.now())

    def between(self, since: int | None = None, until: int | None = None) -> Iterator[Recorded]:
        """Every decision on an event that happened in [since, until), in the order of recording."""
        wanted = Filter(since=since, until=until)
        for ordinal, entry in self.decisions.entries():
            if wanted.matches(entry.decision):
                yield self.decisions.recorded(ordinal, entry)

    def close(self) -> None:
        """Release files, locks and connections."""
        self.decisions.close()
        if self._ledger:
            self._ledger.close()
