"""The videos that are known, with an index over their pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from seawall.core.hamming import Growing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from seawall.core.hamming import Hits
    from seawall.signals.clips.fingerprint import Fingerprint

NEAR = 31
"""Bits within which two pictures count as found; PDQ's own bound."""

TELLING = 50
"""Pictures below this quality are not indexed, nor searched for: black is like black."""


@dataclass(frozen=True)
class Reference:
    """A video that is known.

    Attributes:
        name: what a match calls it.
        label: what it is known as: a clause, a case, a campaign.
        fingerprint: of all its frames.
    """

    name: str
    label: str
    fingerprint: Fingerprint


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


class _Held(NamedTuple):
    """What there is at one moment: the index, and which numbers of it are whose pictures."""

    references: tuple[Reference, ...] = ()
    firsts: NDArray[np.int64] = np.zeros(0, np.int64)
    pictures: tuple[NDArray[np.int64], ...] = ()  # of each number from the first on


class Bank:
    """Any number of threads search it while one changes it."""

    def __init__(self, references: Iterable[Reference] = ()) -> None:
        self._index = Growing(256, radius=NEAR)
        self._held = _Held()
        self._next = 0
        for each in references:
            self.add(each)

    def __len__(self) -> int:
        return len(self._held.references)

    @property
    def names(self) -> tuple[str, ...]:
        """Of all references, in the order in which they came."""
        return tuple(each.name for each in self._held.references)

    @property
    def nbytes(self) -> int:
        """Bytes of the index; the fingerprints take about a quarter more."""
        return self._index.view.nbytes

    def add(self, reference: Reference) -> None:
        """Know a video from now on.

        Raises:
            ValueError: there is one of that name.
        """
        held = self._held
        if reference.name in self.names:
            raise ValueError(f"the bank knows a video named {reference.name!r} already; remove it first")
        words, pictures = _indexed(reference.fingerprint)
        first, self._next = self._next, self._next + len(words)
        self._held = _Held(
            (*held.references, reference), np.append(held.firsts, first), (*held.pictures, pictures)
        )
        self._index.add(words, np.arange(first, self._next))
        while self._index.merge():
            pass

    def remove(self, name: str) -> None:
        """Know it no longer.

        Raises:
            KeyError: there is none of that name.
        """
        held = self._held
        if name not in self.names:
            raise KeyError(name)
        n = self.names.index(name)
        first = int(held.firsts[n])
        self._index.remove(np.arange(first, first + len(held.pictures[n])))
        self._held = _Held(
            held.references[:n] + held.references[n + 1 :],
            np.delete(held.firsts, n),
            held.pictures[:n] + held.pictures[n + 1 :],
        )

    def near(self, words: NDArray[np.uint64]) -> list[Hit]:
        """Everything within NEAR bits of some pictures, by reference: that with the most pictures first.

        Args:
            words: shape (n, 4).
        """
        held, found = self._held, self._index.view.search(words, NEAR)
        return _by_reference(held, found)


def _indexed(print_: Fingerprint) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """The hashes that are searched, and the picture of each."""
    words, pictures = [np.zeros((0, 4), np.uint64)], [np.zeros(0, np.int64)]
    for each in print_.framings:
        telling = np.flatnonzero(each.quality >= TELLING)
        words.append(each.words[telling])
        pictures.append(telling)
    return np.concatenate(words), np.concatenate(pictures)


def _by_reference(held: _Held, hits: Hits) -> list[Hit]:
    if not len(held.references) or not len(hits.row):
        return []
    owner = np.searchsorted(held.firsts, hits.row, side="right") - 1
    found: list[Hit] = []
    for n in sorted({int(each) for each in owner}):
        mine: NDArray[np.bool_] = owner == n
        number: NDArray[np.int64] = hits.row[mine] - int(held.firsts[n])
        pictures = held.pictures[n]
        inside = number < len(pictures)  # else of one that has just been removed
        if inside.any():
            picture: NDArray[np.int64] = pictures[number[inside]]
            found.append(Hit(held.references[n], hits.query[mine][inside], picture))
    return sorted(found, key=lambda hit: -len(np.unique(hit.query)))
