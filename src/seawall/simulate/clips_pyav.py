"""Harmless pictures, clips and sounds made by code: moving shapes, cards with words, beeps. Needs `media`."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# PyAV leaves the parameter of its packets open.
from __future__ import annotations

import io
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple, cast

import av
import numpy as np
from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from av.audio.stream import AudioStream
    from av.container.output import OutputContainer
    from av.video.stream import VideoStream
    from numpy.typing import NDArray

RATE = 48_000
_BEEP_HZ, _BEEP_S = 660.0, 0.18
_INK = {"dark": (24, 34, 42), "light": (244, 246, 248)}


class Scene(NamedTuple):
    """A stretch of a clip.

    Attributes:
        seconds: how long it is.
        colour: of its ground.
        words: on a card in its middle; none: shapes move about.
        beep: whether it begins with one.
    """

    seconds: float
    colour: tuple[int, int, int]
    words: str = ""
    beep: bool = False


class Form(NamedTuple):
    """How a clip is written."""

    container: str = "webm"
    codec: str = "libvpx"
    sound_codec: str = "libopus"
    width: int = 480
    height: int = 270
    fps: int = 10
    gop: int = 30
    options: tuple[tuple[str, str], ...] = ()  # of the codec


def card(
    words: str, *, size: tuple[int, int] = (640, 360), colour: tuple[int, int, int] = (235, 238, 240)
) -> Image.Image:
    """A picture with a few words in its middle, broken into lines."""
    image = Image.new("RGB", size, colour)
    drawing = ImageDraw.Draw(image)
    ink = _INK["dark"] if sum(colour) > 380 else _INK["light"]
    font = ImageFont.load_default(size=max(14, size[1] // 8))
    lines: list[str] = []
    for word in words.split():
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and drawing.textlength(joined, font=font) < size[0] * 0.86:
            lines[-1] = joined
        else:
            lines.append(word)
    drawing.multiline_text(
        (size[0] / 2, size[1] / 2), "\n".join(lines), fill=ink, font=font, anchor="mm", align="center"
    )
    return image


def still(image: Image.Image, container: str = "PNG") -> bytes:
    """A picture as a file."""
    written = io.BytesIO()
    image.save(written, container)
    return written.getvalue()


def clip(scenes: Sequence[Scene], form: Form | None = None) -> bytes:
    """A clip as a file; with sound if any of its scenes beeps.

    >>> clip([Scene(0.5, (200, 30, 30))])[:4].hex()
    '1a45dfa3'
    """
    form = form or Form()
    written = io.BytesIO()
    with av.open(written, "w", format=form.container) as container:
        pictures = cast(
            "VideoStream", container.add_stream(form.codec, rate=form.fps, options=dict(form.options))
        )
        pictures.width, pictures.height, pictures.pix_fmt = form.width, form.height, "yuv420p"
        pictures.codec_context.gop_size = form.gop
        pictures.codec_context.thread_count = 1
        heard = any(scene.beep for scene in scenes)
        sound = cast("AudioStream", container.add_stream(form.sound_codec, rate=RATE)) if heard else None
        if sound is not None:
            sound.layout = "mono"
        for picture in _pictures(scenes, form):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            container.mux(pictures.encode(frame))
        container.mux(pictures.encode(None))
        if sound is not None:
            _beep(container, sound, scenes)
    return written.getvalue()


def tone(samples: NDArray[np.int16], *, container: str = "wav", codec: str = "pcm_s16le") -> bytes:
    """Samples at 48 kHz, mono, as a file."""
    written = io.BytesIO()
    with av.open(written, "w", format=container) as file:
        stream = cast("AudioStream", file.add_stream(codec, rate=RATE))
        stream.layout = "mono"
        _encode(file, stream, samples)
    return written.getvalue()


def beeps(scenes: Sequence[Scene]) -> NDArray[np.int16]:
    """A beep where a scene begins with one, silence elsewhere; 48 kHz."""
    samples = np.zeros(round(sum(scene.seconds for scene in scenes) * RATE), np.int16)
    beep = (9_000 * np.sin(2 * np.pi * _BEEP_HZ * np.arange(round(_BEEP_S * RATE)) / RATE)).astype(np.int16)
    at = 0.0
    for scene in scenes:
        start = round(at * RATE)
        if scene.beep:
            samples[start : start + beep.size] = beep[: max(0, samples.size - start)]
        at += scene.seconds
    return samples


def _pictures(scenes: Sequence[Scene], form: Form) -> Iterator[NDArray[np.uint8]]:
    size = (form.width, form.height)
    for scene in scenes:
        shown = card(scene.words, size=size, colour=scene.colour) if scene.words else None
        for number in range(round(scene.seconds * form.fps)):
            yield np.asarray(shown or _shapes(scene, number / form.fps, size))


def _shapes(scene: Scene, at_s: float, size: tuple[int, int]) -> Image.Image:
    image = Image.new("RGB", size, scene.colour)
    drawing = ImageDraw.Draw(image)
    ink = tuple(255 - each for each in scene.colour)
    for number in range(3):
        side = size[1] // (3 + number)
        x = (at_s * (40 + 25 * number) + 90 * number) % (size[0] + side) - side
        y = size[1] * (0.12 + 0.27 * number)
        box = (x, y, x + side, y + side)
        if number % 2:
            drawing.rectangle(box, fill=ink)
        else:
            drawing.ellipse(box, fill=ink)
    return image


def _beep(container: OutputContainer, stream: AudioStream, scenes: Sequence[Scene]) -> None:
    _encode(container, stream, beeps(scenes))


def _encode(container: OutputContainer, stream: AudioStream, samples: NDArray[np.int16]) -> None:
    step = RATE // 50
    for start in range(0, samples.size, step):
        frame = av.AudioFrame.from_ndarray(samples[None, start : start + step], format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, start, Fraction(1, RATE)
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))
