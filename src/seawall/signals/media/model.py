"""What is seen of a file, and the limits within which it is looked at."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

import msgspec

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Look(StrEnum):
    """Which frames of a video are decoded at all."""

    EVERY_FRAME = "every_frame"  # what is shown for a tenth of a second between key frames is seen
    KEYFRAMES = "keyframes"  # for renditions that the platform encoded itself


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Beyond any of them a file is refused; a process that reaches its own is ended.

    Attributes:
        longest_s: of a video, an animation or a sound.
        still_pixels: of an image.
        frame_pixels: of one frame of a video or an animation.
        streams: in one file.
        frames: of an animation that are decoded.
        kept: frames that are handed on.
        small: frames that are handed on small and grey.
        side: pixels of the longer side of a frame handed on; a still may have twice that.
        every_s: seconds between frames kept of a scene that moves, where there is room for so many.
        cpu_s: processor seconds of one file.
        wall_s: seconds of one file.
        memory: bytes of address space of its process, beyond what it begins with.
        result: bytes that it may hand back.
    """

    longest_s: float = 900.0
    still_pixels: int = 50_000_000
    frame_pixels: int = 4096 * 2304
    streams: int = 32
    frames: int = 1_000
    kept: int = 96
    small: int = 20_000
    side: int = 640
    every_s: float = 1.0
    cpu_s: int = 90
    wall_s: float = 120.0
    memory: int = 1_500_000_000
    result: int = 400_000_000


class Frame(NamedTuple):
    """One picture.

    Attributes:
        at_s: when it is shown, in seconds; 0 of a still.
        pixels: RGB, shape (height, width, 3), uint8.
        cut: whether a new shot begins with it.
    """

    at_s: float
    pixels: NDArray[np.uint8]
    cut: bool


SMALL_SIDE = 128
"""Height and width of small frames, whatever the shape of the video."""

EVERY = 1_000.0
"""So many small frames a second are all there are."""


class Small(NamedTuple):
    """Many frames of a video, small and grey: enough to know it again.

    Attributes:
        times: when each is shown, in seconds, ascending; shape (n,).
        frames: brightness; uint8, shape (n, SMALL_SIDE, SMALL_SIDE).
    """

    times: NDArray[np.float64]
    frames: NDArray[np.uint8]


class Seen(NamedTuple):
    """What was seen of a file.

    Attributes:
        kind: image, video or audio, by what is in it.
        mime: by its first bytes.
        sha256: of its bytes.
        width: in pixels, upright; 0 of a sound.
        height: likewise.
        duration_s: up to the last picture or sound that could be decoded; 0 of a still.
        frames: what was kept of its pictures, by time.
        decoded: how many pictures were decoded.
        damaged: packets that could not be decoded and were passed over.
        sound: 16 kHz mono, int16; None where there is none or nobody asked.
        has_sound: whether the file has a sound track.
        sound_reason: why a sound that was wanted could not be had, though the pictures could.
        cpu_s: processor seconds it took.
        small: frames of a video at the rate that was asked for; None where nobody asked.
    """

    kind: str
    mime: str
    sha256: str
    width: int
    height: int
    duration_s: float
    frames: tuple[Frame, ...]
    decoded: int = 0
    damaged: int = 0
    sound: NDArray[np.int16] | None = None
    has_sound: bool = False
    sound_reason: str = ""
    cpu_s: float = 0.0
    small: Small | None = None


SOUND_RATE = 16_000
"""Samples of `Seen.sound` a second."""


class Refused(Exception):
    """Inside the decoding process: why a file is not looked at any further."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
