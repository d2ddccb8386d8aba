"""How often the open parts of strategies turned out true: counted from decisions, frozen for the engine.

What the engine buys next depends on shares that stand still: they change by a control record between two
batches, never on the way, so that the same event meets the same order again when it is replayed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Counts: TypeAlias = "dict[str, dict[str, tuple[int, int]]]"
"""By strategy and part: how often it was true, and how often it was looked at."""

ENOUGH = 20
"""A part seen less often keeps the share it had."""

MOVED = 0.05
"""A smaller change of every share is no reason for another order."""

_FORGET = 10_000  # beyond it, what was seen counts half: shares follow the stream


class Shares(msgspec.Struct, frozen=True):
    """Frozen counts.

    Attributes:
        counts: by strategy and part, (times true, times seen).
    """

    counts: Counts = {}

    def share(self, strategy: str, part: str) -> float:
        """How likely a part is to be true, were its signals known; a half where nothing is known of it.

        >>> Shares({"s": {"a > 1": (9, 18)}}).share("s", "a > 1"), Shares().share("s", "a > 1")
        (0.5, 0.5)
        """
        true, seen = self.counts.get(strategy, {}).get(part, (0, 0))
        return (true + 1) / (seen + 2)


class Lesson(msgspec.Struct, frozen=True):
    """What one decision tells of one part that was open before its signals were bought."""

    strategy: str
    part: str
    true: bool


class Learner:
    """Counts lessons, and says when they would change what is known."""

    def __init__(self) -> None:
        self._known = Shares()
        self._counts: Counts = {}
        self._since = 0
        self._next = 1_000

    def know(self, shares: Shares) -> None:
        """These are in force now, whoever learned them."""
        self._known = shares
        for strategy, parts in shares.counts.items():
            counted = self._counts.setdefault(strategy, {})
            for part, counts in parts.items():
                counted.setdefault(part, counts)

    def take(self, lessons: Iterable[Lesson]) -> None:
        """Count some."""
        for lesson in lessons:
            parts = self._counts.setdefault(lesson.strategy, {})
            true, seen = parts.get(lesson.part, (0, 0))
            if seen >= _FORGET:
                true, seen = true // 2, seen // 2
            parts[lesson.part] = (true + lesson.true, seen + 1)
            self._since += 1

    def learned(self) -> Shares | None:
        """The shares as they are now, once enough was seen and one of them has moved; None: keep what holds.

        Asked again after twice as many lessons, up to a hundred thousand, so that a steady stream leaves
        few records.
        """
        if self._since < self._next:
            return None
        self._since, self._next = 0, min(2 * self._next, 100_000)
        fresh = Shares(
            {
                name: kept
                for name, parts in sorted(self._counts.items())
                if (kept := {part: counts for part, counts in sorted(parts.items()) if counts[1] >= ENOUGH})
            }
        )
        if not _moved(self._known, fresh.counts):
            return None
        self._known = fresh
        return fresh


def _moved(known: Shares, counts: Mapping[str, Mapping[str, tuple[int, int]]]) -> bool:
    return any(
        abs((true + 1) / (seen + 2) - known.share(strategy, part)) > MOVED
        for strategy, parts in counts.items()
        for part, (true, seen) in parts.items()
    )
