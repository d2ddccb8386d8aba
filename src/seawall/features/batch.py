"""A batch of events in the order they arrived, column by column."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from seawall.core.columns import Columns


class Part(NamedTuple):
    """The events of one type.

    Attributes:
        columns: their columns, the envelope's among them; what `FeatureState.reads` names must be there.
        rows: for each of its rows, its place in the batch; rising. Shape (rows,), integers.
    """

    columns: Columns
    rows: NDArray[np.intp]


class Batch(NamedTuple):
    """Events of several types in the order they arrived.

    Attributes:
        ts: when each happened, microseconds; shape (events,), int64. An event whose type counts nothing needs
            no part, but its time is heard: it moves the watermark.
        parts: each of one event type; `FeatureState.observe_columns` wants one for each, at most.
    """

    ts: NDArray[np.int64]
    parts: Sequence[Part]


def batch_of(columns: Columns) -> Batch:
    """A batch that holds one type only, its rows in the order they arrived."""
    ts = columns["ts"].numbers.values
    return Batch(ts, [Part(columns, np.arange(len(ts)))])
