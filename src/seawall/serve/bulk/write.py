"""Decisions on scanned events, written in bulk: the same lines and records as one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np

from seawall.core.spans import Spans
from seawall.core.types import Kind
from seawall.serve.bulk.write_kernel import write
from seawall.serve.bulk.write_model import Filling

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from seawall.features import Answer
    from seawall.ingest.scanned import ScannedRows
    from seawall.serve.bulk.outcome import Outcomes

    Places = NDArray[np.intp]

_LONGEST_READING = 64
_LONGEST_ESCAPE = 6
_FIXED = 256
"""Bytes that a line has at most for id, digest and times, and a record beside its texts and features."""


class Written(NamedTuple):
    """JSON lines and records (`seawall.store.brief.Own`) of some decisions."""

    lines: Spans
    records: Spans


def write_rows(
    outcomes: Outcomes,
    numbers: NDArray[np.int64],
    rows: ScannedRows,
    which: Places,
    *,
    answers: Sequence[Answer],
    ids: NDArray[np.uint8],
    decided: NDArray[np.int64],
) -> Written:
    """Write the decisions on some rows.

    Args:
        outcomes: of the event type.
        numbers: of the outcome of each row that is written, shape (decisions,).
        rows: events.
        which: those that are written, shape (decisions,).
        answers: the features of all rows, in the order of the outcomes.
        ids: of the decisions on all rows, shape (rows, 16).
        decided: when each was decided, shape (decisions,).
    """
    event_type, count = rows.form.event_type, len(which)
    names = ("id", "market", "language", "source", event_type.subject, event_type.actor)
    at, size = np.zeros((len(names), count), np.int64), np.full((len(names), count), -1, np.int64)
    for nth, name in enumerate(names):
        if name is not None:
            starts, sizes = rows.spans(name)
            at[nth], size[nth] = starts[which], sizes[which]
    values, nulls = np.zeros((len(answers), count), np.int64), np.zeros((len(answers), count), np.uint8)
    for nth, answer in enumerate(answers):
        values[nth], nulls[nth] = answer.values[which].view(np.int64), answer.nulls[which]
    real = np.array([answer.kind is Kind.NUMBER for answer in answers], np.bool_)
    doubles = [
        msgspec.json.encode(value)
        for nth in np.flatnonzero(real).tolist()
        for value in answers[nth].values[which].tolist()
    ]
    laid = Spans.of(doubles)
    places = np.zeros((len(answers), 2, count), np.int64)
    places[real, 0], places[real, 1] = laid.starts.reshape(-1, count), laid.sizes.reshape(-1, count)
    fill = Filling(
        data=rows.data, bound=rows.lines, at=at, size=size, ids=ids[which], hashes=rows.hashes[which],
        ts=rows.column("ts").numbers.values[which], decided=decided, values=values, nulls=nulls, real=real,
        written=laid.data, places=places,
    )  # fmt: skip
    programs = outcomes.programs
    lines = np.empty(_longest(outcomes, numbers, size, len(answers)), np.uint8)
    records = np.empty(
        int(np.maximum(size, 0).sum()) + count * (_FIXED + _LONGEST_READING * len(answers)), np.uint8
    )
    line_ends, record_ends = np.empty(count, np.int64), np.empty(count, np.int64)
    write(programs, numbers, fill, lines, line_ends, records, record_ends)
    return Written(Spans.laid(lines, line_ends), Spans.laid(records, record_ends))


def _longest(outcomes: Outcomes, numbers: NDArray[np.int64], size: NDArray[np.int64], features: int) -> int:
    """Bytes that suffice for the lines."""
    sizes = outcomes.sizes[numbers]
    total = int(sizes[:, 0].sum()) + len(numbers) * (_FIXED + features * _LONGEST_READING) + 1
    for nth in range(len(size)):
        longest = np.maximum(size[nth], 0) * _LONGEST_ESCAPE + 4
        total += int((sizes[:, 1 + nth] * longest).sum())
    return total
