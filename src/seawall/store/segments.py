"""Reading a folder of segments: which there are, and the records in them.

A segment `<base>.seg` starts with sixteen bytes (a magic word and its base offset); then come records.
Only the last one is ever written to; the others are complete, each ending where the next begins.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from typing import TYPE_CHECKING

from seawall.core.errors import Corrupt, NotFound
from seawall.store.frame import HEAD, Frame, parse, size_at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from seawall.store.ports import Files, Handle

HEADER = struct.Struct("<8sQ")
MAGIC = b"seawall1"
SUFFIX = ".seg"
CHUNK = 1 << 20


def segment_path(folder: Path, base: int) -> Path:
    """The file of the segment that starts at offset `base`; names sort as offsets do."""
    return folder / f"{base:020d}{SUFFIX}"


def bases(folder: Path, files: Files) -> list[int]:
    """The offsets at which the segments of a folder start, in order."""
    return [int(name.removesuffix(SUFFIX)) for name in files.names(folder) if name.endswith(SUFFIX)]


class Segments:
    """The records of one folder, for reading. Safe to use from several threads."""

    def __init__(self, folder: Path, files: Files) -> None:
        self.folder = folder
        self._files = files
        self._bases: list[int] = []
        self._handles: dict[int, Handle] = {}
        self._retired: list[Handle] = []  # another thread may still be reading; closed with the rest
        self.refresh()

    def refresh(self) -> None:
        """Look again which segments there are."""
        self._bases = bases(self.folder, self._files)
        for gone in self._handles.keys() - set(self._bases):
            self.forget(gone)

    def forget(self, base: int) -> None:
        """Open a segment anew at the next read, since its file was replaced."""
        if handle := self._handles.pop(base, None):
            self._retired.append(handle)

    @property
    def bases(self) -> tuple[int, ...]:
        """Where the segments start."""
        return tuple(self._bases)

    @property
    def first(self) -> int:
        """The first offset still kept."""
        return self._bases[0] if self._bases else 0

    def end(self) -> int:
        """Where the bytes of the last segment end; its tail may be torn."""
        if not self._bases:
            return 0
        return self._bases[-1] + max(0, self.handle(self._bases[-1]).size() - HEADER.size)

    def read(self, start: int, stop: int) -> Iterator[Frame]:
        """Every record from offset `start` up to `stop`, in order.

        Raises:
            Corrupt: one in between fails its checksum.
        """
        wanted = self._bases[max(0, bisect_right(self._bases, start) - 1) :]
        for base, after in zip(wanted, [*wanted[1:], stop], strict=True):
            if base >= stop:
                return
            yield from self._walk(base, max(base, start), min(after, stop))

    def at(self, offset: int) -> Frame:
        """The record at an offset.

        Raises:
            NotFound: no record kept starts there.
        """
        index = bisect_right(self._bases, offset) - 1
        if index >= 0:
            base = self._bases[index]
            position = offset - base + HEADER.size
            head = self.handle(base).read_at(4096, position)
            if len(head) >= HEAD.size and (size := size_at(head, 0)) > len(head):
                head = self.handle(base).read_at(size, position)
            if frame := parse(head, 0, offset):
                return frame
        raise NotFound(f"no record starts at offset {offset} of {self.folder}")

    def handle(self, base: int) -> Handle:
        """The open file of one segment, checked to be the one its name says."""
        if found := self._handles.get(base):
            return found
        path = segment_path(self.folder, base)
        handle = self._files.open(path)
        header = handle.read_at(HEADER.size, 0)
        if header != HEADER.pack(MAGIC, base):
            handle.close()
            raise Corrupt(f"{path} does not start with the header of segment {base}")
        return self._handles.setdefault(base, handle)

    def close(self) -> None:
        """Close every file."""
        for handle in (*self._handles.values(), *self._retired):
            handle.close()
        self._handles.clear()
        self._retired.clear()

    def _walk(self, base: int, start: int, stop: int) -> Iterator[Frame]:
        offset, buffer, position = start, b"", 0
        while offset < stop:
            frame = parse(buffer, position, offset)
            if frame is None:
                want = max(CHUNK, size_at(buffer, position))
                buffer = self.handle(base).read_at(min(want, stop - offset), offset - base + HEADER.size)
                position = 0
                frame = parse(buffer, 0, offset)
            if frame is None and HEAD.size <= len(buffer) < (size := size_at(buffer, 0)) <= stop - offset:
                buffer = self.handle(base).read_at(size, offset - base + HEADER.size)
                frame = parse(buffer, 0, offset)
            if frame is None:
                raise Corrupt(
                    f"the record at offset {offset} of {segment_path(self.folder, base)} fails its checksum",
                    hint="restore this segment from a backup; the records around it are sound",
                )
            yield frame
            position += frame.end - offset
            offset = frame.end
