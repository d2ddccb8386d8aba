"""Where a clip shows what a bank knows: a few pictures that are near find it, those beside them prove it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from seawall.signals.clips.align import align, refined
from seawall.signals.clips.known import NEAR, TELLING

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from seawall.signals.clips.align import Line
    from seawall.signals.clips.fingerprint import Fingerprint
    from seawall.signals.clips.known import Known, Reference

ALIKE = 64
"""Bits within which two pictures that should show the same moment do. Pictures of unrelated videos differ in
80 and more even where every moment is compared with every other; something laid over a quarter of the
picture changes 50 to 60."""

SLACK_S = 0.15
"""How far from its line a moment may lie."""

LEAST_S = 1.0
"""What is shown for less is no match."""

LEAST_PICTURES = 3
"""Different ones that must be alike, unless the clip stands still."""

MOST_REFERENCES = 20
"""Those that are looked at closely, by how many pictures found them."""

MOST_PARTS = 8
"""Of one reference that a clip may show, each on a line of its own."""


class Match(NamedTuple):
    """One stretch of a clip that shows one stretch of a known video.

    Attributes:
        reference: what it shows.
        begin: where it begins in the clip, in seconds.
        end: where it ends.
        there_begin: where that begins in the reference.
        there_end: where it ends there.
        speed: seconds of the reference that pass in a second of the clip.
        mirrored: whether the clip shows it as in a mirror.
        seconds: of the clip whose pictures are alike; what lies between may be covered up.
        share: that, of the whole clip; 0 to 1.
        distance: median of the bits in which the alike pictures differ.
        still: whether it is one picture that stands still; that is a match of images, not of motion.
    """

    reference: Reference
    begin: float
    end: float
    there_begin: float
    there_end: float
    speed: float
    mirrored: bool
    seconds: float
    share: float
    distance: float
    still: bool


class _Alike(NamedTuple):
    """For each picture of the clip, the nearest picture of the reference at its moment."""

    picture: NDArray[np.int64]  # -1 where there is none
    distance: NDArray[np.int64]


def match(clip: Fingerprint, known: Known) -> list[Match]:
    """Every stretch of the clip that is known; the longest first.

    Args:
        clip: with a few frames a second.
        known: videos with all of their frames.
    """
    words, pictures, mirrored = _searched(clip)
    if not len(words):
        return []
    found: list[Match] = []
    for hit in known.near(words)[:MOST_REFERENCES]:
        for turned in (False, True):
            here = mirrored[hit.query] == turned
            if here.any():
                mine = pictures[hit.query[here]]
                found += _stretches(clip, hit.reference, mine, hit.picture[here], mirrored=turned)
    return sorted(found, key=lambda each: (-each.seconds, each.distance, each.reference.name))


def _searched(
    clip: Fingerprint,
) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.bool_]]:
    """What is looked up: hashes, the picture of each, and whether it is that of the mirror."""
    words, pictures, mirrored = (
        [np.zeros((0, 4), np.uint64)],
        [np.zeros(0, np.int64)],
        [np.zeros(0, np.bool_)],
    )
    for framing in clip.framings:
        telling = np.flatnonzero(framing.quality >= TELLING)
        for turned, hashed in ((False, framing.words), (True, framing.mirrored)):
            words.append(hashed[telling])
            pictures.append(telling)
            mirrored.append(np.full(len(telling), turned))
    return np.concatenate(words), np.concatenate(pictures), np.concatenate(mirrored)


def _stretches(
    clip: Fingerprint,
    reference: Reference,
    pictures: NDArray[np.int64],
    there: NDArray[np.int64],
    *,
    mirrored: bool,
) -> list[Match]:
    """One line after the other, each through pictures that no line before explains."""
    known = reference.fingerprint
    found: list[Match] = []
    free = np.ones(len(clip.begin), np.bool_)
    for _ in range(MOST_PARTS):
        left = free[pictures]
        if not left.any():
            break
        line = align(clip.begin[pictures[left]], known.begin[there[left]])
        for _ in range(2):
            alike = _compared(clip, known, line, free, mirrored=mirrored)
            held = alike.distance <= ALIKE
            if not held.any():
                break
            line = refined(line, clip.begin[held], known.begin[alike.picture[held]])
        alike = _compared(clip, known, line, free, mirrored=mirrored)
        stretch = _stretch(clip, reference, line, alike, mirrored=mirrored)
        if stretch is None:
            free[pictures[left][0]] = False  # what led here leads nowhere
            continue
        found.append(stretch)
        free &= (clip.begin < stretch.begin) | (clip.begin >= stretch.end)
    return found


def _compared(
    clip: Fingerprint, known: Fingerprint, line: Line, free: NDArray[np.bool_], *, mirrored: bool
) -> _Alike:
    """Every picture of the clip beside those of its moment, in the two framings that go best together."""
    at = line.at(clip.begin)
    first = np.searchsorted(known.end, at - SLACK_S, side="right")
    last = np.searchsorted(known.begin, at + SLACK_S, side="right")
    counts = np.where(free, np.maximum(last - first, 0), 0)
    mine = np.repeat(np.arange(len(at)), counts)
    theirs = np.arange(len(mine)) - np.repeat(np.cumsum(counts) - counts, counts) + np.repeat(first, counts)
    best: _Alike | None = None
    for framing in clip.framings:
        words = framing.mirrored if mirrored else framing.words
        for other in known.framings:
            apart = np.bitwise_count(words[mine] ^ other.words[theirs]).sum(axis=1, dtype=np.int64)
            alike = _nearest(len(at), mine, theirs, apart)
            if best is None or (alike.distance <= ALIKE).sum() > (best.distance <= ALIKE).sum():
                best = alike
    return best or _nearest(len(at), mine, theirs, np.zeros(0, np.int64))


def _nearest(
    count: int, mine: NDArray[np.int64], theirs: NDArray[np.int64], apart: NDArray[np.int64]
) -> _Alike:
    picture, distance = np.full(count, -1, np.int64), np.full(count, 257, np.int64)
    order = np.lexsort((apart, mine))
    heads = order[np.unique(mine[order], return_index=True)[1]] if len(order) else order
    picture[mine[heads]], distance[mine[heads]] = theirs[heads], apart[heads]
    return _Alike(picture, distance)


def _stretch(
    clip: Fingerprint, reference: Reference, line: Line, alike: _Alike, *, mirrored: bool
) -> Match | None:
    """The part of the clip in which pictures that are alike most outweigh others, if it is long enough."""
    held, lasts = alike.distance <= ALIKE, clip.end - clip.begin
    first, last = _heaviest(np.where(held, lasts, -lasts))
    inside = np.zeros(len(held), np.bool_)
    inside[first:last] = held[first:last]
    seconds = float(lasts[inside].sum())
    pictures = np.unique(alike.picture[inside])
    still = len(pictures) < LEAST_PICTURES
    whole = clip.seconds
    if seconds < min(LEAST_S, whole) or not whole or (still and not _stands(clip, alike, inside)):
        return None
    begin, end = float(clip.begin[first]), float(clip.end[last - 1])
    there = line.at(np.array([begin, end]))
    known = reference.fingerprint
    return Match(
        reference=reference,
        begin=begin,
        end=end,
        there_begin=float(max(there[0], known.begin[0])),
        there_end=float(min(there[1], known.end[-1])),
        speed=line.speed,
        mirrored=mirrored,
        seconds=seconds,
        share=seconds / whole,
        distance=float(np.median(alike.distance[inside])),
        still=still,
    )


def _stands(clip: Fingerprint, alike: _Alike, inside: NDArray[np.bool_]) -> bool:
    """Whether a few pictures are enough: half of the clip is they, and they are near and show something."""
    telling = max(int(each.quality[inside].min()) for each in clip.framings) >= TELLING
    half = float((clip.end - clip.begin)[inside].sum()) >= clip.seconds / 2
    return half and telling and int(alike.distance[inside].max()) <= NEAR


def _heaviest(weights: NDArray[np.float64]) -> tuple[int, int]:
    """The slice with the largest sum (Kadane's algorithm)."""
    sums = np.concatenate([[0.0], np.cumsum(weights)])
    lowest = np.minimum.accumulate(sums)
    last = int((sums - lowest).argmax())
    return int(sums[: last + 1].argmin()), last
