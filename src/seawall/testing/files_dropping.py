"""A file system in memory that forgets what was not synced when its power is cut.

kill -9 proves nothing about `fdatasync`: the page cache survives the process. This one keeps, of every
write since the last sync, an arbitrary set of sectors; of every created, renamed or removed name an
arbitrary set; and of every grown file any length in between. That is more than most disks do, and nothing
that POSIX forbids.
"""

from __future__ import annotations

import errno
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

SECTOR = 512


class PowerCut(Exception):
    """The machine is off."""


class _Node:
    """A file: what a reader sees, and what the disk is sure to have."""

    def __init__(self) -> None:
        self.live = bytearray()
        self.durable = b""
        self.dirty: list[tuple[int, bytes]] = []  # writes and cuts since the last sync

    def survive(self, rng: Random) -> None:
        shortest, longest = sorted((len(self.durable), len(self.live)))
        size = rng.choice((len(self.durable), len(self.live), rng.randint(shortest, longest)))
        old, new = self.durable.ljust(size, b"\0")[:size], bytes(self.live).ljust(size, b"\0")[:size]
        sectors = range(0, size, SECTOR)
        kept = b"".join((new if rng.random() < 0.5 else old)[at : at + SECTOR] for at in sectors)
        self.live, self.durable = bytearray(kept), kept
        self.dirty.clear()

    def change(self, position: int, data: bytes) -> None:
        """Write data; none at all cuts or grows the file to `position`."""
        _write(self.live, position, data)
        self.dirty.append((position, data))

    def sync(self) -> None:
        """The disk gets what changed since the last sync, and only that."""
        durable = bytearray(self.durable)
        for position, data in self.dirty:
            _write(durable, position, data)
        self.durable = bytes(durable)
        self.dirty.clear()


class DroppingFiles:
    """Serves `seawall.store.ports.Files`.

    Folders are durable once made; their contents are not. Cut the power with `cut`, or let it fail in the
    middle of something with `cut_in`; then open what you test again and see what it remembers.
    """

    def __init__(self, *, free: int = 10 * 2**30) -> None:
        self.free = free
        self.changes = 0  # calls so far that changed something
        self._names: dict[Path, _Node] = {}
        self._durable: dict[Path, _Node] = {}
        self._pending: list[tuple[Path, Path | None, _Node | None]] = []  # name, where it came from, file
        self._folders: set[Path] = set()
        self._locked: set[Path] = set()
        self._lives = count()
        self.life = next(self._lives)
        self._fuse: int | None = None
        self._healthy_syncs: int | None = None

    def cut_in(self, calls: int) -> None:
        """Power fails during the n-th call from now that changes something."""
        self._fuse = calls

    def fail_sync_in(self, calls: int) -> None:
        """The n-th sync from now fails, and what it should have made durable is lost to later ones."""
        self._healthy_syncs = calls

    def sick(self) -> bool:
        """Whether the sync made now fails; counts it."""
        if self._healthy_syncs is None:
            return False
        self._healthy_syncs -= 1
        if self._healthy_syncs > 0:
            return False
        self._healthy_syncs = None
        return True

    def cut(self, rng: Random) -> None:
        """Power fails now and comes back: unsynced writes and names survive in part or not at all."""
        for name, source, node in self._pending:
            if rng.random() < 0.5:
                _apply(self._durable, name, source, node)
        self._names = dict(self._durable)
        for node in {id(node): node for node in self._names.values()}.values():
            node.survive(rng)
        self._pending.clear()
        self._locked.clear()
        self._fuse = None
        self.life = next(self._lives)

    def open(
        self,
        path: Path,
        *,
        write: bool = False,  # noqa: ARG002  the port's signature
        create: bool = False,
    ) -> DroppingHandle:
        """Open a file, making it if asked to."""
        self.step(change=False)
        if path not in self._names:
            if not create:
                raise FileNotFoundError(errno.ENOENT, "No such file", str(path))
            self._change(path, None, _Node())
        return DroppingHandle(self, self._names[path], self.life)

    def lock(self, path: Path) -> DroppingHandle:
        """Hold an exclusive lock."""
        if path in self._locked:
            raise BlockingIOError(errno.EAGAIN, "Locked", str(path))
        handle = self.open(path, create=True)
        self._locked.add(path)
        handle.locks = path
        return handle

    def unlock(self, path: Path) -> None:
        """Let go of a lock."""
        self._locked.discard(path)

    def make_dir(self, path: Path) -> None:
        """Make a folder and its parents."""
        self.step(change=False)
        self._folders.update((path, *path.parents))

    def sync_dir(self, path: Path) -> None:
        """Make the names in a folder durable."""
        self.step()
        inside = [change for change in self._pending if change[0].parent == path]
        self._pending = [change for change in self._pending if change[0].parent != path]
        for name, source, node in inside:
            _apply(self._durable, name, source, node)

    def names(self, path: Path) -> list[str]:
        """The names in a folder, sorted."""
        files = {name.name for name in self._names if name.parent == path}
        return sorted(files | {name.name for name in self._folders if name.parent == path and name != path})

    def rename(self, source: Path, target: Path) -> None:
        """Replace a name at once."""
        self._change(target, source, self._names[source])

    def remove(self, path: Path) -> None:
        """Remove a name."""
        if path not in self._names:
            raise FileNotFoundError(errno.ENOENT, "No such file", str(path))
        self._change(path, None, None)

    def remove_dir(self, path: Path) -> None:
        """Remove an empty folder."""
        self.step()
        self._folders.discard(path)

    def free_bytes(self, path: Path) -> int:  # noqa: ARG002  the port's signature
        """What the test says is free."""
        return self.free

    def _change(self, name: Path, source: Path | None, node: _Node | None) -> None:
        self.step()
        _apply(self._names, name, source, node)
        self._pending.append((name, source, node))

    def step(self, *, change: bool = True) -> None:
        """Something happens; the power may fail in it."""
        self.changes += change
        if self._fuse is not None:
            self._fuse -= change
            if self._fuse <= 0:
                raise PowerCut


