"""The language of a text by eldc, offline."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

_ENOUGH = 1_000  # characters that tell a language


class EldcLanguage:
    """The language of each text; None where eldc itself calls its answer unreliable, as of a few words."""

    def __init__(self) -> None:
        self._eldc: Any = import_module("eldc")  # it has no types
        self._eldc.init()

    def __call__(self, texts: Sequence[str]) -> list[str | None]:
        """One answer per text, in order."""
        return [self._one(text) for text in texts]

    def _one(self, text: str) -> str | None:
        start = text[:_ENOUGH].encode("utf-8", "replace").decode("utf-8")  # a lone surrogate is no letter
        told = self._eldc.detect_details(start)
        return str(told.language) if told.reliable else None
