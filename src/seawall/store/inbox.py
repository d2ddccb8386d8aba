"""Where accepted events wait: durable before the sender hears of it, gone once they are decided."""

from __future__ import annotations

import struct
import threading
from typing import TYPE_CHECKING, NamedTuple

from seawall.core.errors import Busy
from seawall.store.entry import Accepted, Kind, decode_accepted, encode
from seawall.store.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from seawall.store.ports import Files

_RECEIPT = struct.Struct("<Q")


class Waiting(NamedTuple):
    """One accepted event.

    Attributes:
        receipt: its offset in the inbox; rises in the order of arrival.
        raw: the bytes as they came.
        at: when they were accepted, microseconds.
        via: which door they came through.
    """

    receipt: int
    raw: bytes
    at: int
    via: str


class Inbox:
    """A journal that is consumed. Any thread may accept; one consumes.

    A crash between a decision and `done` hands the event out again; de-duplication by its id makes that
    harmless.
    """

    def __init__(self, folder: Path, *, files: Files, limit: int, segment_bytes: int) -> None:
        self.journal = Journal.open(folder, files=files, segment_bytes=segment_bytes)
        self._limit = limit
        self._waiting: set[int] = set()
        self._done = -1  # the last receipt that is done
        self._lock = threading.Lock()
        for frame in self.journal.read(self.journal.first):
            if frame.kind == Kind.RAW:
                self._waiting.add(frame.offset)
            else:
                self._settle(int(_RECEIPT.unpack(frame.body)[0]))

    def __len__(self) -> int:
        return len(self._waiting)

    def room(self) -> None:
        """Let more in, or not.

        Raises:
            Busy: as many wait as may.
        """
        if len(self._waiting) >= self._limit:
            raise Busy(
                f"{len(self._waiting):,} accepted events wait to be decided, as many as may", retry_after_s=5
            )

    def accept(self, raw: Sequence[bytes], *, at: int, via: str = "") -> tuple[int, ...]:
        """Make events durable as they came; gives a receipt for each.

        Raises:
            Busy: as many wait as may; nothing was taken.
            DiskFull: no room; nothing was taken.
            StorageError: the disk failed; nothing may be acknowledged.
        """
        self.room()
        self._mend()
        receipts = self.journal.write((Kind.RAW, encode(Accepted(one, at, via))) for one in raw)
        with self._lock:  # the consumer may have been quicker than this thread
            self._waiting.update(receipt for receipt in receipts if receipt > self._done)
        return receipts

    def pending(self, after: int = -1) -> Iterator[Waiting]:
        """What waits, in order of arrival, beginning behind a receipt."""
        after = max(after, self._done)
        for frame in self.journal.read(max(after, self.journal.first)):
            if frame.kind == Kind.RAW and frame.offset > after:
                accepted = decode_accepted(frame.body)
                yield Waiting(frame.offset, accepted.raw, accepted.at, accepted.via)

    def done(self, upto: int) -> None:
        """Everything up to and with this receipt has been decided or buried.

        Raises:
            StorageError: the disk refuses; what was done may be handed out again.
        """
        self._mend()
        self.journal.write([(Kind.DONE, _RECEIPT.pack(upto))])
        with self._lock:
            self._settle(upto)
        if self.journal.segments[1:] and self.journal.segments[1] <= upto:
            self.journal.drop_before(upto)

    def close(self) -> None:
        """Release the files."""
        self.journal.close()

    def _settle(self, upto: int) -> None:
        self._done = max(self._done, upto)
        self._waiting = {receipt for receipt in self._waiting if receipt > self._done}

    def _mend(self) -> None:
        with self._lock:
            if self.journal.poisoned:
                self.journal.reopen()
