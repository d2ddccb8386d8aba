"""A file as a page shows it: what to play, and the timeline of everything signals marked in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seawall.core.types import Media
from seawall.serve.evidence import file_of
from seawall.signals.media.marks import read_marks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seawall.core.decision import Decision, Reading
    from seawall.core.event import Event
    from seawall.policy.model import Project
    from seawall.signals.media.marks import Box, FileMark, Mark

WIDE = 1000
"""Units across a timeline."""

_LEAST = 6  # units: a moment can still be hit with a pointer
_SHOWN = 80  # marks in the list beneath


class Spot(NamedTuple):
    """A mark on the timeline.

    Attributes:
        at_s: when it begins; where the player jumps to.
        until_s: when it ends; the same for a moment.
        x: where it begins, 0 to 1000.
        width: how wide it is drawn.
        value: what was measured there, or None.
        strength: how strongly it is drawn, 0.25 to 1.
        box: where in the picture.
        text: what was read or said there; empty where it is not shown.
    """

    at_s: float
    until_s: float
    x: float
    width: float
    value: float | None
    strength: float
    box: Box | None
    text: str

    @property
    def when(self) -> str:
        """As a clock says it.

        >>> Spot(61.5, 63.0, 0, 0, None, 1, None, "").when
        '1:01.5 to 1:03.0'
        """
        return (
            _clock(self.at_s)
            if self.until_s <= self.at_s
            else f"{_clock(self.at_s)} to {_clock(self.until_s)}"
        )


class Track(NamedTuple):
    """What one signal marked.

    Attributes:
        name: of the signal.
        value: of its reading.
        null: why it has none.
        spots: by time.
    """

    name: str
    value: object
    null: str | None
    spots: tuple[Spot, ...]


class Watched(NamedTuple):
    """A media field of an event.

    Attributes:
        field: its name.
        kind: image, video or audio.
        src: where its bytes are served from.
        file: what was looked at, if anything was.
        cuts: where shots begin, 0 to 1000.
        tracks: one for each signal that looked at it.
    """

    field: str
    kind: str
    src: str
    file: FileMark | None
    cuts: tuple[float, ...]
    tracks: tuple[Track, ...]

    @property
    def marks(self) -> list[tuple[str, Spot]]:
        """Every mark with the name of its signal, by time."""
        spots = [(track.name, spot) for track in self.tracks for spot in track.spots]
        return sorted(spots, key=lambda each: (each[1].at_s, each[0]))[:_SHOWN]

    @property
    def size(self) -> str:
        """What is known of it in a few words."""
        if self.file is None:
            return self.kind
        shape = f"{self.file.width} x {self.file.height}" if self.file.width else "sound"
        return f"{shape}, {_clock(self.file.duration_s)}" if self.file.duration_s else shape


def watched(
    event: Event, decision: Decision, project: Project, *, base: str, shown: bool, blind: bool = False
) -> list[Watched]:
    """Every media field of an event.

    Args:
        event: the event.
        decision: on it.
        project: the version that decided.
        base: the address beneath which its bytes are served.
        shown: whether its content is shown: words are content.
        blind: whoever looks is not to know what machines made of it.
    """
    return [
        _one(name, value, decision, project, base=base, shown=shown, blind=blind)
        for name, value in event.fields.items()
        if isinstance(value, Media)
    ]


def _one(
    field: str, media: Media, decision: Decision, project: Project, *, base: str, shown: bool, blind: bool
) -> Watched:
    file = file_of(media, decision)
    mime = (file.mime if file else media.mime) or ""
    kind = mime.partition("/")[0] if mime.partition("/")[0] in {"image", "video", "audio"} else "video"
    length = file.duration_s if file else 0.0
    if file is not None and kind == "image" and file.duration_s:
        kind = "image"  # an animation plays by itself
    tracks: list[Track] = []
    cuts: tuple[float, ...] = ()
    for name, reading in decision.signals.items() if not blind else ():
        if _field_of(name, project) != field:
            continue
        found = read_marks(reading.evidence)
        cuts = cuts or found.cuts
        spots = tuple(_spot(mark, reading, length, shown=shown) for mark in found.marks)
        tracks.append(Track(name, reading.value, reading.null, spots))
    placed = tuple(_place(at_s, length) for at_s in cuts)
    return Watched(field, kind, f"{base}/media/{field}", file, placed, tuple(tracks))


def _field_of(signal: str, project: Project) -> str | None:
    """The field that a signal reads, itself or through others; None where the version has no such signal."""
    seen: set[str] = set()
    signals: Mapping[str, object] = project.signals
    while signal in signals and signal not in seen:
        seen.add(signal)
        signal = project.signals[signal].input
    return signal if seen else None


def _spot(mark: Mark, reading: Reading, length: float, *, shown: bool) -> Spot:
    until_s = mark.until_s if mark.until_s is not None else mark.at_s
    x, end = _place(mark.at_s, length), _place(until_s, length)
    strength = 1.0 if mark.value is None else min(1.0, max(0.25, mark.value))
    text = ""
    if shown and mark.span is not None and isinstance(reading.value, str):
        text = reading.value[mark.span[0] : mark.span[1]]
    return Spot(
        mark.at_s, until_s, min(x, WIDE - _LEAST), max(_LEAST, end - x), mark.value, strength, mark.box, text
    )


def _place(at_s: float, length: float) -> float:
    return round(WIDE * min(1.0, at_s / length), 1) if length else 0.0


def _clock(seconds: float) -> str:
    return f"{int(seconds // 60)}:{seconds % 60:04.1f}"
