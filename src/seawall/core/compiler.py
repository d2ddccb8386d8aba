"""Whether there is a compiler. It takes half a second to load: what it compiles is imported when it pays."""

from __future__ import annotations

import importlib
import importlib.util
from functools import cache
from typing import Any

COMPILES = importlib.util.find_spec("numba") is not None
"""numba is installed (extra `fast`)."""


@cache
def compiled(module: str) -> Any:
    """A module of compiled functions; None where there is no compiler, or no folder to keep what it makes."""
    if not COMPILES:
        return None
    try:
        return importlib.import_module(module)
    except RuntimeError:  # without one it would be compiled anew by every process
        return None
