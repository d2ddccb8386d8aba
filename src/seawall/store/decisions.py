"""The journal of decisions with the events they were made on: recorded together, found again by id."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from seawall.core.errors import Conflict, NotFound, StorageError, UsageError
from seawall.store.brief import Entries, Shares
from seawall.store.entry import (
    Aside,
    Before,
    Control,
    Entry,
    Finding,
    Kind,
    Payload,
    Recorded,
    decode_control,
    decode_finding,
    encode,
)
from seawall.store.index import DECISIONS, EVENTS, Rows, fingerprint, fingerprints
from seawall.store.journal import Journal
from seawall.store.payloads import RETENTION, day_of
from seawall.store.recent import Recent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from seawall.core.decision import Decision
    from seawall.core.event import Event
    from seawall.store.brief import Written
    from seawall.store.canonical import Canonical
    from seawall.store.journal_reader import JournalReader
    from seawall.store.limits import Limits
    from seawall.store.locate import Locator
    from seawall.store.payloads import Payloads


class Bulk(NamedTuple):
    """A batch to be recorded, encoded; all four by decision, in order of arrival.

    Attributes:
        events: what was decided on.
        decisions: what was concluded.
        event_keys: fingerprints of the ids of the events.
        decision_keys: fingerprints of the ids of the decisions.
        at: when each was decided.
    """

    events: Canonical
    decisions: Written
    event_keys: NDArray[np.uint64]
    decision_keys: NDArray[np.uint64]
    at: NDArray[np.int64]


class Decisions:
    """Records decisions exactly once and finds them again. One thread records at a time; any may read."""

    def __init__(
        self,
        writer: str,
        journal: Journal | JournalReader,
        payloads: Payloads,
        locator: Locator,
        limits: Limits,
    ) -> None:
        self.writer = writer
        self.journal = journal
        self.payloads = payloads
        self._locator = locator
        self._limits = limits
        self._recording = threading.Lock()
        self._entries = Entries(journal.at)
        if isinstance(journal, Journal):
            self._shares = Shares(journal)
        self._load()

    def record(self, pairs: Sequence[tuple[Event, Decision]], *, now: int) -> list[tuple[int, Entry]]:
        """Make decisions and their events durable; one that is there already is passed over.

        Args:
            pairs: events and what was decided on them, in order of arrival.
            now: microseconds; names the day under which the events are kept.

        Returns:
            The new entries with their offsets.

        Raises:
            Conflict: an event id was recorded with another digest; nothing of the batch is kept.
            DiskFull: no room; nothing of the batch is kept.
            StorageError: the disk failed; see `Journal.commit`.
        """
        with self._recording:
            journal = self._mended()
            fresh = self._fresh(pairs)
            if not fresh:
                return []
            entries = self._with_payloads(fresh, day_of(now))
            offsets = journal.write((Kind.DECISION, encode(entry)) for entry in entries)
            rows = _rows_of(zip(offsets, entries, strict=True))
            for key, offset, at in zip(rows.event.tolist(), offsets, rows.at.tolist(), strict=True):
                self._recent.add(key, offset, at)
            self._locator.add(rows)
            self._locator.settle(journal.segments)
            return list(zip(offsets, entries, strict=True))

    def record_all(self, bulk: Bulk, *, now: int) -> NDArray[np.int64]:
        """Make an encoded batch durable; gives the offsets of its decisions, shape (decisions,).

        The caller has made sure that nothing of it was recorded before.

        Args:
            bulk: events and the decisions on them.
            now: microseconds; names the day under which the events are kept.

        Raises:
            DiskFull: no room; nothing of the batch is kept.
            StorageError: the disk failed; see `Journal.commit`.
        """
        with self._recording:
            journal, day = self._mended(), day_of(now)
            payloads = self.payloads.write_all(bulk.events, day=day)
            stacks = self._shares.stacks(bulk.decisions, day=day, payloads=payloads)
            try:
                ticket, (*_, offsets) = journal.append_all(stacks)
                journal.commit(ticket)
            except StorageError:
                self._shares.forget()
                raise
            rows = Rows(bulk.event_keys, bulk.decision_keys, offsets.astype(np.uint64), bulk.at)
            self._recent.add_all(rows.event, rows.offset, rows.at)
            self._locator.add(rows)
            self._locator.settle(journal.segments)
            return offsets

    def seen(self, keys: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """Whether a recent event may have one of these fingerprints, for each; `lookup` says for certain."""
        return self._recent.hold(keys)

    def control(self, control: Control) -> int:
        """Make a control record durable; its offset is its sequence number.

        Raises:
            StorageError: the disk refuses.
        """
        with self._recording:
            return self._mended().write([(Kind.CONTROL, encode(control))])[0]

    def aside(self, asides: Sequence[Aside]) -> None:
        """Make durable what was found out beside decisions.

        Raises:
            StorageError: the disk refuses.
        """
        with self._recording:
            self._mended().write((Kind.ASIDE, encode(aside)) for aside in asides)

    def note(self, findings: Sequence[Finding]) -> tuple[int, ...]:
        """Make findings durable; gives their offsets.

        Raises:
            StorageError: the disk refuses.
        """
        with self._recording:
            return self._mended().write((Kind.FINDING, encode(finding)) for finding in findings)

    def lookup(self, source: str | None, event_id: str) -> Entry | None:
        """The newest decision on a recent event; None outside the window of de-duplication."""
        return self._match(self._recent.offsets(fingerprint(event_id)), source, event_id)

    def find(self, decision_id: str) -> Recorded | None:
        """The decision with an id, however old."""
        for offset in self._locator.offsets(DECISIONS, fingerprint(decision_id)):
            entry = self.entry(offset)
            if entry.decision.decision_id == decision_id:
                return self.recorded(offset, entry)
        return None

    def find_event(self, event_id: str, source: str | None = None) -> Recorded | None:
        """The newest decision on an event, however old; of any source unless one is named."""
        for offset in self._locator.offsets(EVENTS, fingerprint(event_id)):
            entry = self.entry(offset)
            if entry.decision.event_id == event_id and source in {None, entry.decision.source}:
                return self.recorded(offset, entry)
        return None

    def entry(self, offset: int) -> Entry:
        """The entry at an offset.

        Raises:
            NotFound: no decision starts there.
        """
        entry = self._entries.read(self.journal.at(offset))
        if entry is None:
            raise NotFound(f"the record at offset {offset} is no decision")
        return entry

    def recorded(self, offset: int, entry: Entry | None = None) -> Recorded:
        """The decision at an offset, with its event."""
        entry = entry or self.entry(offset)
        event, gone = self.payloads.read(entry.payload) if entry.payload else (None, RETENTION)
        return Recorded(event, entry.decision, gone, self.writer, offset)

    def entries(self, start: int = 0, stop: int | None = None) -> Iterator[tuple[int, Entry]]:
        """Every decision from an offset on, in order of recording, up to what is durable."""
        for frame in self.journal.read(start, stop):
            if (entry := self._entries.read(frame)) is not None:
                yield frame.offset, entry

    def controls(self, start: int = 0, stop: int | None = None) -> Iterator[tuple[int, Control]]:
        """Every control record from an offset on."""
        for frame in self.journal.read(start, stop):
            if frame.kind == Kind.CONTROL:
                yield frame.offset, decode_control(frame.body)

    def findings(self, start: int = 0, stop: int | None = None) -> Iterator[tuple[int, Finding]]:
        """Every finding from an offset on."""
        for frame in self.journal.read(start, stop):
            if frame.kind == Kind.FINDING:
                yield frame.offset, decode_finding(frame.body)

    def story(self, start: int = 0, stop: int | None = None) -> Iterator[tuple[int, Entry | Finding]]:
        """Every decision and every finding from an offset on, in order of recording."""
        for frame in self.journal.read(start, stop):
            if frame.kind == Kind.FINDING:
                yield frame.offset, decode_finding(frame.body)
            elif (entry := self._entries.read(frame)) is not None:
                yield frame.offset, entry

    def erase(self, event_ids: Sequence[str]) -> int:
        """Replace the events with these ids, of every source, by tombstones; gives how many there were."""
        payloads: list[Payload] = []
        for event_id in event_ids:
            for offset in self._locator.offsets(EVENTS, fingerprint(event_id)):
                entry = self.entry(offset)
                if entry.decision.event_id == event_id and entry.payload:
                    payloads.append(entry.payload)
        return self.payloads.erase(payloads)

    def close(self) -> None:
        """Release the files."""
        self.journal.close()
        self.payloads.close()
        self._locator.close()

    def _fresh(self, pairs: Sequence[tuple[Event, Decision]]) -> list[tuple[Event, Decision]]:
        fresh: list[tuple[Event, Decision]] = []
        batch: dict[tuple[str | None, str], Decision] = {}
        for event, decision in pairs:
            key = (event.source, event.id)
            known = batch.get(key)
            if known is None and (entry := self.lookup(*key)):
                known = entry.decision
            if known is not None:
                _same_digest(event, known)
                if known.decision_id == decision.decision_id:
                    continue
            batch[key] = decision
            fresh.append((event, decision))
        return fresh

    def _with_payloads(self, fresh: list[tuple[Event, Decision]], day: str) -> list[Entry]:
        """Later rounds share the event of the first; the others are written now."""
        earlier = [self._superseded(decision) for _, decision in fresh]
        new = [
            event
            for (event, _), old in zip(fresh, earlier, strict=True)
            if old is None or old.payload is None
        ]
        written = iter(self.payloads.write(new, day=day) if new else [])
        entries: list[Entry] = []
        for (_, decision), old in zip(fresh, earlier, strict=True):
            kept = old.payload if old else None
            entries.append(Entry(decision, kept or next(written), _before(old)))
        return entries

    def _superseded(self, decision: Decision) -> Entry | None:
        if decision.supersedes is None:
            return None
        old = self.find(decision.supersedes)
        return self.entry(old.ordinal) if old else None

    def _match(self, offsets: Sequence[int], source: str | None, event_id: str) -> Entry | None:
        for offset in offsets:
            entry = self.entry(offset)
            if entry.decision.event_id == event_id and entry.decision.source == source:
                return entry
        return None

    def _mended(self) -> Journal:
        """The journal, sound again if a write had failed."""
        if not isinstance(self.journal, Journal):
            raise UsageError(f"the journal of {self.writer!r} was opened for reading only")
        self.payloads.reopen()
        if self.journal.poisoned:
            self.journal.reopen()
            self._load()
        return self.journal

    def _load(self) -> None:
        limits = self._limits
        self._locator.load(self.journal.segments, self._rows)
        self._recent = Recent(ids=limits.recent_ids, seconds=limits.recent_seconds)
        span_us = int(limits.recent_seconds * 1_000_000)
        for rows in self._locator.events(ids=limits.recent_ids, span_us=span_us):
            self._recent.add_all(rows.event, rows.offset, rows.at)

    def _rows(self, start: int, stop: int | None) -> Rows:
        return _rows_of(self.entries(start, stop))


def _rows_of(placed: Iterable[tuple[int, Entry]]) -> Rows:
    listed = list(placed)
    return Rows(
        fingerprints(entry.decision.event_id for _, entry in listed),
        fingerprints(entry.decision.decision_id for _, entry in listed),
        np.array([offset for offset, _ in listed], np.uint64),
        np.array([entry.decision.decided_at for _, entry in listed], np.int64),
    )


def _before(old: Entry | None) -> Before | None:
    if old is None:
        return None
    was = old.decision
    return Before(was.action, bool(was.review), was.fired, was.shadow)


def _same_digest(event: Event, known: Decision) -> None:
    if event.digest != known.digest:
        raise Conflict(
            f"event {event.id!r} of source {event.source or ''!r} was decided before with another content",
            hint="give the changed event its own id; the decision on the first one stands",
        )
