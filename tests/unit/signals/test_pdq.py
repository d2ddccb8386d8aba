"""Our PDQ against the reference implementation, on pictures made here."""

from __future__ import annotations

import numpy as np
import pytest

from seawall.signals.image import pdq, pdq_turns

pdqhash = pytest.importorskip("pdqhash", reason="the reference of PDQ is not installed")

SIZES = [(64, 64), (63, 200), (481, 333), (720, 1280), (50, 40), (300, 64), (512, 512), (1, 1), (129, 3)]


def pictures(height, width):
    """Gradients, noise, shapes, waves and text, each uint8 of shape (height, width, 3)."""
    rng = np.random.default_rng(height * 10_000 + width)
    y, x = np.mgrid[:height, :width]
    yield "noise", rng.integers(0, 256, (height, width, 3)).astype(np.uint8)
    yield "gradient", np.stack([x * 255 / width, y * 255 / height, (x + y) % 256], -1).astype(np.uint8)
    waves = 127 + 90 * np.sin(x / 17 + y / 33) + 30 * np.cos(x * y / 900)
    yield "waves", np.stack([waves, waves[::-1], 255 - waves], -1).clip(0, 255).astype(np.uint8)
    shapes = np.full((height, width, 3), 200, np.uint8)
    shapes[height // 4 : height // 2, width // 3 :] = (20, 90, 160)
    shapes[(y - height // 2) ** 2 + (x - width // 2) ** 2 < (min(height, width) // 4) ** 2] = (240, 30, 60)
    yield "shapes", shapes
    drawing = pytest.importorskip("PIL.ImageDraw", reason="Pillow (the extra media) is not installed")
    from PIL import Image

    page = Image.new("RGB", (width, height), "white")
    drawing.Draw(page).multiline_text((2, 2), "free coins\nfor everyone\n" * 20, fill="black")
    yield "text", np.asarray(page)


def as_bits(hashes):
    return np.unpackbits(hashes, axis=-1)


@pytest.mark.parametrize("size", SIZES)
def test_a_hash_is_that_of_the_reference(size):
    for name, picture in pictures(*size):
        theirs, quality = pdqhash.compute(picture)
        ours = pdq(picture[None])
        apart = int((as_bits(ours.hashes[0]) != theirs).sum())
        if quality >= 50:  # under it frequencies are equal but for rounding, and so is the median
            assert apart <= 4, (name, apart, quality)
        assert abs(int(ours.quality[0]) - quality) <= 1, name


@pytest.mark.parametrize("size", SIZES)
def test_the_eight_turns_are_those_of_the_reference(size):
    for name, picture in pictures(*size):
        theirs, quality = pdqhash.compute_dihedral(picture)
        ours = pdq_turns(picture[None])
        apart = (as_bits(ours.hashes[0]) != np.array(theirs)).sum(axis=1)
        assert quality < 50 or apart.max() <= 4, (name, apart.tolist())
        assert (ours.hashes[0, 0] == pdq(picture[None]).hashes[0]).all()


def test_a_turn_is_the_hash_of_the_turned_picture():
    picture = next(each for name, each in pictures(64, 64) if name == "noise")  # where nothing is left out
    turned = [np.rot90(picture, times) for times in range(4)]
    turned += [
        picture[::-1],
        picture[:, ::-1],
        picture.transpose(1, 0, 2),
        np.rot90(picture, 2).transpose(1, 0, 2),
    ]
    apart = as_bits(pdq_turns(picture[None]).hashes[0]) != as_bits(pdq(np.stack(turned)).hashes)
    assert apart.sum(axis=1).max() <= 4


def test_a_batch_is_its_frames_one_by_one_and_grey_is_a_colour():
    frames = np.stack([each for _, each in pictures(120, 160)])
    together = pdq(frames)
    assert together.hex() == [pdq(each[None]).hex()[0] for each in frames]
    grey = np.repeat(frames[:, :, :, :1], 3, axis=3)
    apart = as_bits(pdq(grey).hashes) != as_bits(pdq(frames[:, :, :, 0]).hashes)
    assert apart[together.quality >= 50].sum(axis=1).max() <= 4


@pytest.mark.parametrize(
    "frames",
    [
        np.zeros((2, 3), np.uint8),
        np.zeros((1, 8, 8, 4), np.uint8),
        np.zeros((1, 8, 8, 3), np.float32),
        np.zeros((1, 0, 8, 3), np.uint8),
    ],
)
def test_what_is_no_batch_of_frames_is_refused(frames):
    with pytest.raises(ValueError, match="frame"):
        pdq(frames)
