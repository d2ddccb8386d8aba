"""Windowed counts over the stream, in event time.

In: events in the order they arrive. Out: one `Reading` per feature and event: a count, or why it is NULL.
Never: input or output, clocks; a count that may be wrong (it is NULL with a reason instead).
"""

from seawall.features.model import Definition, Limits, Tally
from seawall.features.snapshot import restore, snapshot
from seawall.features.state import FeatureState

__all__ = ["Definition", "FeatureState", "Limits", "Tally", "restore", "snapshot"]
