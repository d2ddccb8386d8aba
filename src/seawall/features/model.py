"""What feature state is told, what bounds it, and what it counts about itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from seawall.core.columns import Columns
from seawall.core.event import Event
from seawall.core.types import Value

if TYPE_CHECKING:
    from seawall.policy.model import FeatureSpec

Key: TypeAlias = Value | tuple[Value, ...]
"""What a feature is kept by: the value of one field, or the values of several."""

Passes: TypeAlias = Callable[[Event], bool]
"""A compiled FILTER (WHERE ...): is it true of this event? NULL counts as not true."""


PassesColumns: TypeAlias = Callable[[Columns], Any]
"""The same filter of many events of one type at once: booleans of shape (rows,)."""


@dataclass(frozen=True, slots=True)
class Definition:
    """A feature and its compiled filter, in two forms of one meaning.

    Attributes:
        spec: the feature as the project defines it.
        passes: its filter of one event; None where the definition has no filter.
        passes_columns: its filter of a batch; must be given where `passes` is, for batches to be taken in.
        reads: names that the filter reads.
    """

    spec: FeatureSpec
    passes: Passes | None = None
    passes_columns: PassesColumns | None = None
    reads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """What keeps the state bounded.

    Attributes:
        lateness_us: how far behind the newest event an event may be and still correct the state.
        entries: entries kept over all features; beyond it the keys that were idle longest are evicted.
        per_key: entries kept for one key of one feature; beyond it the oldest tenth is dropped, and the
            count is a lower bound (it stays at nine tenths of this or more).
        company: accounts of one key that `company` looks up; a key that more share says nothing of any.
    """

    lateness_us: int = 600_000_000
    entries: int = 5_000_000
    per_key: int = 100_000
    company: int = 1_000


@dataclass(slots=True)
class Tally:
    """What happened to the stream that a reader of the numbers must know."""

    late: int = 0  # events that arrived after a newer one, within the bound: they corrected the state
    too_late: int = 0  # events beyond the bound: their features are NULL, the state is as it was
    evicted: int = 0  # keys forgotten because memory was full
    saturated: int = 0  # times a key reached its limit


@dataclass(frozen=True, slots=True)
class Status:
    """How a feature stands.

    Attributes:
        name: of the feature.
        warm_from: event time until which it is NULL (warming); None: it is warm, or nothing was seen yet.
        keys: how many are held.
        entries: how many are held over all its keys.
    """

    name: str
    warm_from: int | None
    keys: int
    entries: int


def reach_us(specs: Iterable[FeatureSpec]) -> int:
    """How far back the events lie that features count; what people decided is looked up, however long ago."""
    return max((spec.over_us for spec in specs if spec.source is None), default=0)
