"""The PDQ hash of a picture, for banks of hashes to be asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.core.decision import Reading
from seawall.core.types import Media
from seawall.signals.image.pdq import pdq
from seawall.signals.media.frame_signal import NOT_CONFIGURED, looked_at
from seawall.signals.media.marks import file_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seawall.signals.media.desk import Desk
    from seawall.signals.media.model import Seen
    from seawall.signals.ports import Input

TELLING = 50
"""Under this quality a hash says little: a plain picture is like many others."""


class ImageHash:
    """The hash of each picture."""

    def __init__(self, desk: Desk | None) -> None:
        self._desk = desk

    def read(self, inputs: Sequence[Input]) -> list[Reading]:
        """The hash in hexadecimal; NULL `not_applicable` for what is no picture, or says too little."""
        return [self._one(each.value) for each in inputs]

    def _one(self, media: object) -> Reading:
        if self._desk is None or not isinstance(media, Media):
            return NOT_CONFIGURED
        seen = looked_at(self._desk, media, pictures=False)
        if isinstance(seen, Reading):
            return seen
        lines = file_lines(seen)
        if seen.kind != "image" or not seen.frames:
            return Reading(null="not_applicable", evidence=tuple(lines))
        text, quality = self._desk.result(seen, "pdq", _hashed)
        lines = [*lines, f"quality {quality} of 100"]
        if quality < TELLING:
            return Reading(null="not_applicable", evidence=tuple(lines))
        return Reading(text, evidence=tuple(lines))


def _hashed(seen: Seen) -> tuple[str, int]:
    made = pdq(seen.frames[0].pixels[None])
    return made.hex()[0], int(made.quality[0])
