"""Events of the past in chunks: columns by event type, and what was really decided about each."""

from __future__ import annotations

from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from seawall.core.columns import Column, Columns
from seawall.core.types import FieldType, Kind
from seawall.features import Batch, Part, facts_of
from seawall.policy.scope import ENVELOPE_COLUMNS
from seawall.store.entry import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from seawall.core.decision import Decision
    from seawall.core.event import Event
    from seawall.features import Fact
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
        facts: what people decided meanwhile, each with the place of the first event that sees it; rising.
    """

    batch: Batch
    refused: int = 0
    decided: Sequence[Decision | None] = ()
    counted: bool = True
    facts: Sequence[tuple[int, Fact]] = ()


def chunks_of(
    project: Project, pairs: Iterable[tuple[Event, Decision | None] | Finding | None], *, size: int = CHUNK
) -> Iterator[Chunk]:
    """Chunks of events one by one.

    Args:
        project: declares their types.
        pairs: each event and what was decided about it, if that is known; None for a record that was refused;
            and what people concluded, where it was recorded among them.
        size: events in a chunk.
    """
    stream = iter(pairs)
    while taken := list(islice(stream, size)):
        known: list[tuple[Event, Decision | None]] = []
        facts: list[tuple[int, Fact]] = []
        for pair in taken:
            if isinstance(pair, Finding):
                facts += ((len(known), fact) for fact in facts_of(pair))
            elif pair is not None:
                known.append(pair)
        decided = [decision for _, decision in known]
        yield Chunk(
            batch_of_events(project, [event for event, _ in known]),
            refused=sum(pair is None for pair in taken),
            decided=decided if any(each is not None for each in decided) else (),
            facts=facts,
        )


def with_findings(chunks: Iterable[Chunk], findings: Sequence[Finding]) -> Iterator[Chunk]:
    """The same chunks with what people concluded: each from the first event after it was known.

    Args:
        chunks: in order.
        findings: in the order in which they were known.
    """
    known = np.array([finding.known or finding.at for finding in findings], np.int64)
    told, newest = 0, np.iinfo(np.int64).min
    for chunk in chunks:
        times = np.maximum.accumulate(np.maximum(chunk.batch.ts, newest))
        newest = times[-1] if len(times) else newest
        upto = int(np.searchsorted(known, newest, side="left"))
        places: list[int] = np.searchsorted(times, known[told:upto], side="right").tolist()
        pairs = zip(places, findings[told:upto], strict=True)
        yield chunk._replace(facts=[(place, fact) for place, one in pairs for fact in facts_of(one)])
        told = upto


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
