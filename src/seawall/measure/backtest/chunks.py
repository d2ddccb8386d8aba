"""Events of the past in chunks: columns by event type, and what was really decided about each."""

from __future__ import annotations

from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from seawall.core.columns import Column, Columns
from seawall.core.types import FieldType, Kind
from seawall.features import Batch, Part
from seawall.policy.scope import ENVELOPE_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from seawall.core.decision import Decision
    from seawall.core.event import Event
    from seawall.policy.model import Project

CHUNK = 16_384
AVAILABLE_IN = FieldType(Kind.STRING, is_list=True)


class Chunk(NamedTuple):
    """Events in the order they arrived.

    Attributes:
        batch: their columns by event type, `available_in` among them.
        refused: records before it that did not fit their type.
        decided: for each event what was really decided; empty where nobody knows.
        counted: whether its events are judged; others only move the features.
    """

    batch: Batch
    refused: int = 0
    decided: Sequence[Decision | None] = ()
    counted: bool = True


def chunks_of(
    project: Project, pairs: Iterable[tuple[Event, Decision | None] | None], *, size: int = CHUNK
) -> Iterator[Chunk]:
    """Chunks of events one by one.

    Args:
        project: declares their types.
        pairs: each event and what was decided about it, if that is known; None for a record that was refused.
        size: events in a chunk.
    """
    stream = iter(pairs)
    while taken := list(islice(stream, size)):
        known = [pair for pair in taken if pair is not None]
        decided = [decision for _, decision in known]
        yield Chunk(
            batch_of_events(project, [event for event, _ in known]),
            refused=len(taken) - len(known),
            decided=decided if any(each is not None for each in decided) else (),
        )


def batch_of_events(project: Project, events: Sequence[Event]) -> Batch:
    """The columns of some events."""
    rows: dict[str, list[int]] = {}
    for row, event in enumerate(events):
        rows.setdefault(event.type, []).append(row)
    parts = [
        Part(_columns(project, name, [events[row] for row in places]), np.array(places, np.intp))
        for name, places in rows.items()
    ]
    return Batch(np.array([event.ts for event in events], np.int64), parts)


def _columns(project: Project, name: str, events: Sequence[Event]) -> Columns:
    made = {
        field: Column(type_, values=[event.fields[field] for event in events])
        for field, type_ in project.events[name].fields.items()
    }
    for field, type_ in ENVELOPE_COLUMNS.items():
        made[field] = Column(type_, values=list(map(attrgetter(field), events)))
    made["available_in"] = Column(AVAILABLE_IN, values=[event.available_in for event in events])
    return Columns(name, len(events), made)
