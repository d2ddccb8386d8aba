"""The decision engine alone, one core: conditions over decoded rows, no features, no journal."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from seawall.core.columns import Column, Columns
from seawall.core.diagnostic import Span
from seawall.decide.column import compile_columns
from seawall.decide.row import compile_row
from seawall.policy.conditions import compile_condition
from seawall.policy.scope import ENVELOPE_COLUMNS, scope_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seawall.policy.model import Project

BATCH = 8_192


def paces(
    project: Project, texts: Sequence[str], events: Sequence[dict[str, Any]], *, seconds: float
) -> dict[str, Any]:
    """Events per processor second, row by row and in batches, and what fired on each event."""
    scope = scope_of(project, "comment")
    conditions = [compile_condition(text, scope, at=Span("bench", 1, 1)) for text in texts]
    reads = sorted({name for condition in conditions for name in condition.reads})
    types = {**ENVELOPE_COLUMNS, **project.events["comment"].fields}
    rows = [[_value(event.get(name)) for name in reads] for event in events]
    decide = compile_row(conditions, reads).decide
    program = compile_columns(conditions)
    fired = [decide(row)[0] for row in rows]
    batches = [
        {name: [row[n] for row in rows[start : start + BATCH]] for n, name in enumerate(reads)}
        for start in range(0, len(rows), BATCH)
    ]

    def in_batches() -> list[list[int]]:
        found: list[list[int]] = []
        for batch in batches:
            count = len(next(iter(batch.values())))
            columns = {name: Column(types[name], values=values) for name, values in batch.items()}
            found += program(Columns("comment", count, columns)).must.by_row(count)
        return found

    assert in_batches() == fired, "row and column differ"
    return {
        "fired": fired,
        "row": _pace(lambda: [decide(row) for row in rows], len(rows), seconds),
        "column": _pace(in_batches, len(rows), seconds),
    }


def _pace(work: Any, events: int, seconds: float) -> list[float]:
    """Three measurements of at least so many seconds each."""
    found: list[float] = []
    for _ in range(3):
        done, began = 0, time.process_time()
        while (took := time.process_time() - began) < seconds:
            work()
            done += events
        found.append(done / took)
    return found


def _value(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
