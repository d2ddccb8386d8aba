"""The detector of languages, eldc: offline, and loaded when it is first asked."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import eldc

ENOUGH = 1_000
"""Characters that tell a language."""


class Detected(NamedTuple):
    """The likeliest language, `und` for none, and whether the detector itself relies on it."""

    language: str
    reliable: bool


def detect(text: str) -> Detected:
    """What it says of a text; a lone surrogate is no letter."""
    told = _detector().detect_details(text.encode("utf-8", "replace").decode("utf-8"))
    return Detected(str(told.language), bool(told.reliable))


@cache
def _detector() -> Any:
    module: Any = eldc  # it has no stubs
    module.init()
    return module.instance()
