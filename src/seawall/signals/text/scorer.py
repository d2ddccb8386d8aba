"""A text model ready to read: language, stage, calibration."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from seawall.signals.text.blind import Blind
from seawall.signals.text.model import Scores, Span
from seawall.signals.text.plain import pieces, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from seawall.signals.text.model import ModelInfo
    from seawall.signals.text.ports import Detect, Stage

_SENTENCE = re.compile(r"[^.!?\n。！？؟]*[.!?\n。！？؟]*")
_MOST_SPANS = 200


class TextModel:
    """Scores texts. Any thread may.

    Attributes:
        info: its name, heads and settings.
        digest: SHA-256 of its file.
        heads: names, in the order of the columns.
    """

    def __init__(self, info: ModelInfo, stage: Stage, *, digest: str, detect: Detect) -> None:
        """Put a model together.

        Args:
            info: what stands in its file.
            stage: what reads texts.
            digest: SHA-256 of its file.
            detect: tells the language of texts that come without one.
        """
        self.info = info
        self.digest = digest
        self.heads = tuple(head.name for head in info.heads)
        self._stage = stage
        self._detect = detect
        self._blind = Blind(info.blind)

    def scores(self, texts: Sequence[str], languages: Sequence[str | None] | None = None) -> Scores:
        """A probability per text and head.

        A text longer than a piece scores as its worst piece. Each row depends on its own text and language
        alone.

        Args:
            texts: as they were written.
            languages: of each text, ISO 639-1; where it is None, it is detected.
        """
        known = self._known(texts, languages)
        logits, empty = self._logits(texts)
        values = np.full(logits.shape, np.nan)
        nulls: dict[tuple[int, int], str] = {}
        for column, head in enumerate(self.info.heads):
            slope = np.full(len(texts), np.nan)
            shift = np.zeros(len(texts))
            for row, language in enumerate(known):
                calibration = head.languages.get(language or "")
                if empty[row]:
                    nulls[row, column] = "not_applicable"
                elif calibration is None:
                    nulls[row, column] = "unsupported_language"
                else:
                    slope[row], shift[row] = calibration.a, calibration.b
            values[:, column] = 1 / (1 + np.exp(-np.clip(logits[:, column] * slope + shift, -40, 40)))
        return Scores(self.heads, values, nulls, tuple(known))

    def spans(self, text: str, language: str | None = None) -> list[Span]:
        """What the model says of each sentence alone, so that people see where to look.

        Args:
            text: as it was written; of a very long one, its first 200 sentences.
            language: of the whole text; detected where it is None.
        """
        (known,) = self._known([text], [language])
        found = [found.span() for found in _SENTENCE.finditer(text) if found.group().strip()][:_MOST_SPANS]
        scores = self.scores([text[start:end] for start, end in found], [known] * len(found))
        return [
            Span(
                start,
                end,
                {
                    head: None if np.isnan(value) else float(value)
                    for head, value in zip(self.heads, row, strict=True)
                },
            )
            for (start, end), row in zip(found, scores.values, strict=True)
        ]

    def _known(self, texts: Sequence[str], languages: Sequence[str | None] | None) -> list[str | None]:
        known: list[str | None] = list(languages) if languages is not None else [None] * len(texts)
        if len(known) != len(texts):
            raise ValueError(f"{len(texts)} texts and {len(known)} languages")
        open_ = [place for place, language in enumerate(known) if language is None]
        for place, language in zip(open_, self._detect([texts[place] for place in open_]), strict=True):
            known[place] = language
        return known

    def _logits(self, texts: Sequence[str]) -> tuple[NDArray[np.float64], list[bool]]:
        cut = [pieces(text) for text in texts]
        read = [plain(piece) for some in cut for piece in some]
        found = self._stage.logits([self._blind(piece) for piece in read])
        if len(read) == len(texts):
            return found, [not piece for piece in read]
        first = np.cumsum([0, *(len(some) for some in cut[:-1])])
        empty = np.logical_and.reduceat(np.array([not piece for piece in read]), first)
        return np.maximum.reduceat(found, first, axis=0), empty.tolist()
