"""Every number with its uncertainty: from samples, labels and roll-ups to estimates and their rows.

In: draws with recorded probabilities, counts, the ledger's tables through named SQL. Out: `Estimate`s: a
value with interval, n, method, population and rows, or "too few labels: have k of m needed"; and `brake`,
what a strategy that leaves its budget must do. Never: a number without an interval, a biased sample taken for
a random one, a change to what it reads.
"""

from seawall.measure.brake import Ruling, Step, Watched, brake
from seawall.measure.model import About, Draw, Estimate, Interval, Rows, Window

__all__ = ["About", "Draw", "Estimate", "Interval", "Rows", "Ruling", "Step", "Watched", "Window", "brake"]
