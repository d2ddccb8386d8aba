"""What drop-in endpoints need of others."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seawall.serve.dropin.model import Ask, Scored


class Told(NamedTuple):
    """The likeliest language of a text, ISO 639-1, and whether the text says enough to rely on it."""

    language: str | None
    reliable: bool


class Languages(Protocol):
    """Tells languages."""

    def tell(self, texts: Sequence[str]) -> list[Told]:
        """One answer per text, in order."""
        ...


class Scorer(Protocol):
    """Scores texts and images in batches. Any thread may call it."""

    def score(self, asks: Sequence[Ask]) -> list[Scored]:
        """One answer per text, in order; each depends on its own text alone."""
        ...
