"""Windowed counts over the stream, in event time.

In: events in the order they arrive, one by one or a `Batch`. Out: for each feature and event a value, or why
it is NULL. Keys may be shared between owners: `ask` makes the requests of a batch, each owner's
`FeatureState.answer` answers its part, `merge` puts the answers together.
Never: input or output, clocks; a count that may be wrong (it is NULL with a reason instead).
"""

from seawall.features.answer import NULLS, Answer, Answers, merge
from seawall.features.batch import Batch, Part, batch_of
from seawall.features.model import Definition, Limits, Status, Tally, reach_us
from seawall.features.people import facts_of
from seawall.features.request import Request, Requests, ask, reads_of
from seawall.features.snapshot import kept_in, restore, snapshot
from seawall.features.state import FeatureState, fastest
from seawall.features.told import Fact

__all__ = [
    "NULLS",
    "Answer",
    "Answers",
    "Batch",
    "Definition",
    "Fact",
    "FeatureState",
    "Limits",
    "Part",
    "Request",
    "Requests",
    "Status",
    "Tally",
    "ask",
    "batch_of",
    "facts_of",
    "fastest",
    "kept_in",
    "merge",
    "reach_us",
    "reads_of",
    "restore",
    "snapshot",
]
