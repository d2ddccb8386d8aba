"""The four things a condition can be, and how they combine (Kleene's logic with one more unknown)."""

from __future__ import annotations

from enum import Enum


class Truth(Enum):
    """TRUE, FALSE, NULL (known to be unknowable) and OPEN (a signal that was not bought could still tell)."""

    TRUE = "true"
    FALSE = "false"
    NULL = "null"
    OPEN = "open"


class NotBought(Enum):
    """What stands in a row where a signal was not bought. It never leaves the engine."""

    NOT_BOUGHT = "not bought"


NOT_BOUGHT = NotBought.NOT_BOUGHT
