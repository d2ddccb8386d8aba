"""What is kept of a video: its hashes with their times, one after each change, in each of its framings."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from seawall.signals.clips.framing import Box, boxes
from seawall.signals.clips.hashing import hashes

if TYPE_CHECKING:
    from numpy.typing import NDArray

SAME = 8
"""A frame within so many bits of the last one kept, in every framing, is the same picture still."""

LOOKS_PER_S = 5
"""How often the frames are looked at to see what moves."""

MIDDLE = Box(0.1, 0.9, 0.1, 0.9)
"""What is left when a tenth is cut from each side."""


class Framing(NamedTuple):
    """The pictures within one box.

    Attributes:
        box: the part of each picture.
        words: the hash of each; shape (pictures, 4).
        mirrored: that of what a mirror would show; shape (pictures, 4).
        quality: 0 to 100; below 50 a hash says little, since there is little to see. Shape (pictures,).
    """

    box: Box
    words: NDArray[np.uint64]
    mirrored: NDArray[np.uint64]
    quality: NDArray[np.uint8]


class Fingerprint(NamedTuple):
    """A video as hashes.

    Attributes:
        begin: when each picture comes, in seconds, ascending; shape (pictures,).
        end: when the next one comes; shape (pictures,).
        framings: the whole picture first, then what is inside its borders.
    """

    begin: NDArray[np.float64]
    end: NDArray[np.float64]
    framings: tuple[Framing, ...]

    @property
    def seconds(self) -> float:
        """From the first picture to the end of the last."""
        return float(self.end[-1] - self.begin[0]) if len(self.begin) else 0.0


def fingerprint(
    frames: NDArray[np.uint8], times: NDArray[np.float64], *, crops: tuple[Box, ...] = ()
) -> Fingerprint:
    """The fingerprint of a video, or of a part of it.

    What is looked for needs some frames a second (4 do); what is known should give all of its own, as a cut
    may begin at any: of a moving scene, two frames a tenth of a second apart can differ in 50 bits.

    Args:
        frames: grey levels, shape (n, height, width).
        times: of each, in seconds, ascending; shape (n,).
        crops: further boxes to keep hashes of. What is known may have one of its `MIDDLE`, to be found where
            a clip shows no more of it; that is one more hash for each of its pictures.

    Raises:
        ValueError: there are not as many times as frames, or they do not ascend.
    """
    if frames.ndim != 3 or len(frames) != len(times):
        raise ValueError(f"frames of shape {frames.shape} do not go with {len(times)} times")
    if not (np.diff(times) > 0).all():
        raise ValueError("the times of frames must ascend")
    if not len(frames):
        return Fingerprint(times, times, ())
    every = max(1, round(len(times) / max((times[-1] - times[0]) * LOOKS_PER_S, 1)))
    found = [(box, hashes(frames, box)) for box in (*boxes(frames[::every]), *crops)]
    kept = changes([each.words for _, each in found])
    frame_s = float(np.median(np.diff(times))) if len(times) > 1 else 0.0
    begin = times[kept]
    return Fingerprint(
        begin,
        np.append(begin[1:], times[-1] + frame_s),
        tuple(Framing(box, each.words[kept], each.mirrored[kept], each.quality[kept]) for box, each in found),
    )


def changes(framings: list[NDArray[np.uint64]]) -> NDArray[np.int64]:
    """The first picture, and every one that differs from the last of these in some framing."""
    kept = [0]
    for n in range(1, len(framings[0])):
        if any(np.bitwise_count(words[n] ^ words[kept[-1]]).sum() > SAME for words in framings):
            kept.append(n)
    return np.array(kept, np.int64)
