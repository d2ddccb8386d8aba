"""The functions a feature may be made of, by what the state has to do for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seawall.policy.model import FeatureSpec

COUNT, DISTINCT, SUM, LEAST, FIRST, LAST, WEIGHED = range(7)

FUNCTIONS = {
    "count": COUNT,
    "count_distinct": DISTINCT,
    "sum": SUM,
    "min": LEAST,
    "max": LEAST,  # of the values turned round
    "first_seen": FIRST,
    "last_seen": LAST,
    "seconds_since_first": FIRST,
    "seconds_since_last": LAST,
    "mean": WEIGHED,
    "company": DISTINCT,
}
"""What each is to the state, which knows no other difference; what decays is `WEIGHED` too."""

NUMERIC = frozenset({"sum", "min", "max", "mean"})
"""Functions of numbers and times; `count_distinct` looks at values of any kind, the others at none."""

BOUNDED = frozenset({COUNT, DISTINCT})
"""Of these, what is left of a key that reached its limit is a lower bound; of others it says nothing."""

_OF_ROWS = frozenset({"count", "first_seen", "last_seen", "seconds_since_first", "seconds_since_last"})


def is_of_rows(function: str) -> bool:
    """Does it look at no values?"""
    return function in _OF_ROWS


def code_of(spec: FeatureSpec) -> int:
    """What a feature is to the state."""
    return WEIGHED if spec.half_life_us is not None else FUNCTIONS[spec.function]


def in_millionths(spec: FeatureSpec) -> bool:
    """Whether its result is kept as whole millionths, whatever it is made of."""
    return spec.half_life_us is not None or spec.function == "mean"
