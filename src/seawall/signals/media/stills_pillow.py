"""Images and animations to frames, with Pillow. Runs in the decoding process only."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from seawall.signals.media.keep_frames import Keeper, Planes
from seawall.signals.media.model import Refused
from seawall.signals.media.wire import FrameHead, Told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from seawall.signals.media.wire import Ask

_ANIMATED = frozenset({"GIF", "WEBP", "PNG"})
_LEAST_S, _USUAL_S = 0.02, 0.1  # browsers show a frame without a length for a tenth of a second


def prepare() -> None:
    """Load everything that decoding needs, while files may still be opened."""
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    Image.MAX_IMAGE_PIXELS = None  # sizes are checked here, before anything is decoded
    warnings.simplefilter("ignore")
    for container in ("JPEG", "PNG", "GIF", "WEBP"):
        for animated in (False, True):
            made = io.BytesIO()
            first = Image.new("RGB", (8, 8))
            more = [Image.new("RGB", (8, 8), "white")] if animated and container in _ANIMATED else []
            first.save(made, container, **({"save_all": True, "append_images": more} if more else {}))
            with Image.open(io.BytesIO(made.getvalue()), formats=[container]) as opened:
                _upright(opened)


def look(data: bytes, ask: Ask) -> tuple[Told, list[memoryview]]:
    """The frames of an image.

    Raises:
        Refused: it is too large, or cannot be decoded whole.
    """
    try:
        with Image.open(io.BytesIO(data), formats=[ask.format.container]) as image:
            return _look(image, ask)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, IndexError) as error:
        raise Refused("undecodable", f"{type(error).__name__}: {error}") from error


def _look(image: Image.Image, ask: Ask) -> tuple[Told, list[memoryview]]:
    width, height = image.size
    if width < 1 or height < 1:
        raise Refused("undecodable", "it has no pixels")
    animated = ask.format.container in _ANIMATED and bool(getattr(image, "is_animated", False))
    most = ask.limits.frame_pixels if animated else ask.limits.still_pixels
    if width * height > most:
        raise Refused("too_many_pixels", f"{width} x {height}")
    if animated:
        return _animation(image, ask)
    if ask.format.container == "JPEG":  # the decoder itself can halve, which is quicker than resizing
        image.draft("RGB", (4 * ask.limits.side, 4 * ask.limits.side))
    whole = _upright(image)
    pixels = _fitted(whole, 2 * ask.limits.side)
    upright = (width, height) if (whole.width >= whole.height) == (width >= height) else (height, width)
    head = FrameHead(0.0, pixels.shape[0], pixels.shape[1], cut=True)
    told = Told(kind="image", width=upright[0], height=upright[1], decoded=1, frames=(head,))
    return told, [pixels.data.cast("B")]


def _animation(image: Image.Image, ask: Ask) -> tuple[Told, list[memoryview]]:
    keeper = Keeper(most=ask.limits.kept, every_s=ask.limits.every_s)
    at_s, decoded = 0.0, 0
    for frame, lasts_s in _frames(image):
        decoded += 1
        if decoded > ask.limits.frames or at_s > ask.limits.longest_s:
            raise Refused("too_long", f"more than {decoded - 1} frames, {at_s:.0f} s")
        picture = _upright(frame)
        if keeper.due(at_s):
            planes = Planes(*(np.asarray(each) for each in picture.convert("YCbCr").split()))
            keeper.offer(at_s, planes, lambda picture=picture: _fitted(picture, ask.limits.side))
        at_s += lasts_s
    kept = keeper.kept
    heads = tuple(FrameHead(each.at_s, *each.pixels.shape[:2], cut=each.cut) for each in kept)
    told = Told(
        kind="video",
        width=image.width,
        height=image.height,
        duration_s=at_s,
        decoded=decoded,
        frames=heads,
    )
    return told, [each.pixels.data.cast("B") for each in kept]


def _frames(image: Image.Image) -> Iterator[tuple[Image.Image, float]]:
    """Frames one after the other; how many there are is never asked, since that reads them all."""
    number = 0
    while True:
        try:
            image.seek(number)
            image.load()  # only now does every format say how long the frame lasts
        except EOFError:
            return
        said = image.info.get("duration", 0)
        lasts_s = float(said) / 1000 if isinstance(said, int | float) else 0.0
        yield image, lasts_s if lasts_s >= _LEAST_S else _USUAL_S
        number += 1


def _upright(image: Image.Image) -> Image.Image:
    """As it is shown: turned as EXIF says, on white where it is transparent; no other metadata is kept."""
    turned = ImageOps.exif_transpose(image)
    if turned.mode == "RGB" and "transparency" not in turned.info:
        turned.load()
        return turned
    if turned.mode in {"I", "I;16", "I;16B", "I;16L", "F"}:
        wide = np.asarray(turned, np.float64)
        scale = 257.0 if wide.size and float(wide.max()) > 255 else 1.0
        return Image.fromarray(np.clip(wide / scale, 0, 255).astype(np.uint8)).convert("RGB")
    if turned.mode in {"RGBA", "LA", "PA", "P", "La", "RGBa"} or "transparency" in turned.info:
        clear = turned.convert("RGBA")
        white = Image.new("RGBA", clear.size, "white")
        return Image.alpha_composite(white, clear).convert("RGB")
    return turned.convert("RGB")


def _fitted(image: Image.Image, side: int) -> NDArray[np.uint8]:
    longest = max(image.size)
    if longest > side:
        scale = side / longest
        size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        image = image.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
    return np.ascontiguousarray(np.asarray(image, np.uint8))
