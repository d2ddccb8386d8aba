"""What the decoding process is asked and what it hands back: a small head in JSON, then plain bytes.

The other side may have been taken over by the file it decoded, so nothing of the answer is believed: sizes
are checked against limits and against what is really there.
"""

from __future__ import annotations

import os
import struct
from itertools import pairwise
from math import isfinite
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from seawall.core.decision import UNREADABLE
from seawall.core.media import Format, Refusal
from seawall.signals.media.model import SMALL_SIDE, SOUND_RATE, Frame, Limits, Look, Seen, Small

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LENGTH = struct.Struct("<I")
_LONGEST_HEAD = 1 << 20
_KINDS = frozenset({"image", "video", "audio"})
_SLACK = 1.1  # sizes are rounded on the way
BLOCK = 1 << 20


class Ask(msgspec.Struct, frozen=True):
    """One file to look at; its bytes come beside this."""

    format: Format
    look: Look
    sound: bool
    limits: Limits
    small_per_s: float = 0.0  # small frames a second that are wanted too


class FrameHead(msgspec.Struct, frozen=True):
    """The size and time of a frame whose pixels follow."""

    at_s: float
    height: int
    width: int
    cut: bool


class Told(msgspec.Struct, frozen=True):
    """What comes back: why not, or what was seen."""

    reason: str = ""
    detail: str = ""
    kind: str = ""
    width: int = 0
    height: int = 0
    duration_s: float = 0.0
    decoded: int = 0
    damaged: int = 0
    frames: tuple[FrameHead, ...] = ()
    small: tuple[float, ...] = ()  # times of the small frames whose bytes follow those of the frames
    samples: int = -1  # of sound; -1: none follows
    has_sound: bool = False
    sound_reason: str = ""  # why there are no samples of a sound that was wanted; the pictures stand


class Status(msgspec.Struct, frozen=True):
    """How the process of one file ended."""

    code: int  # exit status; negative: the signal that ended it
    late: bool  # its time was up
    cpu_s: float


def hand_back(descriptor: int, told: Told, parts: list[memoryview]) -> None:
    """Write an answer, from inside the decoding process."""
    head = msgspec.json.encode(told)
    _write(descriptor, memoryview(_LENGTH.pack(len(head)) + head))
    for part in parts:
        _write(descriptor, part)


def _write(descriptor: int, part: memoryview) -> None:
    while part:
        part = part[os.write(descriptor, part[:BLOCK]) :]


def read_back(raw: bytes, ask: Ask, sha256: str, cpu_s: float) -> Seen | Refusal:
    """An answer, once it has been checked."""
    if len(raw) < _LENGTH.size:
        return Refusal("crashed", "nothing came back")
    (length,) = _LENGTH.unpack_from(raw)
    if length > _LONGEST_HEAD or _LENGTH.size + length > len(raw):
        return Refusal("crashed", "half an answer came back")
    try:
        told = msgspec.json.decode(memoryview(raw)[_LENGTH.size : _LENGTH.size + length], type=Told)
    except msgspec.DecodeError:
        return Refusal("crashed", "what came back is no answer")
    if told.reason in UNREADABLE:
        return Refusal(told.reason, told.detail[:200])
    if not _holds(told, ask.limits):
        return Refusal("crashed", "what came back breaks the limits")
    return _seen(told, memoryview(raw)[_LENGTH.size + length :], ask, sha256, cpu_s)


def _holds(told: Told, limits: Limits) -> bool:
    most = 2 * limits.side * _SLACK
    return (
        told.kind in _KINDS
        and not told.reason
        and told.sound_reason in {"", *UNREADABLE}
        and isfinite(told.duration_s)
        and 0 <= told.duration_s <= limits.longest_s * _SLACK + 1
        and len(told.frames) <= limits.kept
        and len(told.small) <= limits.small
        and all(map(isfinite, told.small))
        and all(one < other for one, other in pairwise(told.small))
        and told.samples <= (limits.longest_s * _SLACK + 1) * SOUND_RATE
        and all(
            1 <= each.height <= most and 1 <= each.width <= most and isfinite(each.at_s)
            for each in told.frames
        )
    )


def _seen(told: Told, rest: memoryview, ask: Ask, sha256: str, cpu_s: float) -> Seen | Refusal:
    sizes = [each.height * each.width * 3 for each in told.frames]
    sound_bytes = max(0, told.samples) * 2
    small_bytes = len(told.small) * SMALL_SIDE * SMALL_SIDE
    if len(rest) != sum(sizes) + small_bytes + sound_bytes:
        return Refusal("crashed", "half an answer came back")
    frames: list[Frame] = []
    at = 0
    for head, size in zip(told.frames, sizes, strict=True):
        pixels = np.frombuffer(rest[at : at + size], np.uint8).reshape(head.height, head.width, 3)
        frames.append(Frame(head.at_s, pixels, head.cut))
        at += size
    small: Small | None = None
    if told.small:
        shape = (len(told.small), SMALL_SIDE, SMALL_SIDE)
        pixels = np.frombuffer(rest[at : at + small_bytes], np.uint8).reshape(shape)
        small = Small(np.array(told.small, np.float64), pixels)
        at += small_bytes
    sound: NDArray[np.int16] | None = np.frombuffer(rest[at:], np.int16) if told.samples >= 0 else None
    return Seen(
        kind=told.kind,
        mime=ask.format.mime,
        sha256=sha256,
        width=told.width,
        height=told.height,
        duration_s=told.duration_s,
        frames=tuple(frames),
        decoded=told.decoded,
        damaged=told.damaged,
        sound=sound,
        has_sound=told.has_sound,
        sound_reason=told.sound_reason,
        cpu_s=cpu_s,
        small=small,
    )
