"""Speech written down by faster-whisper, from a model folder that somebody put there; nothing is fetched."""

# pyright: reportMissingImports=false, reportUnknownVariableType=false, reportUnknownMemberType=false
# The package is no dependency: whoever wants speech installs it beside Seawall.
from __future__ import annotations

import importlib
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from seawall.signals.media.ports import Word

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_FULL = 32_768.0


class WhisperTranscriber:
    """One model on one processor thread; silence is left out by the detector that the package carries."""

    def __init__(self, path: Path) -> None:
        package: Any = importlib.import_module("faster_whisper")
        self._model: Any = package.WhisperModel(
            str(path), device="cpu", compute_type="int8", cpu_threads=1, local_files_only=True
        )
        self._lock = Lock()

    def transcribe(self, samples: NDArray[np.int16], *, language: str | None) -> list[Word]:
        """The words, with time codes."""
        sound = samples.astype(np.float32) / _FULL
        with self._lock:
            segments, _ = self._model.transcribe(
                sound, language=language, word_timestamps=True, vad_filter=True, beam_size=1
            )
            return [
                Word(float(word.start), float(word.end), str(word.word))
                for segment in segments
                for word in segment.words or ()
            ]
