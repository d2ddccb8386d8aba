"""Texts as vectors of what they mean, by an encoder that is handed in; the nearest is found exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seawall.signals.near.model import Embed, Vectors


class Meanings:
    """The index of near meanings: every vector is compared, so the nearest is always found.

    4 bytes for each dimension of each place; 50,000 vectors of 384 take 77 MB and some milliseconds a text.
    """

    def __init__(self, texts: int, embed: Embed, *, least: int) -> None:
        """Make an index.

        Args:
            texts: places.
            embed: gives a vector of length 1 for each text.
            least: letters of a text below which there is no vector.
        """
        self._texts = texts
        self._embed = embed
        self._least = least
        self._kept: Vectors = np.zeros((0, 0), np.float32)
        self._used = 0

    def prepare(self, texts: Sequence[str]) -> list[Vectors | None]:
        """The vector of each text that is long enough."""
        long = [n for n, text in enumerate(texts) if sum(map(str.isalpha, text)) >= self._least]
        made: list[Vectors | None] = [None] * len(texts)
        if long:
            for n, vector in zip(long, self._embed([texts[n] for n in long]), strict=True):
                made[n] = np.asarray(vector, np.float32)
        return made

    def nearest(self, sketch: object) -> tuple[int, float] | None:
        """The nearest by cosine; a negative one is 0."""
        if not self._used:
            return None
        vector: Any = sketch
        cosines = self._kept[: self._used] @ vector
        best = int(cosines.argmax())
        return best, float(min(1.0, max(0.0, cosines[best])))

    def put(self, place: int, sketch: object) -> None:
        """Keep a vector."""
        vector: Any = sketch
        if not self._kept.size:
            self._kept = np.zeros((self._texts, len(vector)), np.float32)
        self._kept[place] = vector
        self._used = max(self._used, place + 1)
