"""The language of a text by eldc, offline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.signals.detect_eldc import ENOUGH, detect

if TYPE_CHECKING:
    from collections.abc import Sequence


class EldcLanguage:
    """The language of each text; None where eldc itself calls its answer unreliable, as of a few words."""

    def __call__(self, texts: Sequence[str]) -> list[str | None]:
        """One answer per text, in order."""
        told = [detect(text[:ENOUGH]) for text in texts]
        return [each.language if each.reliable else None for each in told]
