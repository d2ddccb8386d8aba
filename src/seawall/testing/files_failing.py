"""A file system that answers with an error of your choice at a moment of your choice."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from seawall.store.ports import Files, Handle


class FailingFiles:
    """Passes every call on to another file system, until the one that is to fail.

    A write that fails has written half of its bytes, as a full disk does.
    """

    def __init__(self, inner: Files) -> None:
        self.inner = inner
        self.free: int | None = None
        self._plan: dict[str, tuple[int, int, int]] = {}

    def fail(self, call: str, error: int, *, after: int = 0, times: int = 1) -> None:
        """Let a call fail.

        Args:
            call: a method of `Files` or `Handle`, such as `write_at`, `sync`, `sync_dir`, `rename`.
            error: the `errno` it fails with.
            after: how many such calls still succeed.
            times: how many then fail.
        """
        self._plan[call] = (error, after, times)

    def heal(self) -> None:
        """Nothing fails any more."""
        self._plan.clear()

    def due(self, call: str) -> OSError | None:
        """The error a call made now must raise; counts the call."""
        if call not in self._plan:
            return None
        error, after, times = self._plan[call]
        if after:
            self._plan[call] = (error, after - 1, times)
            return None
        if times == 1:
            del self._plan[call]
        else:
            self._plan[call] = (error, 0, times - 1)
        return OSError(error, os.strerror(error))

    def open(self, path: Path, *, write: bool = False, create: bool = False) -> FailingHandle:
        """Open, or fail."""
        self._check("open")
        return FailingHandle(self, self.inner.open(path, write=write, create=create))

    def lock(self, path: Path) -> Handle:
        """Lock, or fail."""
        self._check("lock")
        return self.inner.lock(path)

    def make_dir(self, path: Path) -> None:
        """Make a folder, or fail."""
        self._check("make_dir")
        self.inner.make_dir(path)

    def sync_dir(self, path: Path) -> None:
        """Sync a folder, or fail."""
        self._check("sync_dir")
        self.inner.sync_dir(path)

    def names(self, path: Path) -> list[str]:
        """The names in a folder."""
        return self.inner.names(path)

    def rename(self, source: Path, target: Path) -> None:
        """Rename, or fail."""
        self._check("rename")
        self.inner.rename(source, target)

    def remove(self, path: Path) -> None:
        """Remove, or fail."""
        self._check("remove")
        self.inner.remove(path)

    def remove_dir(self, path: Path) -> None:
        """Remove a folder, or fail."""
        self._check("remove_dir")
        self.inner.remove_dir(path)

    def free_bytes(self, path: Path) -> int:
        """What the test says is free, else what the other says."""
        return self.inner.free_bytes(path) if self.free is None else self.free

    def _check(self, call: str) -> None:
        if error := self.due(call):
            raise error


class FailingHandle:
    """An open file of `FailingFiles`."""

    def __init__(self, files: FailingFiles, inner: Handle) -> None:
        self._files = files
        self._inner = inner

    def write_at(self, data: bytes, position: int) -> None:
        """Write, or write half and fail."""
        if error := self._files.due("write_at"):
            self._inner.write_at(data[: len(data) // 2], position)
            raise error
        self._inner.write_at(data, position)

    def read_at(self, length: int, position: int) -> bytes:
        """Read, or fail."""
        if error := self._files.due("read_at"):
            raise error
        return self._inner.read_at(length, position)

    def size(self) -> int:
        """Bytes in the file."""
        return self._inner.size()

    def truncate(self, size: int) -> None:
        """Cut, or fail."""
        if error := self._files.due("truncate"):
            raise error
        self._inner.truncate(size)

    def sync(self) -> None:
        """Sync, or fail without having synced."""
        if error := self._files.due("sync"):
            raise error
        self._inner.sync()

    def close(self) -> None:
        """Close."""
        self._inner.close()
