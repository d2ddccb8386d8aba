"""Whether there is a compiler. To load it takes half a second, so what it compiles is imported when it pays."""

from __future__ import annotations

import importlib.util

COMPILES = importlib.util.find_spec("numba") is not None
"""numba is installed (extra `fast`)."""
