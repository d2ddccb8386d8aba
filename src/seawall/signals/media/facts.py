"""What a file is, whatever it shows: how long, how large, how often it cuts."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from seawall.core.decision import Reading
from seawall.core.types import Media
from seawall.signals.media.frame_signal import NOT_CONFIGURED, looked_at
from seawall.signals.media.marks import file_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from seawall.signals.media.desk import Desk
    from seawall.signals.media.model import Seen
    from seawall.signals.ports import Input


def _cuts_per_minute(seen: Seen) -> float | None:
    cuts = sum(frame.cut for frame in seen.frames) - 1
    return max(0, cuts) * 60 / seen.duration_s if seen.kind == "video" and seen.duration_s else None


MEASURES: Mapping[str, Callable[[Seen], float | None]] = MappingProxyType(
    {
        "duration_s": lambda seen: seen.duration_s if seen.kind != "image" else None,
        "width": lambda seen: float(seen.width) if seen.frames else None,
        "height": lambda seen: float(seen.height) if seen.frames else None,
        "cuts_per_minute": _cuts_per_minute,
        "has_sound": lambda seen: float(seen.has_sound),
        "damaged": lambda seen: float(seen.damaged),
    }
)
"""What the option `measure` may be; None: there is nothing of which it could be said."""


class Facts:
    """One fact of each file."""

    def __init__(self, desk: Desk | None, measure: str) -> None:
        self._desk = desk
        self._measure = MEASURES[measure]

    def read(self, inputs: Sequence[Input]) -> list[Reading]:
        """The fact; NULL `not_applicable` where the file is of another kind."""
        return [self._one(each.value) for each in inputs]

    def _one(self, media: object) -> Reading:
        if self._desk is None or not isinstance(media, Media):
            return NOT_CONFIGURED
        seen = looked_at(self._desk, media, pictures=False)
        if isinstance(seen, Reading):
            return seen
        value = self._measure(seen)
        return Reading(
            value, null="not_applicable" if value is None else None, evidence=tuple(file_lines(seen))
        )
