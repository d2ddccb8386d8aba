"""Where the events of a batch stand against the newest seen before each: on time, late, or too late."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Arrival(NamedTuple):
    """How the events of a batch arrived.

    Attributes:
        watermark: the newest event time once all have arrived; None where nothing ever has.
        newest: the same once each has arrived; shape (events,).
        too_late: which are beyond the bound, shape (events,); None: none of them.
        late: how many came after a newer one, within the bound.
        first: time of the first that is not too late; None: there is none.
    """

    watermark: int | None
    newest: NDArray[np.int64]
    too_late: NDArray[np.bool_] | None
    late: int
    first: int | None


def arrive(ts: NDArray[np.int64], watermark: int | None, *, lateness_us: int) -> Arrival:
    """Look at a batch that arrives.

    >>> arrival = arrive(np.array([5, 9, 6, 2]), None, lateness_us=3)
    >>> arrival.newest.tolist(), arrival.too_late.tolist(), arrival.late
    ([5, 9, 9, 9], [False, False, False, True], 1)
    """
    if not len(ts):
        return Arrival(watermark, ts, None, 0, None)
    newest = np.maximum.accumulate(ts)
    if watermark is not None:
        np.maximum(newest, watermark, out=newest)
    behind = newest - ts
    after = int(newest[-1])
    if not behind.any():
        return Arrival(after, newest, None, 0, int(ts[0]))
    too_late = behind > lateness_us
    late = int(np.count_nonzero(behind)) - int(np.count_nonzero(too_late))
    if not too_late.any():
        return Arrival(after, newest, None, late, int(ts[0]))
    kept = np.flatnonzero(~too_late)
    return Arrival(after, newest, too_late, late, int(ts[kept[0]]) if len(kept) else None)
