"""The language of texts by eldc, offline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.serve.dropin.ports import Told
from seawall.signals.detect_eldc import ENOUGH, detect

if TYPE_CHECKING:
    from collections.abc import Sequence

_UNKNOWN = "und"


class EldcLanguages:
    """The likeliest language of each text. Very short texts are told, but not reliably."""

    def tell(self, texts: Sequence[str]) -> list[Told]:
        """One answer per text, in order; no language where nothing is written that could tell one."""
        return [self._one(text[:ENOUGH]) for text in texts]

    def _one(self, text: str) -> Told:
        found = detect(text)
        return Told(None if found.language == _UNKNOWN else found.language, found.reliable)
