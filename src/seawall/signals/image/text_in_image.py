"""The words that a file shows, each once, with when and where: a text that text signals can read."""

from __future__ import annotations

import unicodedata
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from seawall.core.decision import Reading
from seawall.core.types import Media
from seawall.signals.media.frame_signal import NOT_CONFIGURED, looked_at
from seawall.signals.media.marks import Mark, evidence, file_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seawall.signals.media.desk import Desk
    from seawall.signals.media.model import Frame, Seen
    from seawall.signals.media.ports import Line, TextReader
    from seawall.signals.ports import Input

LONGEST = 10_000
"""Characters of a text; what stands beyond is left out."""

_ABSENT = "absent"
_STILL_THERE_S = 0.5  # a line that was read in two frames is taken to stand between them


def load() -> TextReader | None:
    """RapidOCR, if the extra `ocr` is installed."""
    if find_spec("rapidocr") is None:
        return None
    made: type[TextReader] = import_module("seawall.signals.image.text_rapidocr").RapidOcrReader
    return made()


class TextInImage:
    """The text of each file; NULL `absent` where none was read."""

    def __init__(
        self, desk: Desk | None, reader: Callable[[], TextReader | None], *, by: str, frames: int
    ) -> None:
        """Make the signal.

        Args:
            desk: looks at files.
            reader: gives the reader, loaded when it is first needed.
            by: what tells the reader from every other.
            frames: of a video that are read at most; reading is dear.
        """
        self._desk = desk
        self._reader = reader
        self._by = by
        self._frames = frames

    def read(self, inputs: Sequence[Input]) -> list[Reading]:
        """The lines of each file, in the order in which they appear, a line feed between them."""
        return [self._one(each.value) for each in inputs]

    def _one(self, media: object) -> Reading:
        reader = self._reader() if self._desk else None
        if self._desk is None or reader is None or not isinstance(media, Media):
            return NOT_CONFIGURED
        seen = looked_at(self._desk, media)
        if isinstance(seen, Reading):
            return seen
        by = (self._by, self._frames)
        return self._desk.result(seen, by, lambda seen: _reading(seen, reader, self._frames))


def _reading(seen: Seen, reader: TextReader, most: int) -> Reading:
    chosen = spread(seen.frames, most)
    ends = [*(frame.at_s for frame in chosen[1:]), max(seen.duration_s, chosen[-1].at_s)]
    text, marks = joined([(frame.at_s, reader.read(frame.pixels)) for frame in chosen], ends)
    if not text:
        return Reading(null=_ABSENT, evidence=tuple(file_lines(seen)))
    return Reading(text, evidence=evidence(seen, marks))


def spread(frames: Sequence[Frame], most: int) -> list[Frame]:
    """At most so many frames: where shots begin first, then what lies farthest from those.

    The first frame of a shot is often a fade, so the one after it is taken if it is of that shot.
    """
    if len(frames) <= most:
        return list(frames)
    cuts = [place for place, frame in enumerate(frames) if frame.cut]
    starts = [min(place + 1, len(frames) - 1) if place + 1 not in cuts else place for place in cuts]
    step = max(1, -(-len(starts) // most))
    chosen = sorted(set(starts[::step]))[:most] or [0]
    while len(chosen) < most:
        left = (place for place in range(len(frames)) if place not in chosen)
        times = [frames[place].at_s for place in chosen]
        farthest = max(left, key=lambda place: min(abs(frames[place].at_s - at_s) for at_s in times))
        chosen = sorted([*chosen, farthest])
    return [frames[place] for place in chosen]


def joined(read: Sequence[tuple[float, list[Line]]], ends: Sequence[float]) -> tuple[str, list[Mark]]:
    """One text of what was read in several frames, each line once, and where and when each stood.

    Args:
        read: pairs (when, lines), by time.
        ends: until when each of them stands for what is shown.
    """
    places: dict[str, int] = {}
    texts: list[str] = []
    marks: list[Mark] = []
    length = 0
    for (at_s, lines), end_s in zip(read, ends, strict=True):
        for line in lines:
            key = _same(line.text)
            place = places.get(key)
            if place is not None:
                last = marks[place]
                if at_s <= (last.until_s or last.at_s) + _STILL_THERE_S:
                    marks[place] = last._replace(until_s=end_s if end_s > last.at_s else None)
                continue
            if length + len(line.text) > LONGEST:
                continue
            places[key] = len(marks)
            texts.append(line.text)
            until_s = end_s if end_s > at_s else None
            marks.append(Mark(at_s, until_s, line.confidence, line.box, (length, length + len(line.text))))
            length += len(line.text) + 1
    return "\n".join(texts), marks


def _same(text: str) -> str:
    """A line as it is told from others: readers waver in case, spaces and accents from frame to frame."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(each for each in plain if each.isalnum()) or plain
