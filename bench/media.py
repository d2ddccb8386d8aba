"""What looking at files costs: images and videos per core, and a thousand one-minute videos.

    python -m bench.media

Clips and pictures are made here. Processor time is measured, the decoding processes' own included, so that a
busy machine changes little; several repeats, median and spread.
"""

from __future__ import annotations

import hashlib
import statistics
import time
from typing import TYPE_CHECKING

import numpy as np

from seawall.core.media import Fetched, Refusal
from seawall.ingest.media import sniff
from seawall.signals.image import nudity, text_in_image
from seawall.signals.media import Decoder, Look
from seawall.simulate.clips_pyav import Form, Scene, card, clip, still

if TYPE_CHECKING:
    from collections.abc import Callable

    from seawall.signals.media import Seen

REPEATS = 5
MINUTE = 60
FORMS = (
    ("H.264 720p 30/s", Form("mp4", "libx264", "aac", 1280, 720, 30, 60)),
    ("H.264 360p 30/s", Form("mp4", "libx264", "aac", 640, 360, 30, 60)),
    ("VP9 720p 30/s", Form("webm", "libvpx-vp9", "libopus", 1280, 720, 30, 60, (("cpu-used", "8"),))),
)


def minute(form: Form, seed: int = 1) -> bytes:
    """A minute of shots of two to six seconds, some with words, with texture as a camera gives it."""
    drawn = np.random.default_rng(seed)
    scenes, left = [], float(MINUTE)
    while left > 0:
        seconds = min(left, float(drawn.integers(2, 7)))
        colour = tuple(int(each) for each in drawn.integers(20, 235, 3))
        scenes.append(Scene(seconds, colour, "harmless words" if drawn.random() < 0.3 else ""))
        left -= seconds
    return clip(scenes, form)


def fetched(data: bytes) -> Fetched:
    format_ = sniff(data)
    assert format_ is not None
    return Fetched(data, format_, hashlib.sha256(data).hexdigest())


def looked(decoder: Decoder, file: Fetched, look: Look, *, sound: bool) -> tuple[float, Seen]:
    """Processor seconds of one look, both processes together."""
    began = time.process_time()
    seen = decoder.look(file, look=look, sound=sound)
    assert not isinstance(seen, Refusal), seen
    return time.process_time() - began + seen.cpu_s, seen


def repeated(act: Callable[[], float]) -> tuple[float, float]:
    """Median and half the range of several repeats, after one that is not counted."""
    act()
    taken = [act() for _ in range(REPEATS)]
    return statistics.median(taken), (max(taken) - min(taken)) / 2


def rows(*, quick: bool = False) -> list[tuple[str, float, float, int]]:
    """Name, processor seconds, spread, and how many of it a one-minute video needs."""
    decoder, found = Decoder(parallel=1), list[tuple[str, float, float, int]]()
    forms = FORMS[1:2] if quick else FORMS
    try:
        for name, form in forms:
            file = fetched(minute(form))
            for look in (Look.EVERY_FRAME, Look.KEYFRAMES):
                taken = repeated(lambda file=file, look=look: looked(decoder, file, look, sound=False)[0])
                found.append((f"decode a minute, {name}, {look.value.replace('_', ' ')}", *taken, 1))
        image = fetched(still(card("words", size=(1280, 720)), "JPEG"))
        found.append(
            (
                "decode an image, JPEG 720p",
                *repeated(lambda: looked(decoder, image, Look.EVERY_FRAME, sound=False)[0]),
                0,
            )
        )
        small = fetched(minute(forms[0][1]))
        frames = looked(decoder, small, Look.EVERY_FRAME, sound=False)[1].frames
    finally:
        decoder.close()
    pictures = [frame.pixels for frame in frames]
    model, reader = nudity.load(), text_in_image.load()
    if model is not None:
        taken = repeated(lambda: _cost(lambda: model.score(pictures[:8])) / 8)
        found.append(("nudity, one picture", *taken, len(frames)))
    if reader is not None:
        taken = repeated(lambda: _cost(lambda: reader.read(pictures[0])))
        found.append(("words, one picture of 640 x 360", *taken, 12))
    return found


def _cost(act: Callable[[], object]) -> float:
    began = time.process_time()
    act()
    return time.process_time() - began


def table(found: list[tuple[str, float, float, int]]) -> list[str]:
    """As lines of Markdown."""
    lines = ["| what | processor time | per second and core | 1,000 one-minute videos |", "|---|---|---|---|"]
    for name, seconds, spread, count in found:
        thousand = f"{seconds * count * 1_000:,.0f} s ({count} each)" if count else ""
        lines.append(
            f"| {name} | {seconds * 1e3:,.1f} ms ± {spread * 1e3:,.1f} | {1 / seconds:,.1f} | {thousand} |"
        )
    return lines


def main() -> None:
    """Measure, and print the table."""
    print("\n".join(table(rows())))


if __name__ == "__main__":
    main()
