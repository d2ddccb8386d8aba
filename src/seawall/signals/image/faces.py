"""Faces in a file, and a rough cue of age: only ever a reason for a person to look.

No package carries a model of faces with a licence that is clear, so none is chosen here: a package that
somebody installs offers one under the entry points `seawall.face_finders`, and a signal names it.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from seawall.core.decision import Reading
from seawall.core.types import Media
from seawall.signals.media.frame_signal import NOT_CONFIGURED, looked_at
from seawall.signals.media.marks import Mark, evidence

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from seawall.signals.media.desk import Desk
    from seawall.signals.media.model import Seen
    from seawall.signals.media.ports import Face, FaceFinder
    from seawall.signals.ports import Input


def _most(found: Sequence[Sequence[Face]]) -> float | None:
    return float(max(len(faces) for faces in found))


def _youngest(found: Sequence[Sequence[Face]]) -> float | None:
    return min((face.age_cue for faces in found for face in faces if face.age_cue is not None), default=None)


def _largest(found: Sequence[Sequence[Face]]) -> float | None:
    return max((face.box.width * face.box.height for faces in found for face in faces), default=0.0)


MEASURES: Mapping[str, Callable[[Sequence[Sequence[Face]]], float | None]] = MappingProxyType(
    {"count": _most, "age_cue": _youngest, "largest_share": _largest}
)
"""What the option `measure` may be: most faces at once, the lowest age cue, the largest share of one."""


class Faces:
    """One measure of the faces of each file."""

    def __init__(
        self, desk: Desk | None, finder: Callable[[], FaceFinder | None], *, by: str, measure: str
    ) -> None:
        self._desk = desk
        self._finder = finder
        self._by = by
        self._measure = MEASURES[measure]

    def read(self, inputs: Sequence[Input]) -> list[Reading]:
        """The measure; NULL `not_applicable` where there is no face to measure."""
        return [self._one(each.value) for each in inputs]

    def _one(self, media: object) -> Reading:
        finder = self._finder() if self._desk else None
        if self._desk is None or finder is None or not isinstance(media, Media):
            return NOT_CONFIGURED
        seen = looked_at(self._desk, media)
        if isinstance(seen, Reading):
            return seen
        found = self._desk.result(
            seen, ("faces", self._by), lambda seen: [finder.find(frame.pixels) for frame in seen.frames]
        )
        value = self._measure(found)
        marks = evidence(seen, _marks(seen, found))
        return Reading(value, null="not_applicable" if value is None else None, evidence=marks)


def _marks(seen: Seen, found: Sequence[Sequence[Face]]) -> list[Mark]:
    return [
        Mark(frame.at_s, None, face.confidence, face.box)
        for frame, faces in zip(seen.frames, found, strict=True)
        for face in faces
    ]
