"""What a text model is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

Detect: TypeAlias = "Callable[[Sequence[str]], list[str | None]]"
"""The language of each text, ISO 639-1; None where none can be told."""


class Stage(Protocol):
    """Something that reads texts: n-grams, a table of tokens, an encoder."""

    def logits(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """One row per text, one column per head, before calibration.

        Args:
            texts: as `plain` gives them, none longer than a piece. A row depends on its own text alone.
        """
        ...
