"""The language of texts by eldc, offline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import eldc

from seawall.serve.dropin.ports import Told

if TYPE_CHECKING:
    from collections.abc import Sequence

_ENOUGH = 1_000  # characters that tell a language
_UNKNOWN = "und"
_ELDC = cast("Any", eldc)  # it has no types


class EldcLanguages:
    """The likeliest language of each text. Very short texts are told, but not reliably."""

    def __init__(self) -> None:
        _ELDC.init()

    def tell(self, texts: Sequence[str]) -> list[Told]:
        """One answer per text, in order; no language where nothing is written that could tell one."""
        return [self._one(text[:_ENOUGH]) for text in texts]

    def _one(self, text: str) -> Told:
        # a lone surrogate is no letter
        found = _ELDC.detect_details(text.encode("utf-8", "replace").decode("utf-8"))
        language = str(found.language)
        return Told(None if language == _UNKNOWN else language, bool(found.reliable))
