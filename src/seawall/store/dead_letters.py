"""What could not be taken, one JSON line each, by day: field, reason, mend and the record itself."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Protocol

import msgspec

from seawall.core.errors import UsageError
from seawall.store.failure import storage_error
from seawall.store.payloads import day_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from seawall.store.ports import Files, Handle

SUFFIX = ".jsonl"


class Refusal(Protocol):
    """What the store must know of a record that was refused."""

    @property
    def field(self) -> str | None:
        """Which field does not fit."""
        ...

    @property
    def reason(self) -> str:
        """Why."""
        ...

    @property
    def hint(self) -> str | None:
        """The mend."""
        ...

    @property
    def raw(self) -> str:
        """The record, cut to a bound."""
        ...


class Letter(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One dead letter as it lies in its file."""

    at: int
    field: str | None = None
    reason: str
    hint: str | None = None
    via: str = ""
    raw: str


class LetterPage(msgspec.Struct, frozen=True):
    """Dead letters, the newest first; pass `cursor` to get the next page."""

    letters: tuple[Letter, ...]
    cursor: str | None


_decode = msgspec.json.Decoder(Letter).decode


class DeadLetters:
    """One file a day. A line torn by a crash is passed over and cut at the next write."""

    def __init__(self, folder: Path, *, files: Files) -> None:
        self._folder = folder
        self._files = files
        self._lock = threading.Lock()

    def add(self, refusals: Sequence[Refusal], *, at: int, via: str = "") -> None:
        """Keep refused records; durable on return.

        Raises:
            StorageError: the disk refuses; none of them is kept.
        """
        if not refusals:
            return
        lines = b"".join(
            msgspec.json.encode(
                Letter(at=at, field=one.field, reason=one.reason, hint=one.hint, via=via, raw=one.raw)
            )
            + b"\n"
            for one in refusals
        )
        path = self._folder / f"{day_of(at)}{SUFFIX}"
        try:
            with self._lock:
                self._append(path, lines)
        except OSError as error:
            raise storage_error(error, f"writing dead letters to {path}") from error

    def days(self) -> list[str]:
        """The days that have dead letters, oldest first."""
        names = self._files.names(self._folder)
        return [name.removesuffix(SUFFIX) for name in names if name.endswith(SUFFIX)]

    def page(self, *, limit: int = 100, cursor: str | None = None, day: str | None = None) -> LetterPage:
        """Dead letters, the newest first, of one day if it is named.

        Raises:
            UsageError: the cursor is none of ours.
        """
        start_day, start = _parse(cursor)
        days = [
            one for one in reversed(self.days()) if day in {None, one} and (not start_day or one <= start_day)
        ]
        found: list[Letter] = []
        for one in days:
            letters = list(self._read(one))
            end = min(start, len(letters)) if one == start_day else len(letters)
            wanted = letters[max(0, end - (limit - len(found))) : end]
            found += reversed(wanted)
            left = end - len(wanted)
            if len(found) == limit:
                more = left or one != days[-1]
                return LetterPage(tuple(found), f"{one}.{left}" if more else None)
        return LetterPage(tuple(found), None)

    def since(self, at: int) -> tuple[int, int | None]:
        """How many there are from a time on (microseconds), and when the newest came."""
        times = [
            letter.at
            for day in self.days()
            if day >= day_of(at)
            for letter in self._read(day)
            if letter.at >= at
        ]
        return len(times), max(times, default=None)

    def drop(self, *, before: str) -> list[str]:
        """Remove the days earlier than `before`; gives them.

        Raises:
            StorageError: the disk refuses.
        """
        gone = [day for day in self.days() if day < before]
        try:
            for day in gone:
                self._files.remove(self._folder / f"{day}{SUFFIX}")
            if gone:
                self._files.sync_dir(self._folder)
        except OSError as error:
            raise storage_error(error, f"dropping dead letters in {self._folder}") from error
        return gone

    def _append(self, path: Path, lines: bytes) -> None:
        self._files.make_dir(self._folder)
        new = path.name not in self._files.names(self._folder)
        handle = self._files.open(path, write=True, create=True)
        try:
            end = _whole(handle)
            try:
                handle.write_at(lines, end)
            except OSError:
                handle.truncate(end)
                raise
            handle.sync()
        finally:
            handle.close()
        if new:
            self._files.sync_dir(self._folder)

    def _read(self, day: str) -> Iterator[Letter]:
        handle = self._files.open(self._folder / f"{day}{SUFFIX}")
        try:
            text = handle.read_at(handle.size(), 0)
        finally:
            handle.close()
        return _letters(text.split(b"\n")[:-1])


def _letters(lines: Iterable[bytes]) -> Iterator[Letter]:
    for line in lines:
        try:
            yield _decode(line)
        except msgspec.MsgspecError:
            continue  # torn by a crash


def _whole(handle: Handle) -> int:
    """Where the last whole line ends."""
    size = handle.size()
    tail = handle.read_at(1 << 20, max(0, size - (1 << 20)))
    return size - (len(tail) - (tail.rfind(b"\n") + 1))


def _parse(cursor: str | None) -> tuple[str, int]:
    if cursor is None:
        return "", 0
    day, _, count = cursor.partition(".")
    if len(day) != len("2026-01-01") or not count.isdecimal():
        raise UsageError(f"{cursor!r} is no cursor", hint="pass on the one the last page gave, unchanged")
    return day, int(count)
