"""The banks of a data folder: files for the changes that the journal names, and for being there at once.

banks/NAME/changes/DIGEST.jsonl    what came or went; the journal names it, so it is never written again
banks/NAME/snapshot                everything up to some change; made again where it is missing or broken
banks/NAME/log                     digests of the changes in force, one a line: for who has no journal
"""

from __future__ import annotations

import hashlib
from collections import deque
from threading import Lock
from typing import TYPE_CHECKING

import msgspec

from seawall.core.errors import Corrupt, NotFound, UsageError
from seawall.signals.bank.bank import HashBank
from seawall.signals.bank.change import Head, digest_of, read_change
from seawall.signals.bank.model import HASH_KINDS
from seawall.signals.bank.snapshot import read_snapshot, write_snapshot
from seawall.store.failure import storage_error
from seawall.store.files_os import REAL
from seawall.store.replace import replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from seawall.signals.bank.bank import State
    from seawall.signals.bank.change import Change
    from seawall.store.ports import Files

_KEEP_CHANGES = 200
_KEEP_ROWS = 10_000
_KEEP_SHARE = 8
"""A snapshot is made after so many changes, or rows changed, or one row in so many."""


class Banks:
    """One thread prepares, merges and keeps; one enacts, between two batches; any looks up."""

    def __init__(self, folder: Path, *, files: Files = REAL) -> None:
        self.folder = folder
        self._files = files
        self._banks: dict[str, HashBank] = {}
        self._digests: dict[str, list[str]] = {}
        self._ready: dict[str, deque[tuple[str, State]]] = {}
        self._kept: dict[str, tuple[int, int]] = {}  # changes and rows in the snapshot
        self._lock = Lock()

    @classmethod
    def reading(cls, folder: Path, *, files: Files = REAL) -> Banks:
        """The banks as whoever writes the journal last said they were.

        Raises:
            Corrupt: a change is missing, or is not what its name says.
        """
        banks = cls(folder, files=files)
        names = [path.parent.name for path in sorted(folder.glob("*/log"))]
        banks.follow({name: banks.logged(name) for name in names}, write=False)
        return banks

    def logged(self, name: str) -> list[str]:
        """Digests of the changes of a bank that were in force when its log was written."""
        try:
            return (self.folder / name / "log").read_text("ascii").split()
        except FileNotFoundError:
            return []

    def follow(self, changes: Mapping[str, Sequence[str]], *, write: bool = True) -> None:
        """Bring every bank to where its changes lead, in force at once.

        Args:
            changes: digests by bank, in the order of the journal.
            write: also write down which they are, for who has no journal.

        Raises:
            Corrupt: a change is missing, or is not what its name says.
        """
        for name, digests in changes.items():
            bank = self._snapshot(name, digests)
            done = 0 if bank is None else bank.current.changes
            if bank is not None:
                self._banks[name] = bank
            self._digests[name] = list(digests[:done])
            self._kept[name] = (done, 0 if bank is None else bank.size)
            for digest in digests[done:]:
                self.prepare(name, digest)
                self.enact(name, digest, write=False)
            if write and self.logged(name) != list(digests):
                self._write(self.folder / name / "log", "".join(f"{each}\n" for each in digests).encode())

    @property
    def names(self) -> tuple[str, ...]:
        """Banks that something was ever put into, sorted."""
        return tuple(sorted(self._banks))

    def bank(self, name: str) -> HashBank | None:
        """A bank; None where nothing was ever put into it."""
        return self._banks.get(name)

    def put(self, name: str, content: bytes) -> str:
        """Keep the file of a change, which then can be asked for; gives its digest.

        Raises:
            UsageError: it is no change of that bank.
            StorageError: the disk refuses.
        """
        self._checked(name, content)
        digest = digest_of(content)
        path = self._path(name, digest)
        if not path.is_file():
            self._files.make_dir(path.parent)
            self._write(path, content)
        return digest

    def change(self, name: str, digest: str) -> Change:
        """A change that was kept.

        Raises:
            Corrupt: it is missing, or not what its name says.
        """
        path = self._path(name, digest)
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            hint = (
                "bring the file back from a backup; a bank that lacks a change would miss what it should find"
            )
            raise Corrupt(
                f"the change {digest[:12]} of the bank {name!r} is not in {path.parent}", hint=hint
            ) from None
        except OSError as error:
            raise storage_error(error, f"reading {path}") from error
        if digest_of(content) != digest:
            raise Corrupt(f"{path} was changed after it was written", hint="bring it back from a backup")
        return self._checked(name, content)

    def head(self, name: str, digest: str) -> Head | None:
        """What a change says of itself, without the rest of it; None where its file is gone."""
        try:
            with self._path(name, digest).open("rb") as file:
                return msgspec.json.decode(file.readline(1 << 20), type=Head)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError):
            return None

    def prepare(self, name: str, digest: str) -> None:
        """Do all that takes long of a change; nobody sees it before it is enacted.

        Raises:
            UsageError: it is no change of that bank.
            Corrupt: it is missing, or not what its name says.
        """
        change = self.change(name, digest)
        bank = self._banks.get(name)
        if bank is None:
            bank = HashBank(HASH_KINDS[change.head.hash])
        state = bank.apply(change, digest)
        with self._lock:
            self._banks[name] = bank
            self._ready.setdefault(name, deque()).append((digest, state))

    def enact(self, name: str, digest: str, *, write: bool = True) -> None:
        """Let look-ups see a prepared change; in the order in which they were prepared."""
        with self._lock:
            waiting = self._ready.get(name)
            if not waiting or waiting[0][0] != digest:
                raise NotFound(f"the change {digest[:12]} of the bank {name!r} was not prepared")
            _, state = waiting.popleft()
            self._digests.setdefault(name, []).append(digest)
        self._banks[name].enact(state)
        if write:
            try:
                with (self.folder / name / "log").open("a", encoding="ascii") as log:
                    log.write(f"{digest}\n")
            except OSError as error:
                raise storage_error(error, f"writing down a change of the bank {name!r}") from error

    def turn(self, *, now: bool = False) -> None:
        """Merge what is due and keep what has changed much, or all of it `now`; may take minutes.

        Raises:
            StorageError: the disk refuses; nothing is lost.
        """
        for name, bank in list(self._banks.items()):
            bank.merge()
            changes, rows = self._kept.get(name, (0, 0))
            new, moved = bank.current.changes - changes, abs(bank.size - rows)
            due = new >= _KEEP_CHANGES or moved >= max(_KEEP_ROWS, rows // _KEEP_SHARE)
            if (due or (now and new)) and bank.current.version == bank.latest.version:
                write_snapshot(bank, self.folder / name / "snapshot", self._files)
                self._kept[name] = (bank.current.changes, bank.size)

    def _checked(self, name: str, content: bytes) -> Change:
        change = read_change(content)
        if change.head.bank != name:
            raise UsageError(f"this is a change of the bank {change.head.bank!r}, not of {name!r}")
        bank = self._banks.get(name)
        if bank is not None and bank.kind.name != change.head.hash:
            message = (
                f"the bank {name!r} holds {bank.kind.name} hashes, and this change brings {change.head.hash}"
            )
            raise UsageError(message, hint="keep hashes of each kind in a bank of their own")
        return change

    def _snapshot(self, name: str, digests: Sequence[str]) -> HashBank | None:
        """The snapshot of a bank, if it is one of these changes' beginning."""
        try:
            bank = read_snapshot(self.folder / name / "snapshot")
        except Corrupt:
            return None  # everything is in the changes
        if bank is None or bank.current.changes > len(digests):
            return None
        return bank if bank.current.version == version_of(digests[: bank.current.changes]) else None

    def _path(self, name: str, digest: str) -> Path:
        return self.folder / name / "changes" / f"{digest}.jsonl"

    def _write(self, path: Path, content: bytes) -> None:
        try:
            replace(self._files, path, content)
        except OSError as error:
            raise storage_error(error, f"writing {path}") from error


def version_of(digests: Iterable[str]) -> str:
    """The version of a bank after some changes.

    >>> version_of([])
    ''
    """
    version = ""
    for digest in digests:
        version = hashlib.sha256(f"{version}\0{digest}".encode()).hexdigest()
    return version
