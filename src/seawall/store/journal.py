"""The append-only journal: records go in, and once `commit` returns they survive a power cut.

One writer per folder. A record's offset is where it starts in the stream of all bytes ever written there.
An offset that was acknowledged names the same record for ever; a record that was not acknowledged is
either whole or gone after a crash.
"""

from __future__ import annotations

import contextlib
import threading
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from seawall.core.errors import NotFound, StorageError, UsageError
from seawall.store.failure import storage_error
from seawall.store.files_os import REAL
from seawall.store.frame import HEAD, MAX_BODY, encode, encode_all
from seawall.store.recover import Recovery, recover
from seawall.store.segments import HEADER, MAGIC, Segments, bases, segment_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from seawall.store.frame import Frame, Stack
    from seawall.store.ports import Files, Handle

SEGMENT_BYTES = 64 * 2**20
_MOST_PREFIX = 64


class Ticket(NamedTuple):
    """Records waiting to become durable together; `round` counts the commits that failed before.

    `offsets` are those of the records of `append`.
    """

    offsets: tuple[int, ...]
    end: int
    round: int


class Journal:
    """Append, commit, read. Safe to use from several threads: their commits share one `fdatasync`."""

    def __init__(self, folder: Path, *, files: Files, segment_bytes: int, lock: Handle) -> None:
        self.folder = folder
        self._files = files
        self._segment_bytes = segment_bytes
        self._lock_file = lock
        self._appending = threading.Lock()
        self._committing = threading.Lock()
        self._waiting: list[bytes] = []
        self._failures: list[
            tuple[int, StorageError]
        ] = []  # what was durable then, and what to tell the group
        self.poisoned = False
        self.recovery = self._recover()

    @classmethod
    def open(cls, folder: Path, *, files: Files = REAL, segment_bytes: int = SEGMENT_BYTES) -> Journal:
        """Take the writer's lock, cut a torn tail, and stand ready to append.

        Args:
            folder: the writer's own folder; made if it is not there.
            files: the file system.
            segment_bytes: size at which a new segment is begun.

        Raises:
            UsageError: another process writes here.
            Corrupt: a record that was durable fails its checksum.
            StorageError: the disk refuses.
        """
        lock = None
        try:
            files.make_dir(folder)
            lock = files.lock(folder / "lock")
            return cls(folder, files=files, segment_bytes=segment_bytes, lock=lock)
        except BlockingIOError as error:
            raise UsageError(
                f"another process writes to {folder}",
                hint="stop it first, or give this one its own writer name",
            ) from error
        except OSError as error:
            _close(lock)
            raise storage_error(error, f"opening the journal {folder}") from error
        except StorageError:
            _close(lock)
            raise

    @property
    def first(self) -> int:
        """The first offset still kept."""
        return self._segments.first

    @property
    def segments(self) -> tuple[int, ...]:
        """The offsets at which segments start; all but the last are complete."""
        return self._segments.bases

    @property
    def end(self) -> int:
        """The offset of the next record, if nobody else puts one in line before."""
        return self._end

    @property
    def next_segment(self) -> int:
        """Where the segment starts that the next group will be written to."""
        return self.durable if self._full else self._base

    @property
    def _full(self) -> bool:
        return self.durable - self._base >= self._segment_bytes

    def append(self, records: Iterable[tuple[int, bytes]]) -> Ticket:
        """Put (kind, body) records in line. Nothing is written before `commit`.

        Raises:
            UsageError: a body is larger than a record may be.
            StorageError: an earlier `fdatasync` failed; `reopen` first.
        """
        with self._appending:
            self._must_be_sound()
            frames: list[bytes] = []
            offsets: list[int] = []
            end = self._end
            for kind, body in records:
                if len(body) > MAX_BODY:
                    raise UsageError(f"a record of {len(body)} bytes is larger than {MAX_BODY} allows")
                offsets.append(end)
                frames.append(encode(kind, body, offset=end, synced=self.durable))
                end += HEAD.size + len(body)
            self._waiting += frames
            self._end = end
            return Ticket(tuple(offsets), end, len(self._failures))

    def append_all(self, stacks: Sequence[Stack]) -> tuple[Ticket, list[NDArray[np.int64]]]:
        """Put many records in line, as `append` does; gives the offsets of those of each stack.

        Raises:
            UsageError: a body is larger than a record may be.
            StorageError: an earlier `fdatasync` failed; `reopen` first.
        """
        for stack in stacks:
            longest = int(stack.bodies.sizes.max(initial=0))
            if longest > MAX_BODY - _MOST_PREFIX:
                raise UsageError(f"a record of {longest} bytes is larger than {MAX_BODY} allows")
        with self._appending:
            self._must_be_sound()
            end, pieces = self._end, list[bytes]()
            offsets: list[NDArray[np.int64]] = []
            for stack in stacks:
                more, places, end = encode_all(stack, offset=end, synced=self.durable)
                pieces.append(more)
                offsets.append(places)
            self._waiting += pieces
            self._end = end
            return Ticket((), end, len(self._failures)), offsets

    def commit(self, ticket: Ticket) -> int:
        """Return once the ticket's records are durable; gives the offset before which everything is.

        Raises:
            DiskFull: no room; nothing of the group was kept, and the journal can be used again at once.
            StorageError: the disk failed. Whether the group survives is unknown until `reopen`.
        """
        with self._committing:
            if ticket.round < len(self._failures):
                kept, failure = self._failures[ticket.round]
                if ticket.end > kept:
                    raise failure
            elif ticket.end > self.durable:
                with self._appending:
                    group, self._waiting, end = b"".join(self._waiting), [], self._end
                self._write(group)
                self._sync()
                self.durable = end
            return self.durable

    def write(self, records: Iterable[tuple[int, bytes]]) -> tuple[int, ...]:
        """Append and commit; gives the offsets of the records, all durable."""
        ticket = self.append(records)
        self.commit(ticket)
        return ticket.offsets

    def read(self, start: int = 0, stop: int | None = None) -> Iterator[Frame]:
        """Records from `start` on, in order, never past what is durable."""
        return self._segments.read(start, self.durable if stop is None else min(stop, self.durable))

    def at(self, offset: int) -> Frame:
        """The durable record at an offset.

        Raises:
            NotFound: none starts there.
        """
        if offset >= self.durable:
            raise NotFound(f"offset {offset} of {self.folder} is not durable yet")
        return self._segments.at(offset)

    def rotate(self) -> None:
        """Complete the current segment and begin the next, unless the current one is empty."""
        with self._committing, self._appending:
            self._must_be_sound()
            if self._waiting:
                raise UsageError("a group is waiting; commit it before a new segment is begun")
            if self.durable > self._base:
                try:
                    self._begin(self.durable)
                except OSError as error:
                    raise storage_error(error, f"beginning a segment of {self.folder}") from error

    def drop_before(self, offset: int) -> int:
        """Remove the complete segments that hold nothing at or after `offset`; gives the new first offset."""
        with self._committing:
            kept = self._segments.bases
            for base, after in pairwise(kept):
                if after <= offset:
                    self._files.remove(segment_path(self.folder, base))
            self._files.sync_dir(self.folder)
            self._segments.refresh()
        return self.first

    def replaced(self, base: int) -> None:
        """Read a complete segment anew, after its file was rewritten."""
        self._segments.forget(base)

    def reopen(self) -> Recovery:
        """After a failure: look at the disk as after a crash, and go on from what is sound."""
        with self._committing, self._appending:
            self._let_go()
            try:
                self.recovery = self._recover()
            except OSError as error:
                raise storage_error(error, f"reopening the journal {self.folder}") from error
            self.poisoned = False
            return self.recovery

    def close(self) -> None:
        """Release the files and the lock. What was not committed is gone."""
        self._let_go()
        self._lock_file.close()

    def _recover(self) -> Recovery:
        for name in self._files.names(self.folder):
            if name.endswith(".new"):  # a segment whose beginning was interrupted
                self._files.remove(self.folder / name)
        known = bases(self.folder, self._files)
        self._segments = Segments(self.folder, self._files)
        if not known:
            self._begin(0)
            found = Recovery(0)
        else:
            self._base = known[-1]
            self._segments.handle(self._base)  # its header is checked
            self._handle = self._files.open(segment_path(self.folder, self._base), write=True)
            found = recover(self._handle, self.folder, self._base)
        self._end = self.durable = found.end
        return found

    def _begin(self, base: int) -> None:
        """A segment appears under its name only when its header is durable."""
        new, path = self.folder / f"{base}.new", segment_path(self.folder, base)
        handle = self._files.open(new, create=True)
        try:
            handle.write_at(HEADER.pack(MAGIC, base), 0)
            handle.sync()
        except OSError:
            handle.close()
            raise
        try:
            self._files.rename(new, path)
            self._files.sync_dir(self.folder)
        except OSError:
            handle.close()
            self.poisoned = True  # which name the disk keeps is unknown
            raise
        if self._segments.bases:
            self._handle.close()
        self._handle, self._base = handle, base
        self._segments.refresh()

    def _write(self, group: bytes) -> None:
        position = HEADER.size + self.durable - self._base
        try:
            if self._full:
                self._begin(self.durable)
                position = HEADER.size
            self._handle.write_at(group, position)
        except OSError as error:
            self._undo(position)
            raise self._failed(error, "writing to") from error

    def _sync(self) -> None:
        try:
            self._handle.sync()
        except OSError as error:
            self.poisoned = True  # the kernel may have dropped the pages: a second fsync would lie
            raise self._failed(error, "making durable") from error

    def _undo(self, position: int) -> None:
        try:
            if self._handle.size() > position:
                self._handle.truncate(position)
                self._handle.sync()
        except OSError:
            self.poisoned = True

    def _failed(self, error: OSError, doing: str) -> StorageError:
        failure = storage_error(error, f"{doing} the journal {self.folder}")
        with self._appending:
            self._waiting, self._end = [], self.durable
            self._failures.append((self.durable, failure))
        return failure

    def _must_be_sound(self) -> None:
        if self.poisoned:
            raise StorageError(
                f"the journal {self.folder} had a write whose fate is unknown", hint="reopen it and try again"
            )

    def _let_go(self) -> None:
        self._segments.close()
        self._handle.close()
        self._waiting = []


def _close(handle: Handle | None) -> None:
    if handle is not None:
        with contextlib.suppress(OSError):
            handle.close()
