"""Hashes that come and go while they are searched.

What came last lies in a short tail that every search reads; a full tail becomes a segment with an index, and
segments of like size are merged, so that a hash is indexed anew a few times in its life. What went is a set
of numbers that hits are held against, until a merge leaves it out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from seawall.core.hamming.search import NOTHING, Hits, scan, search
from seawall.core.hamming.segment import Segment, build_segment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

TAIL = 4_096
"""Hashes of the tail at most."""

GROWTH = 4
"""A segment is merged with those behind it once they hold one hash for so many of its own."""

_NO_IDS = np.zeros(0, np.int64)


@dataclass(frozen=True, eq=False)
class View:
    """The hashes at one moment; nothing that comes or goes later changes it.

    Attributes:
        segments: with an index; numbers rise from one to the next.
        words: the tail; shape (n, words).
        ids: numbers of the tail, ascending.
        gone: numbers that are here and do not count, ascending.
    """

    segments: tuple[Segment, ...]
    words: NDArray[np.uint64]
    ids: NDArray[np.int64]
    gone: NDArray[np.int64]

    def __len__(self) -> int:
        return sum(map(len, self.segments)) + len(self.words) - len(self.gone)

    @property
    def nbytes(self) -> int:
        """Bytes that it takes."""
        return sum(each.nbytes for each in self.segments) + self.words.nbytes + self.gone.nbytes

    def search(self, queries: NDArray[np.uint64], radius: int) -> Hits:
        """The numbers of all hashes within `radius` bits of each query, with their distance."""
        parts = [_numbered(search(each, queries, radius), each.ids) for each in self.segments]
        if len(self.words) and len(queries):
            parts.append(_numbered(scan(self.words, queries, radius), self.ids))
        if not parts:
            return NOTHING
        query, row, distance = (np.concatenate(column) for column in zip(*parts, strict=True))
        if len(self.gone):
            here = ~_among(row, self.gone)
            query, row, distance = query[here], row[here], distance[here]
        order = np.lexsort((row, query))
        return Hits(query[order], row[order], distance[order])

    def words_of(self, ids: NDArray[np.int64]) -> NDArray[np.uint64]:
        """The hashes with some numbers, in that order; each must be here."""
        words = np.zeros((len(ids), self.words.shape[1]), np.uint64)
        for held, numbers in (*((each.words, each.ids) for each in self.segments), (self.words, self.ids)):
            if not len(numbers):
                continue
            places = np.searchsorted(numbers, ids)
            places[places == len(numbers)] = 0
            here = numbers[places] == ids
            words[here] = held[places[here]]
        return words

    def live_ids(self) -> NDArray[np.int64]:
        """Every number that counts, ascending."""
        ids = np.concatenate([*(each.ids for each in self.segments), self.ids])
        return ids[~_among(ids, self.gone)]


class Growing:
    """One writer at a time changes it; any number of threads search `view` meanwhile."""

    def __init__(self, bits: int, *, radius: int, view: View | None = None, tail: int = TAIL) -> None:
        """Begin with nothing, or with what a view has.

        Args:
            bits: of a hash.
            radius: searches within so many bits are quick; within more they may read every hash.
            view: what there was.
            tail: hashes that are read one by one at most.
        """
        self._bits, self._radius, self._most = bits, radius, tail
        width = -(-bits // 64)
        self.view = view or View((), np.zeros((0, width), np.uint64), _NO_IDS, _NO_IDS)
        self._writing, self._merging = Lock(), Lock()

    def add(self, words: NDArray[np.uint64], ids: NDArray[np.int64]) -> None:
        """Add hashes under numbers that are higher than all before, ascending. They count at once.

        Args:
            words: shape (n, words).
            ids: shape (n,).
        """
        self.change(words, ids, _NO_IDS)

    def remove(self, ids: Iterable[int] | NDArray[np.int64]) -> None:
        """Hashes with these numbers no longer count; others are passed over."""
        width = self.view.words.shape[1]
        gone = np.unique(np.array(ids if isinstance(ids, np.ndarray) else list(ids), np.int64))
        self.change(np.zeros((0, width), np.uint64), _NO_IDS, gone)

    def change(self, words: NDArray[np.uint64], ids: NDArray[np.int64], gone: NDArray[np.int64]) -> None:
        """Both at once: a search sees all of it or nothing."""
        with self._writing:
            view = self.view
            if len(gone):
                here = _among(gone, view.ids)
                for segment in view.segments:
                    here |= _among(gone, segment.ids)
                view = replace(view, gone=np.union1d(view.gone, gone[here]))
            if len(words):
                view = self._longer(view, words, ids)
            self.view = view

    @property
    def to_merge(self) -> bool:
        """Whether a merge would make searches quicker."""
        return self._from(self.view) is not None

    def merge(self) -> bool:
        """Merge once what is due; gives whether something was. Searches and changes go on meanwhile."""
        with self._merging:
            before = self.view
            first = self._from(before)
            if first is None:
                return False
            old = before.segments[first:]
            ids = np.concatenate([each.ids for each in old])
            here = ~_among(ids, before.gone)
            words = np.concatenate([each.words for each in old])[here]
            merged = build_segment(words, ids[here], bits=self._bits, radius=self._radius)
            with self._writing:
                now = self.view
                rest = now.segments[first + len(old) :]
                kept = (merged,) if len(merged) else ()
                self.view = replace(
                    now,
                    segments=(*now.segments[:first], *kept, *rest),
                    gone=np.setdiff1d(now.gone, ids[~here], assume_unique=True),
                )
            return True

    def _longer(self, view: View, words: NDArray[np.uint64], ids: NDArray[np.int64]) -> View:
        tail, numbers = np.concatenate([view.words, words]), np.concatenate([view.ids, ids])
        if len(tail) < self._most:
            return replace(view, words=tail, ids=numbers)
        here = ~_among(numbers, view.gone)
        segment = build_segment(tail[here], numbers[here], bits=self._bits, radius=self._radius)
        gone = np.setdiff1d(view.gone, numbers[~here], assume_unique=True)
        return View((*view.segments, segment), tail[:0], numbers[:0], gone)

    def _from(self, view: View) -> int | None:
        """The first segment that is due: it has become small beside what follows, or much of it is gone."""
        behind = 0
        due: int | None = None
        for place in range(len(view.segments) - 1, -1, -1):
            segment = view.segments[place]
            if behind * GROWTH >= len(segment) and behind:
                due = place
            elif len(view.gone) * GROWTH >= len(segment) and len(segment):
                inside = np.searchsorted(view.gone, (segment.ids[0], segment.ids[-1] + 1))
                if int(inside[1] - inside[0]) * GROWTH >= len(segment):
                    due = place
            behind += len(segment)
        return due


def _numbered(hits: Hits, ids: NDArray[np.int64]) -> Hits:
    return Hits(hits.query, ids[hits.row], hits.distance)


def _among(ids: NDArray[np.int64], known: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Of each number whether it is among ascending ones."""
    if not len(known):
        return np.zeros(len(ids), np.bool_)
    places = np.searchsorted(known, ids)
    places[places == len(known)] = 0
    return known[places] == ids
