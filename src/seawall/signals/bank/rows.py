"""What stands beside each hash of a bank, by its number: its entry, its frame, the hashes it belongs with."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from seawall.signals.bank.model import Entry
    from seawall.signals.bank.notes import Notes

N = TypeVar("N", bound=np.generic)

UNKNOWN = 255
"""The quality of a hash of which none is known."""


class Group(NamedTuple):
    """The hashes of one entry that has several: `size` numbers from `first` on."""

    first: int
    size: int


class Columns(NamedTuple):
    """Of each number; shape (n,).

    Attributes:
        note: number of its entry; int32.
        quality: 0 to 100, or `UNKNOWN`; uint8.
        at_ms: of its frame; uint32.
    """

    note: NDArray[np.int32]
    quality: NDArray[np.uint8]
    at_ms: NDArray[np.uint32]


class Rows:
    """Grows at its end; what is there never changes, so that any thread may read it meanwhile."""

    def __init__(self, columns: Columns | None = None) -> None:
        self.columns = columns or Columns(
            np.zeros(0, np.int32), np.zeros(0, np.uint8), np.zeros(0, np.uint32)
        )
        self._used = len(self.columns.note)

    def __len__(self) -> int:
        return self._used

    @property
    def nbytes(self) -> int:
        """Bytes that it takes."""
        return sum(each.nbytes for each in self.columns)

    def add(self, more: Columns) -> NDArray[np.int64]:
        """Put in rows; gives their numbers."""
        first, self._used = self._used, self._used + len(more.note)
        if self._used > len(self.columns.note):
            room = max(self._used, self._used + self._used // 8)
            now = self.columns
            self.columns = Columns(
                _longer(now.note, room), _longer(now.quality, room), _longer(now.at_ms, room)
            )
        self.columns.note[first : self._used] = more.note
        self.columns.quality[first : self._used] = more.quality
        self.columns.at_ms[first : self._used] = more.at_ms
        return np.arange(first, self._used)

    def used(self) -> Columns:
        """What is in it."""
        now = self.columns
        return Columns(now.note[: self._used], now.quality[: self._used], now.at_ms[: self._used])


class Groups:
    """Which numbers belong together, and by what they are found again."""

    def __init__(self, by_note: Mapping[int, Group] | None = None) -> None:
        self.by_note: dict[int, Group] = dict(by_note or {})
        self._by_ref: dict[tuple[str, str], int] | None = None

    def of(self, note: int, number: int) -> Group:
        """The numbers of one entry."""
        return self.by_note.get(note, Group(number, 1))

    def put(self, note: int, entry: Entry, group: Group, notes: Notes) -> None:
        """One more."""
        self._refs(notes)[entry.source, entry.ref] = note
        self.by_note[note] = group

    def find(self, source: str, ref: str, notes: Notes) -> int | None:
        """The entry of a source that has this name."""
        return self._refs(notes).get((source, ref))

    def found(self, ref: str, notes: Notes) -> list[int]:
        """The entries of any source that have this name."""
        return [note for (_, name), note in self._refs(notes).items() if name == ref]

    def drop(self, note: int, notes: Notes) -> None:
        """It is gone."""
        entry = notes.get(note)
        if self._refs(notes).get((entry.source, entry.ref)) == note:
            del self._refs(notes)[entry.source, entry.ref]
        del self.by_note[note]

    def _refs(self, notes: Notes) -> dict[tuple[str, str], int]:
        if self._by_ref is None:
            entries = ((note, notes.get(note)) for note in self.by_note)
            self._by_ref = {(entry.source, entry.ref): note for note, entry in entries}
        return self._by_ref


def _longer(column: NDArray[N], room: int) -> NDArray[N]:
    longer = np.zeros(room, column.dtype)
    longer[: len(column)] = column
    return longer