class DroppingHandle:
    """An open file of `DroppingFiles`; useless after a power cut."""

    def __init__(self, files: DroppingFiles, node: _Node, life: int) -> None:
        self._files, self._node, self._life = files, node, life
        self.locks: Path | None = None

    def write_at(self, data: bytes, position: int) -> None:
        """Write; readers see it, the disk may not have it."""
        if data:
            self._alive().change(position, data)
        self._files.step()  # a power cut leaves the write undecided

    def read_at(self, length: int, position: int) -> bytes:
        """Read what was written last."""
        return bytes(self._alive().live[position : position + length])

    def size(self) -> int:
        """Bytes in the file."""
        return len(self._alive().live)

    def truncate(self, size: int) -> None:
        """Cut or grow."""
        self._alive().change(size, b"")
        self._files.step()

    def sync(self) -> None:
        """Make the content durable."""
        node = self._alive()
        self._files.step()  # a power cut comes before the sync is done
        if self._files.sick():
            node.dirty.clear()  # as Linux does: the pages are clean now, and the disk does not have them
            raise OSError(errno.EIO, "Input/output error")
        node.sync()

    def close(self) -> None:
        """Release the lock, if it is one."""
        if self.locks and self._life == self._files.life:
            self._files.unlock(self.locks)

    def _alive(self) -> _Node:
        if self._life != self._files.life:
            raise PowerCut
        return self._node


def _apply(names: dict[Path, _Node], name: Path, source: Path | None, node: _Node | None) -> None:
    if source is not None:
        names.pop(source, None)
    if node is None:
        names.pop(name, None)
    else:
        names[name] = node


def _write(content: bytearray, position: int, data: bytes) -> None:
    if not data:
        del content[position:]
    content.extend(bytes(max(0, position - len(content))))
    content[position : position + len(data)] = data
