"""The functions a feature may be made of, by what the state has to do for them."""

from __future__ import annotations

COUNT, DISTINCT, SUM, LEAST, FIRST, LAST = range(6)

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
}
"""What each is to the state, which knows no other difference."""

NUMERIC = frozenset({"sum", "min", "max"})
"""Functions of numbers and times; `count_distinct` looks at values of any kind, the others at none."""

BOUNDED = frozenset({COUNT, DISTINCT})
"""Of these, what is left of a key that reached its limit is a lower bound; of others it says nothing."""
