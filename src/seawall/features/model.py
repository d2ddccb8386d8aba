"""What feature state is told, what bounds it, and what it counts about itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from seawall.core.event import Event

if TYPE_CHECKING:
    from seawall.policy.model import FeatureSpec

Passes: TypeAlias = Callable[[Event], bool]
"""A compiled FILTER (WHERE ...): is it true of this event? NULL counts as not true."""


@dataclass(frozen=True, slots=True)
class Definition:
    """A feature and its compiled filter; `passes` is None where the definition has no filter."""

    spec: FeatureSpec
    passes: Passes | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What keeps the state bounded.

    Attributes:
        lateness_us: how far behind the newest event an event may be and still correct the state.
        entries: entries kept over all features; beyond it the keys that were idle longest are evicted.
        per_key: entries kept for one key of one feature; beyond it the oldest tenth is dropped, and the
            count is a lower bound (it stays at nine tenths of this or more).
    """

    lateness_us: int = 600_000_000
    entries: int = 5_000_000
    per_key: int = 100_000


@dataclass(slots=True)
class Tally:
    """What happened to the stream that a reader of the numbers must know."""

    late: int = 0  # events that arrived after a newer one, within the bound: they corrected the state
    too_late: int = 0  # events beyond the bound: their features are NULL, the state is as it was
    evicted: int = 0  # keys forgotten because memory was full
    saturated: int = 0  # times a key reached its limit
