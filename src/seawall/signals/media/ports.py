"""What looks at frames and listens to sound: each behind one port, so that a team brings its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from seawall.signals.media.marks import Box


class FrameModel(Protocol):
    """Gives each picture a value. Any thread may ask it."""

    def score(self, pictures: Sequence[NDArray[np.uint8]]) -> list[float]:
        """One value per picture (RGB, shape (height, width, 3), uint8), in order."""
        ...


class Line(NamedTuple):
    """Words that stand in a picture, how sure the reader is, and where they stand."""

    text: str
    confidence: float
    box: Box


class TextReader(Protocol):
    """Reads the words in a picture. Any thread may ask it."""

    def read(self, picture: NDArray[np.uint8]) -> list[Line]:
        """The lines of a picture (RGB, shape (height, width, 3), uint8), from the top."""
        ...


class Face(NamedTuple):
    """A face, and a rough cue of its age in years: only ever a reason for a person to look."""

    box: Box
    confidence: float
    age_cue: float | None = None


class FaceFinder(Protocol):
    """Finds faces. Any thread may ask it."""

    def find(self, picture: NDArray[np.uint8]) -> list[Face]:
        """The faces of a picture (RGB, shape (height, width, 3), uint8)."""
        ...


class Word(NamedTuple):
    """A word or a few that were said, with their time codes in seconds."""

    start_s: float
    end_s: float
    text: str


class Transcriber(Protocol):
    """Writes down what is said. Any thread may ask it."""

    def transcribe(self, samples: NDArray[np.int16], *, language: str | None) -> list[Word]:
        """The words of a sound (16 kHz, mono), by time.

        Args:
            samples: shape (samples,).
            language: ISO 639-1, where it is known.
        """
        ...
