"""The videos that a bank holds, as a search among pictures sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from seawall.signals.bank.change import Item
from seawall.signals.bank.model import OWN, opinion_of
from seawall.signals.bank.rows import UNKNOWN
from seawall.signals.clips.fingerprint import Fingerprint, Framing
from seawall.signals.clips.framing import WHOLE

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from seawall.signals.bank.bank import HashBank
    from seawall.signals.bank.model import Entry

NEAR = 31
"""Bits within which two pictures count as found; PDQ's own bound."""

TELLING = 50
"""Pictures below this quality are not searched for: black is like black."""

_LAST_S = 0.04  # how long the last picture of a known video is shown
_MS = 1_000


class Reference(NamedTuple):
    """A video that is known.

    Attributes:
        bank: that knows it.
        entry: what is known of it.
        fingerprint: all its pictures, those of every framing together.
    """

    bank: str
    entry: Entry
    fingerprint: Fingerprint

    @property
    def name(self) -> str:
        """What its source calls it."""
        return self.entry.ref


class Hit(NamedTuple):
    """Pictures of a clip that are near pictures of one reference.

    Attributes:
        reference: which.
        query: number of the picture that was searched; shape (hits,).
        picture: of the reference; shape (hits,).
    """

    reference: Reference
    query: NDArray[np.int64]
    picture: NDArray[np.int64]


class Known(Protocol):
    """Where videos are looked for."""

    def near(self, words: NDArray[np.uint64]) -> list[Hit]:
        """Everything within NEAR bits of some pictures, by reference: that with the most pictures first.

        Args:
            words: shape (n, 4).
        """
        ...


class KnownVideos:
    """A bank of vPDQ hashes at one moment: what is disabled, expired or of another opinion is not there."""

    def __init__(self, name: str, bank: HashBank, *, matches: Collection[str], now: int) -> None:
        """Look at a bank.

        Args:
            name: of the bank.
            bank: of frames.
            matches: opinions of which an entry must be.
            now: microseconds since 1970.
        """
        self._name = name
        self._bank = bank
        self._matches = frozenset(matches)
        self._now = now

    def near(self, words: NDArray[np.uint64]) -> list[Hit]:
        """See `Known`."""
        if not len(words):
            return []
        bank = self._bank
        hits = bank.near(np.ascontiguousarray(words).view(np.uint8), NEAR)
        notes = bank.rows.columns.note[hits.row]
        found: list[Hit] = []
        for note in sorted({int(each) for each in notes}):
            entry = bank.notes.get(note)
            if not self._counts(entry):
                continue
            mine: NDArray[np.bool_] = notes == note
            rows: NDArray[np.int64] = hits.row[mine]
            group = bank.group_of(int(rows[0]))
            print_, order = self._print(group.first, group.size)
            place = np.empty_like(order)
            place[order] = np.arange(len(order))
            reference = Reference(self._name, entry, print_)
            found.append(Hit(reference, hits.query[mine], place[rows - group.first]))
        return sorted(found, key=lambda hit: -len(np.unique(hit.query)))

    def _counts(self, entry: Entry) -> bool:
        """Whether the entry matches; what our own people say of a video goes before what others do."""
        bank = self._bank
        ours = bank.groups.find(OWN, entry.ref, bank.notes) if entry.ref else None
        said = [entry] if ours is None else [entry, bank.notes.get(ours)]
        said = [each for each in said if each.holds(self._now)]
        return entry in said and opinion_of(said).value in self._matches

    def _print(self, first: int, size: int) -> tuple[Fingerprint, NDArray[np.int64]]:
        """The pictures of an entry by time, and which of its hashes each is."""
        bank = self._bank
        columns = bank.rows.columns
        begin = columns.at_ms[first : first + size].astype(np.float64) / _MS
        order = np.argsort(begin, kind="stable")
        begin = begin[order]
        moments, moment = np.unique(begin, return_inverse=True)
        end = np.append(moments[1:], moments[-1] + _LAST_S)[moment]
        words = bank.current.view.words_of(np.arange(first, first + size))[order]
        quality = columns.quality[first : first + size][order]
        framing = Framing(WHOLE, words, words, np.where(quality == UNKNOWN, 100, quality).astype(np.uint8))
        return Fingerprint(begin, end, (framing,)), order


def as_item(entry: Entry, print_: Fingerprint) -> Item:
    """A video as a bank takes it in: at each moment the hash of every framing, each hash once."""
    hashes: list[bytes] = []
    frames: list[tuple[int, int]] = []
    for n, begin in enumerate(print_.begin):
        at_ms = round(float(begin) * _MS)
        told = {each.words[n].tobytes(): int(each.quality[n]) for each in print_.framings}
        hashes += told
        frames += [(quality, at_ms) for quality in told.values()]
    return Item(entry, tuple(hashes), tuple(frames))
