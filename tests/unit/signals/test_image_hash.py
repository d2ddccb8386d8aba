"""The hash of a picture that was looked at."""

from __future__ import annotations

import numpy as np

from seawall.core.media import Refusal
from seawall.core.types import Media
from seawall.signals.image.image_hash import ImageHash
from seawall.signals.image.pdq import pdq
from seawall.signals.media.model import Frame, Seen
from seawall.signals.ports import Input

NOISE = np.random.default_rng(1).integers(0, 256, (64, 64, 3)).astype(np.uint8)


class Desk:
    """A desk on which one file lies."""

    def __init__(self, seen):
        self._seen = seen

    def seen(self, media):
        return self._seen

    def result(self, seen, by, compute):
        return compute(seen)


def seen(kind, *pixels):
    frames = tuple(Frame(float(n), each, n == 0) for n, each in enumerate(pixels))
    return Seen(kind, "image/png", "0" * 64, 64, 64, 0.0, frames)


def read(desk):
    (reading,) = ImageHash(desk).read([Input(Media("uploads/a.png"))])
    return reading


def test_a_picture_has_the_hash_of_its_pixels():
    reading = read(Desk(seen("image", NOISE)))
    assert reading.value == pdq(NOISE[None]).hex()[0]
    assert "quality 100 of 100" in reading.evidence


def test_what_has_no_hash_is_not_applicable():
    assert read(Desk(seen("image", np.zeros((64, 64, 3), np.uint8)))).null == "not_applicable"
    assert read(Desk(seen("video", NOISE, NOISE))).null == "not_applicable"
    assert read(Desk(seen("audio"))).null == "not_applicable"


def test_a_file_that_cannot_be_had_says_why():
    assert read(Desk(Refusal("unreachable"))).null == "unreachable"
    assert read(None).null == "not_configured"
