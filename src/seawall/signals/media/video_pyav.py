"""Video and sound to frames and samples, with PyAV. Runs in the decoding process only."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# PyAV leaves the parameter of its packets open.
from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING

import av
import msgspec
import numpy as np
from av.error import EOFError as EndError
from av.error import FFmpegError, InvalidDataError
from av.stream import Disposition

from seawall.core.media import Format
from seawall.signals.media.keep_frames import Keeper, Planes
from seawall.signals.media.model import SMALL_SIDE, SOUND_RATE, Limits, Look, Refused
from seawall.signals.media.wire import Ask, FrameHead, Told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from av.audio.stream import AudioStream
    from av.container.input import InputContainer
    from av.video.frame import VideoFrame
    from av.video.plane import VideoPlane
    from av.video.stream import VideoStream
    from numpy.typing import NDArray

_PICTURES = frozenset({"h264", "hevc", "vp8", "vp9", "av1", "mpeg4"})
_SOUNDS = frozenset({"aac", "mp3", "opus", "vorbis", "flac", "pcm_s16le", "pcm_s24le", "pcm_f32le"})
_EIGHT_BIT = frozenset({"yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p"})
_MOST_DAMAGE = 100  # packets in a row
_TURNS = 90
_EARLY_S = 0.001  # times of frames are rounded

_CLOSED = {
    # a demuxer is named, so that none is guessed; and it may open nothing else
    "protocol_whitelist": "",
    "max_streams": "256",
    "probesize": "5000000",
    "analyzeduration": "5000000",
}


def prepare() -> None:
    """Load everything that decoding needs, while files may still be opened: a clip made here is looked at."""
    made = io.BytesIO()
    with av.open(made, "w", format="matroska") as container:
        pictures = container.add_stream("mpeg4", rate=10)
        pictures.width, pictures.height, pictures.pix_fmt = 64, 64, "yuv420p"
        pictures.codec_context.thread_count = 1
        sound = container.add_stream("pcm_s16le", rate=SOUND_RATE)
        sound.layout = "mono"
        black = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 1600), np.int16), format="s16", layout="mono")
        silence.sample_rate = SOUND_RATE
        for packets in (pictures.encode(black), pictures.encode(None)):
            container.mux(packets)
        for packets in (sound.encode(silence), sound.encode(None)):
            container.mux(packets)
    format_ = Format("video", "video/x-matroska", "matroska")
    look(made.getvalue(), Ask(format_, Look.EVERY_FRAME, sound=True, limits=Limits()))


def look(data: bytes, ask: Ask) -> tuple[Told, list[memoryview]]:
    """The frames and the sound of a file.

    Raises:
        Refused: it is too long, too large, of a codec that is not looked at, or cannot be decoded.
    """
    try:
        with av.open(
            io.BytesIO(data), "r", format=ask.format.container, options=_CLOSED, metadata_errors="ignore"
        ) as container:
            return _look(container, ask)
    except MemoryError as error:
        raise Refused("too_large", "it needs more memory than a file may") from error
    except (FFmpegError, ValueError, OverflowError) as error:
        raise Refused("undecodable", f"{type(error).__name__}: {error}") from error


def _look(container: InputContainer, ask: Ask) -> tuple[Told, list[memoryview]]:
    limits = ask.limits
    if len(container.streams) > limits.streams:
        raise Refused("too_many_streams", f"{len(container.streams)}")
    shown = [each for each in container.streams.video if not _is_cover(each)]
    if len(shown) > 1:
        raise Refused("too_many_streams", f"{len(shown)} of pictures: nobody can tell which one is shown")
    heard = list(container.streams.audio)
    if not shown and not heard:
        raise Refused("undecodable", "it has neither pictures nor sound")
    declared_s = (container.duration or 0) / 1_000_000
    if declared_s > limits.longest_s:
        raise Refused("too_long", f"{declared_s:.0f} s by its header")
    told, parts = Told(kind="audio"), list[memoryview]()
    if shown:
        told, parts = _pictures(container, shown[0], ask)
    told = msgspec.structs.replace(told, has_sound=bool(heard))
    if not heard or (shown and not ask.sound):
        return told, parts
    try:
        sound = _sound(container, heard[0], ask)
    except Refused as refused:
        if not shown:
            raise
        return msgspec.structs.replace(told, sound_reason=refused.reason), parts
    length_s = max(told.duration_s, len(sound) / SOUND_RATE)
    if not ask.sound:
        return msgspec.structs.replace(told, duration_s=length_s), parts
    parts.append(sound.data.cast("B"))
    return msgspec.structs.replace(told, duration_s=length_s, samples=len(sound)), parts


def _is_cover(stream: VideoStream) -> bool:
    return bool(stream.disposition & Disposition.attached_pic)


def _allow(stream: VideoStream | AudioStream, allowed: frozenset[str]) -> None:
    context = getattr(stream, "codec_context", None)  # None where no decoder is known
    name = context.codec.canonical_name if context is not None else "none"
    if name not in allowed:
        raise Refused("unsupported", f"the codec {name}")


def _pictures(container: InputContainer, stream: VideoStream, ask: Ask) -> tuple[Told, list[memoryview]]:
    limits = ask.limits
    _allow(stream, _PICTURES)
    context = stream.codec_context
    if context.width * context.height > limits.frame_pixels:
        raise Refused("too_many_pixels", f"{context.width} x {context.height}")
    context.options = {"max_pixels": str(limits.frame_pixels)}
    context.thread_count = 1
    context.thread_type = "NONE"
    keeper = Keeper(most=limits.kept, every_s=limits.every_s)
    small = _Small(ask)
    start: float | None = None
    decoded = damaged = 0
    last_s = 0.0
    width = height = 0
    for frame, broken in _decoded(container, stream, keys_only=ask.look is Look.KEYFRAMES):
        damaged += broken
        if frame is None:
            continue
        decoded += 1
        if frame.width * frame.height > limits.frame_pixels:
            raise Refused("too_many_pixels", f"{frame.width} x {frame.height}")
        shown_s = last_s if frame.pts is None else frame.time
        start = shown_s if start is None else start
        at_s = max(0.0, shown_s - start)
        if at_s > limits.longest_s:
            raise Refused("too_long", f"it goes on after {limits.longest_s:.0f} s")
        last_s = max(last_s, at_s)
        if decoded == 1:
            turned = frame.rotation % 180 != 0
            width, height = (frame.height, frame.width) if turned else (frame.width, frame.height)
        small.offer(at_s, frame)
        if keeper.due(at_s):
            keeper.offer(at_s, _planes(frame), lambda frame=frame: _picture(frame, limits.side))
    if not decoded:
        raise Refused("undecodable", "no picture of it can be decoded")
    kept = keeper.kept
    told = Told(
        kind="video",
        width=width,
        height=height,
        duration_s=last_s,
        decoded=decoded,
        damaged=damaged,
        frames=tuple(FrameHead(each.at_s, *each.pixels.shape[:2], cut=each.cut) for each in kept),
        small=tuple(small.times),
    )
    return told, [*(each.pixels.data.cast("B") for each in kept), *small.frames]


class _Small:
    """Frames made small and grey, so many a second."""

    def __init__(self, ask: Ask) -> None:
        self._every_s = 1 / ask.small_per_s if ask.small_per_s > 0 else math.inf
        self._due = 0.0 if ask.small_per_s > 0 else math.inf
        self._most = ask.limits.small
        self.times: list[float] = []
        self.frames: list[memoryview] = []

    def offer(self, at_s: float, frame: VideoFrame) -> None:
        """Keep a frame if it is due; one that is not shown later than the last is not."""
        if at_s < self._due - _EARLY_S or (self.times and at_s <= self.times[-1]):
            return
        if len(self.times) == self._most:
            raise Refused("too_long", f"more than {self._most:,} frames")
        grey = frame.reformat(SMALL_SIDE, SMALL_SIDE, "gray", interpolation="AREA").to_ndarray()
        turned = np.rot90(np.asarray(grey, np.uint8), round(frame.rotation / _TURNS) % 4)
        self.times.append(at_s)
        self.frames.append(np.ascontiguousarray(turned).data.cast("B"))
        self._due = max(self._due, at_s - self._every_s) + self._every_s


def _decoded(
    container: InputContainer, stream: VideoStream, *, keys_only: bool
) -> Iterator[tuple[VideoFrame | None, int]]:
    """Pairs (frame or None, packets passed over); ends where the file does, or is too damaged to go on."""
    in_a_row = 0
    try:
        for packet in container.demux(stream):
            if keys_only and packet.size and not packet.is_keyframe:
                continue  # no decoder is asked to skip: some do not know how
            try:
                frames = packet.decode()
            except InvalidDataError:
                in_a_row += 1
                if in_a_row > _MOST_DAMAGE:
                    return
                yield None, 1
                continue
            for frame in frames:
                in_a_row = 0
                yield frame, 0
    except (InvalidDataError, EndError):
        yield None, 1  # cut off: nobody can show more of it either


def _planes(frame: VideoFrame) -> Planes:
    """Brightness and colour, without a copy where the format has them apart."""
    if frame.format.name not in _EIGHT_BIT:
        frame = frame.reformat(width=320, height=180, format="yuv420p")
    return Planes(*(_plane(plane) for plane in frame.planes))


def _plane(plane: VideoPlane) -> NDArray[np.uint8]:
    rows = np.asarray(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
    return rows[: plane.height, : plane.width]


def _picture(frame: VideoFrame, side: int) -> NDArray[np.uint8]:
    scale = min(1.0, side / max(frame.width, frame.height))
    width, height = max(1, round(frame.width * scale)), max(1, round(frame.height * scale))
    pixels = np.asarray(frame.reformat(width=width, height=height, format="rgb24").to_ndarray(), np.uint8)
    return np.ascontiguousarray(np.rot90(pixels, round(frame.rotation / _TURNS) % 4))


def _sound(container: InputContainer, stream: AudioStream, ask: Ask) -> NDArray[np.int16]:
    """Samples at 16 kHz, mono."""
    _allow(stream, _SOUNDS)
    stream.codec_context.thread_count = 1
    container.seek(0)
    resampler = av.AudioResampler(format="s16", layout="mono", rate=SOUND_RATE)
    chunks: list[NDArray[np.int16]] = []
    most, held, in_a_row = int(ask.limits.longest_s * SOUND_RATE), 0, 0
    try:
        for packet in container.demux(stream):
            try:
                frames = packet.decode()
            except InvalidDataError:
                in_a_row += 1
                if in_a_row > _MOST_DAMAGE:
                    break
                continue
            for frame in frames:
                in_a_row = 0
                for part in resampler.resample(frame):
                    chunks.append(np.asarray(part.to_ndarray(), np.int16).reshape(-1))
                    held += chunks[-1].size
            if held > most:
                raise Refused("too_long", f"its sound goes on after {ask.limits.longest_s:.0f} s")
    except (InvalidDataError, EndError):
        pass  # cut off
    if not chunks:
        raise Refused("undecodable", "no sound of it can be decoded")
    return np.ascontiguousarray(np.concatenate(chunks), np.int16)
