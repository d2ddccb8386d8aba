"""A journal that another process writes, as far as it can be read now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from seawall.core.errors import NotFound
from seawall.store.files_os import REAL
from seawall.store.frame import parse
from seawall.store.segments import HEADER, Segments

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from seawall.store.frame import Frame
    from seawall.store.ports import Files


class Records(Protocol):
    """What a reader needs of a journal, whoever writes it."""

    @property
    def durable(self) -> int:
        """Where reading ends."""
        ...

    @property
    def segments(self) -> tuple[int, ...]:
        """The offsets at which segments start."""
        ...

    def read(self, start: int = 0, stop: int | None = None) -> Iterator[Frame]:
        """Records in order."""
        ...

    def at(self, offset: int) -> Frame:
        """The record at an offset."""
        ...

    def close(self) -> None:
        """Release the files."""
        ...


class JournalReader:
    """Whole records only, changed by nobody here. `refresh` to see what was written since.

    The last group it shows may not be durable yet; a projector must not use it.
    """

    def __init__(self, folder: Path, *, files: Files = REAL) -> None:
        self.folder = folder
        self._segments = Segments(folder, files)
        self.durable = 0
        self.refresh()

    @property
    def segments(self) -> tuple[int, ...]:
        """The offsets at which segments start."""
        return self._segments.bases

    def refresh(self) -> None:
        """Look how far whole records reach now."""
        self._segments.refresh()
        if not self._segments.bases:
            return
        base = self._segments.bases[-1]
        end = max(self.durable, base)
        handle = self._segments.handle(base)
        data = handle.read_at(max(0, handle.size() - HEADER.size - (end - base)), HEADER.size + end - base)
        start = end
        while frame := parse(data, end - start, end):
            end = frame.end
        self.durable = end

    def read(self, start: int = 0, stop: int | None = None) -> Iterator[Frame]:
        """Records from `start` on, in order."""
        return self._segments.read(start, self.durable if stop is None else min(stop, self.durable))

    def at(self, offset: int) -> Frame:
        """The record at an offset.

        Raises:
            NotFound: none starts there.
        """
        if offset >= self.durable:
            raise NotFound(f"offset {offset} of {self.folder} is past its end")
        return self._segments.at(offset)

    def close(self) -> None:
        """Release the files."""
        self._segments.close()
