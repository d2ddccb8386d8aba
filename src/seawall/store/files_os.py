"""The file system of the machine."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

    from seawall.store.ports import Files


class OsHandle:
    """A file descriptor."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def write_at(self, data: bytes, position: int) -> None:
        """Write all of it, however many calls the kernel makes of it."""
        left = memoryview(data)
        while left:
            done = os.pwrite(self._descriptor, left, position)
            left, position = left[done:], position + done

    def read_at(self, length: int, position: int) -> bytes:
        """Up to `length` bytes."""
        return os.pread(self._descriptor, length, position)

    def size(self) -> int:
        """Bytes in the file."""
        return os.fstat(self._descriptor).st_size

    def truncate(self, size: int) -> None:
        """Cut the file."""
        os.ftruncate(self._descriptor, size)

    def sync(self) -> None:
        """`fdatasync`, which also makes a changed size durable."""
        os.fdatasync(self._descriptor)

    def close(self) -> None:
        """Close the descriptor; a second time does nothing."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


class OsFiles:
    """POSIX calls, one for one."""

    def open(self, path: Path, *, write: bool = False, create: bool = False) -> OsHandle:
        """Open a file, private to its owner when created."""
        flags = (os.O_RDWR if write or create else os.O_RDONLY) | (os.O_CREAT if create else 0)
        return OsHandle(os.open(path, flags | os.O_CLOEXEC, 0o600))

    def lock(self, path: Path) -> OsHandle:
        """`flock`, which the kernel releases when the process dies."""
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            raise
        return OsHandle(descriptor)

    def make_dir(self, path: Path) -> None:
        """Make a folder, private to its owner, and make its name durable in its parent."""
        if path.is_dir():
            return
        self.make_dir(path.parent)
        with contextlib.suppress(FileExistsError):
            path.mkdir(mode=0o700)
        self.sync_dir(path.parent)

    def sync_dir(self, path: Path) -> None:
        """`fsync` on the folder."""
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def names(self, path: Path) -> list[str]:
        """The names in a folder, sorted."""
        return sorted(entry.name for entry in path.iterdir()) if path.is_dir() else []

    def rename(self, source: Path, target: Path) -> None:
        """`rename`, which replaces at once."""
        source.replace(target)

    def remove(self, path: Path) -> None:
        """`unlink`."""
        path.unlink()

    def remove_dir(self, path: Path) -> None:
        """`rmdir`."""
        path.rmdir()

    def free_bytes(self, path: Path) -> int:
        """What `df` calls available."""
        return shutil.disk_usage(path).free


REAL: Final[Files] = OsFiles()
