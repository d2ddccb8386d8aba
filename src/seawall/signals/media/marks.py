"""What of a file a reading rests on: the file, its shots, and moments with boxes, as a decision keeps them.

One line of text each, made to be read by people and taken apart again by the page that shows a timeline:

    file SHA256, video/webm, 480 x 270, 9.00 s
    cuts 0.00 3.00 5.00
    at 3.00 to 5.00 s, value 0.98, box 0.10 0.35 0.80 0.20, characters 0 to 14

Boxes are fractions of the picture: left, top, width, height. Characters are those of the reading's own value;
what was said or shown is never repeated here, since a decision outlives the erasure of what it was made on.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from seawall.signals.media.model import Seen

MOST_MARKS = 40
_MOST_CUTS = 60

_FILE = re.compile(r"file ([0-9a-f]{64}), (\w+/[\w.+-]+), (\d+) x (\d+), (\d+\.\d\d) s")
_MARK = re.compile(
    r"at (\d+\.\d\d)(?: to (\d+\.\d\d))? s"
    r"(?:, value (-?\d+\.\d{3}))?"
    r"(?:, box (\d\.\d\d) (\d\.\d\d) (\d\.\d\d) (\d\.\d\d))?"
    r"(?:, characters (\d+) to (\d+))?"
)


class Box(NamedTuple):
    """A part of a picture, in fractions of its width and height."""

    left: float
    top: float
    width: float
    height: float


class Mark(NamedTuple):
    """A moment or a stretch of a file.

    Attributes:
        at_s: where it begins.
        until_s: where it ends; None for a moment.
        value: what was measured there.
        box: where in the picture.
        span: which characters of the reading's value it gave, the first and the one after the last.
    """

    at_s: float
    until_s: float | None = None
    value: float | None = None
    box: Box | None = None
    span: tuple[int, int] | None = None

    def __str__(self) -> str:
        """As it is kept.

        >>> str(Mark(3.0, 5.0, 0.98, Box(0.1, 0.35, 0.8, 0.2), (0, 14)))
        'at 3.00 to 5.00 s, value 0.980, box 0.10 0.35 0.80 0.20, characters 0 to 14'
        >>> str(Mark(0.5))
        'at 0.50 s'
        """
        parts = [f"at {self.at_s:.2f}{'' if self.until_s is None else f' to {self.until_s:.2f}'} s"]
        if self.value is not None:
            parts.append(f"value {self.value:.3f}")
        if self.box is not None:
            parts.append("box " + " ".join(f"{min(1.0, max(0.0, each)):.2f}" for each in self.box))
        if self.span is not None:
            parts.append(f"characters {self.span[0]} to {self.span[1]}")
        return ", ".join(parts)


class FileMark(NamedTuple):
    """Which file was looked at."""

    sha256: str
    mime: str
    width: int
    height: int
    duration_s: float


class Marks(NamedTuple):
    """Everything a reading says of where it comes from; `file` None where it is not of a file."""

    file: FileMark | None
    cuts: tuple[float, ...]
    marks: tuple[Mark, ...]


def file_lines(seen: Seen) -> list[str]:
    """The lines that say which file it was and where its shots begin."""
    size = f"{seen.width} x {seen.height}, {seen.duration_s:.2f} s"
    lines = [f"file {seen.sha256}, {seen.mime}, {size}"]
    cuts = [f"{frame.at_s:.2f}" for frame in seen.frames if frame.cut][:_MOST_CUTS]
    if len(cuts) > 1:
        lines.append(f"cuts {' '.join(cuts)}")
    return lines


def evidence(seen: Seen, marks: Iterable[Mark]) -> tuple[str, ...]:
    """The evidence of a reading: the file, then its strongest marks by time."""
    strongest = sorted(marks, key=lambda mark: -(mark.value or 0.0))[:MOST_MARKS]
    return (*file_lines(seen), *map(str, sorted(strongest, key=lambda mark: mark.at_s)))


def read_marks(lines: Sequence[str]) -> Marks:
    """What evidence says; a line that says something else is passed over.

    >>> read_marks(["clause c1", "cuts 0.00 3.00", "at 0.50 s, value 0.900"]).marks
    (Mark(at_s=0.5, until_s=None, value=0.9, box=None, span=None),)
    """
    file: FileMark | None = None
    cuts: tuple[float, ...] = ()
    marks: list[Mark] = []
    for line in lines:
        if found := _FILE.fullmatch(line):
            file = FileMark(found[1], found[2], int(found[3]), int(found[4]), float(found[5]))
        elif line.startswith("cuts "):
            cuts = tuple(float(each) for each in line.split()[1:] if re.fullmatch(r"\d+\.\d\d", each))
        elif found := _MARK.fullmatch(line):
            marks.append(_mark(found))
    return Marks(file, cuts, tuple(marks))


def _mark(found: re.Match[str]) -> Mark:
    return Mark(
        float(found[1]),
        float(found[2]) if found[2] else None,
        float(found[3]) if found[3] else None,
        Box(*(float(found[place]) for place in range(4, 8))) if found[4] else None,
        (int(found[8]), int(found[9])) if found[8] else None,
    )
