"""The events themselves, apart from the decisions on them, so that they can be dropped or erased alone.

One journal per day of arrival: retention removes whole folders, erasure rewrites a segment with tombstones
of the same length, so that every offset stays true. The decision journal keeps the digest and stays
verifiable.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from typing import TYPE_CHECKING

from seawall.core.clock import format_time
from seawall.core.errors import NotFound
from seawall.store.canonical import Shapes, event_of
from seawall.store.entry import Kind, Payload, decode_event, encode
from seawall.store.failure import storage_error
from seawall.store.frame import encode as frame_of
from seawall.store.journal import SEGMENT_BYTES, Journal
from seawall.store.replace import replace
from seawall.store.segments import HEADER, MAGIC, Segments, segment_path

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from seawall.core.event import Event
    from seawall.store.canonical import Canonical
    from seawall.store.ports import Files

ERASED, RETENTION = "erased", "retention"


def day_of(micros: int) -> str:
    """The UTC day of a time.

    >>> day_of(86_400_000_000)
    '1970-01-02'
    """
    return format_time(micros)[:10]


class Payloads:
    """Events by day. Writes go to the current day only."""

    def __init__(
        self, folder: Path, *, files: Files, segment_bytes: int = SEGMENT_BYTES, read_only: bool = False
    ) -> None:
        self.folder = folder
        self._files = files
        self._segment_bytes = segment_bytes
        self._read_only = read_only
        self._writing: tuple[str, Journal] | None = None
        self._shapes: Shapes | None = None  # of the journal being written
        self._reading: dict[str, Segments] = {}
        self._lock = threading.RLock()

    def write(self, events: Iterable[Event], *, day: str) -> list[Payload]:
        """Make events durable; gives where each lies.

        Raises:
            StorageError: the disk refuses; see `Journal.commit`.
        """
        with self._lock:
            journal = self._journal(day)
            offsets = journal.write((Kind.EVENT, encode(event)) for event in events)
        return [Payload(day, offset) for offset in offsets]

    def write_all(self, events: Canonical, *, day: str) -> NDArray[np.int64]:
        """Make many events durable; gives their offsets, shape (events,).

        Raises:
            StorageError: the disk refuses; see `Journal.commit`.
        """
        with self._lock:
            journal = self._journal(day)
            if self._shapes is None:
                self._shapes = Shapes(journal)
            ticket, (offsets,) = journal.append_all([self._shapes.stack(events)])
            journal.commit(ticket)
        return offsets

    def read(self, payload: Payload) -> tuple[Event | None, str | None]:
        """The event, or None and why it is gone."""
        try:
            segments = self._segments(payload.day)
            if segments is None:
                return None, RETENTION
            frame = segments.at(payload.offset)
        except NotFound:
            self.refresh()
            segments = self._segments(payload.day)
            if segments is None:
                return None, RETENTION
            frame = segments.at(payload.offset)
        if frame.kind == Kind.TOMBSTONE:
            return None, ERASED
        if frame.kind == Kind.CANONICAL:
            return event_of(frame.body, segments.at), None
        return decode_event(frame.body), None

    def days(self) -> list[str]:
        """The days kept, oldest first."""
        return self._files.names(self.folder)

    def drop(self, *, before: str) -> list[str]:
        """Remove every day earlier than `before`; gives the days removed.

        Raises:
            StorageError: the disk refuses; days already removed stay removed.
        """
        with self._lock:
            gone = [day for day in self.days() if day < before and day != self._current]
            for day in gone:
                self._forget(day)
                try:
                    self._remove(self.folder / day)
                except OSError as error:
                    raise storage_error(error, f"dropping the payloads of {day}") from error
            return gone

    def erase(self, payloads: Iterable[Payload]) -> int:
        """Replace events by tombstones; gives how many there were left to erase. Durable on return.

        Raises:
            StorageError: the disk refuses; a segment is either rewritten whole or untouched.
        """
        by_day: defaultdict[str, set[int]] = defaultdict(set)
        for payload in payloads:
            by_day[payload.day].add(payload.offset)
        with self._lock:
            return sum(self._erase_day(day, offsets) for day, offsets in sorted(by_day.items()))

    def refresh(self) -> None:
        """Look again at what there is, when another process writes."""
        with self._lock:
            for segments in self._reading.values():
                segments.refresh()

    def reopen(self) -> None:
        """After a failure: look at the disk again."""
        with self._lock:
            if self._writing and self._writing[1].poisoned:
                self._writing[1].reopen()

    def close(self) -> None:
        """Release the files."""
        with self._lock:
            if self._writing:
                self._writing[1].close()
                self._writing = None
            for segments in self._reading.values():
                segments.close()
            self._reading.clear()

    @property
    def _current(self) -> str | None:
        return self._writing[0] if self._writing else None

    def _journal(self, day: str) -> Journal:
        if self._writing is None or self._writing[0] != day:
            journal = Journal.open(self.folder / day, files=self._files, segment_bytes=self._segment_bytes)
            if self._writing:
                self._writing[1].close()
            self._writing, self._shapes = (day, journal), None
        return self._writing[1]

    def _segments(self, day: str) -> Segments | None:
        found = self._reading.get(day)
        if found is None:
            if day not in self.days():
                return None
            with self._lock:
                found = self._reading.setdefault(day, Segments(self.folder / day, self._files))
        return found

    def _forget(self, day: str) -> None:
        if segments := self._reading.pop(day, None):
            segments.close()

    def _remove(self, folder: Path) -> None:
        for name in self._files.names(folder):
            self._files.remove(folder / name)
        self._files.remove_dir(folder)
        self._files.sync_dir(self.folder)

    def _erase_day(self, day: str, offsets: set[int]) -> int:
        if day not in self.days():
            return 0
        journal = self._journal(day) if day == self._current else None
        if journal:
            journal.rotate()  # only complete segments are rewritten
        segments = Segments(self.folder / day, self._files)
        erased = 0
        try:
            spans = zip(segments.bases, [*segments.bases[1:], segments.end()], strict=True)
            for base, end in spans:
                if any(base <= offset < end for offset in offsets):
                    erased += self._rewrite(segments, base, end, offsets)
                    self._reread(day, base)
        except OSError as error:
            raise storage_error(error, f"erasing payloads of {day}") from error
        finally:
            segments.close()
        return erased

    def _reread(self, day: str, base: int) -> None:
        if reading := self._reading.get(day):
            reading.forget(base)
        if self._writing and self._writing[0] == day:
            self._writing[1].replaced(base)

    def _rewrite(self, segments: Segments, base: int, end: int, offsets: set[int]) -> int:
        erased = 0
        parts: list[bytes] = [HEADER.pack(MAGIC, base)]
        for frame in segments.read(base, end):
            kind, body = frame.kind, frame.body
            if frame.offset in offsets and kind in (Kind.EVENT, Kind.CANONICAL):
                kind, body, erased = Kind.TOMBSTONE, bytes(len(body)), erased + 1
            parts.append(frame_of(kind, body, offset=frame.offset, synced=frame.synced))
        path = segment_path(segments.folder, base)
        replace(self._files, path, b"".join(parts))
        return erased
