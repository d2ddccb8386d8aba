"""What the store asks of a file system, so that tests can cut its power."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pathlib import Path


class Handle(Protocol):
    """An open file. Every method may raise `OSError`."""

    def write_at(self, data: bytes, position: int) -> None:
        """Write all of `data`; only `sync` makes it durable."""
        ...

    def read_at(self, length: int, position: int) -> bytes:
        """Up to `length` bytes; fewer only at the end of the file."""
        ...

    def size(self) -> int:
        """Bytes in the file."""
        ...

    def truncate(self, size: int) -> None:
        """Cut the file; only `sync` makes it durable."""
        ...

    def sync(self) -> None:
        """Return once what was written and cut is durable (`fdatasync`)."""
        ...

    def close(self) -> None:
        """Let go of the file, and of its lock."""
        ...


class Files(Protocol):
    """A file system. Every method may raise `OSError`."""

    def open(self, path: Path, *, write: bool = False, create: bool = False) -> Handle:
        """Open a file; a created name is durable only after `sync_dir` of its folder."""
        ...

    def lock(self, path: Path) -> Handle:
        """Hold an exclusive lock until the handle is closed; `BlockingIOError` if another holds it."""
        ...

    def make_dir(self, path: Path) -> None:
        """Make a folder and its parents, durable on return; no error if it is there."""
        ...

    def sync_dir(self, path: Path) -> None:
        """Return once the names in a folder are durable."""
        ...

    def names(self, path: Path) -> list[str]:
        """The names in a folder, sorted; none if there is no such folder."""
        ...

    def rename(self, source: Path, target: Path) -> None:
        """Replace `target` by `source` at once; durable only after `sync_dir`."""
        ...

    def remove(self, path: Path) -> None:
        """Remove a file; durable only after `sync_dir`."""
        ...

    def remove_dir(self, path: Path) -> None:
        """Remove an empty folder."""
        ...

    def free_bytes(self, path: Path) -> int:
        """Bytes an ordinary process may still write to the disk that holds `path`."""
        ...
