"""Parquet by columns: events that plainly fit go on as Arrow; any other batch goes record by record."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pyarrow as untyped_arrow  # noqa: ICN001  typed below
import pyarrow.compute as untyped_compute
import pyarrow.parquet as untyped_parquet

from seawall.core.columns import Column, Columns
from seawall.core.errors import EventError, UsageError
from seawall.core.types import FieldType, Kind
from seawall.features import Batch, Part
from seawall.ingest import Intake
from seawall.ingest.cells import plain
from seawall.measure.backtest.chunks import AVAILABLE_IN, CHUNK, Chunk, batch_of_events
from seawall.policy.scope import ENVELOPE_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from seawall.core.event import Event
    from seawall.policy.model import EventType, Project

pa: Any = untyped_arrow  # it ships no types
pc: Any = untyped_compute
pq: Any = untyped_parquet
_LONGEST = 1_000  # characters that a text may plainly have; longer ones go the careful way
_ARROW: dict[Kind, Any] = {
    Kind.STRING: pa.string(),
    Kind.HASH: pa.string(),
    Kind.INTEGER: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.BOOLEAN: pa.bool_(),
    Kind.TIMESTAMP: pa.timestamp("us"),
}
_ANY_OF: dict[Kind, tuple[Any, ...]] = {
    Kind.STRING: (pa.types.is_string, pa.types.is_large_string),
    Kind.HASH: (pa.types.is_string, pa.types.is_large_string),
    Kind.INTEGER: (pa.types.is_integer,),
    Kind.NUMBER: (pa.types.is_floating, pa.types.is_integer),
    Kind.BOOLEAN: (pa.types.is_boolean,),
    Kind.TIMESTAMP: (pa.types.is_timestamp,),
}


def parquet_chunks(
    project: Project, path: Path, *, now: int, part: int = 0, parts: int = 1, reach_us: int = 0
) -> Iterator[Chunk]:
    """The events of a file, or of one of several consecutive parts of it.

    Args:
        project: declares their types.
        path: the file.
        now: the clock; events more than five minutes ahead of it are refused.
        part: which part, from 0.
        parts: how many there are.
        reach_us: how far features look back: so much before the part comes first, not `counted`.

    Raises:
        UsageError: it is no Parquet file.
    """
    file = _opened(path)
    groups: int = file.num_row_groups
    first, last = groups * part // parts, groups * (part + 1) // parts
    before = _before(file, first, reach_us)
    intake = Intake(project)
    make = partial(_chunk, project, intake, now=now)
    for start, end, counted in ((before, first, False), (first, last, True)):
        if start < end:
            for batch in file.iter_batches(batch_size=CHUNK, row_groups=list(range(start, end))):
                yield make(batch)._replace(counted=counted)


def _before(file: Any, first: int, reach_us: int) -> int:
    """The first row group that features of row group `first` may look back to."""
    if not reach_us or first in (0, file.num_row_groups):
        return first
    place: int = file.schema_arrow.names.index("ts")
    begins = [_least(file.metadata.row_group(group).column(place)) for group in range(first + 1)]
    if any(each is None for each in begins):
        return 0
    for group in range(first, 0, -1):
        if begins[group] < begins[first] - reach_us:  # type: ignore[operator]
            return group
    return 0


def _least(column: Any) -> int | None:
    found = column.statistics
    least: Any = found.min if found is not None and found.has_min_max else None
    return round(least.timestamp() * 1e6) if hasattr(least, "timestamp") else None


def _chunk(project: Project, intake: Intake, batch: Any, *, now: int) -> Chunk:
    event_type = _only_type(project, batch)
    columns = None if event_type is None else _columns(event_type, batch, now)
    if columns is not None:
        ts = columns["ts"].numbers.values
        return Chunk(Batch(ts, [Part(columns, np.arange(len(ts)))]))
    events: list[Event] = []
    refused = 0
    for values in batch.to_pylist():
        try:
            events.append(intake.take({name: plain(value) for name, value in values.items()}, now=now))
        except EventError:
            refused += 1
    return Chunk(batch_of_events(project, events), refused=refused)


def _only_type(project: Project, batch: Any) -> EventType | None:
    if "type" not in batch.schema.names:
        return None
    types = batch.column("type").unique().to_pylist()
    return project.events.get(types[0]) if len(types) == 1 else None


def _columns(event_type: EventType, batch: Any, now: int) -> Columns | None:
    """The columns, if every event plainly fits; None where somebody must look closer."""
    made: dict[str, Column] = {}
    wanted = {**{name: (type_, True) for name, type_ in event_type.fields.items()}}
    wanted |= {name: (type_, name in ("id", "type", "ts")) for name, type_ in ENVELOPE_COLUMNS.items()}
    if "parties" in batch.schema.names:
        return None
    for name, (type_, needed) in wanted.items():
        if name not in batch.schema.names:
            if needed and not type_.nullable:
                return None
            made[name] = Column(type_, values=[None] * batch.num_rows)
            continue
        array = _fitting(batch.column(name), type_)
        if array is None:
            return None
        made[name] = Column(type_, arrow=array)
    if pc.max(made["ts"].arrow).as_py() > now:
        return None
    made["available_in"] = _available_in(batch)
    return Columns(event_type.name, batch.num_rows, made)


def _fitting(array: Any, type_: FieldType) -> Any:
    """The array in the type that holds the field, or None if a value may not fit."""
    if array.null_count and not type_.nullable:
        return None
    scalar = type_.kind
    if type_.is_list:
        if (
            not pa.types.is_list(array.type)
            or array.flatten().null_count
            or scalar not in (Kind.STRING, Kind.INTEGER)
        ):
            return None
        inner = _ARROW[scalar]
        return array if array.type.value_type == inner else None
    if scalar not in _ARROW or not any(test(array.type) for test in _ANY_OF[scalar]):
        return None
    if scalar is Kind.TIMESTAMP:
        return array.cast(pa.timestamp("us")).cast(pa.int64())
    array = array if array.type == _ARROW[scalar] else array.cast(_ARROW[scalar])
    if scalar is Kind.NUMBER and not pc.all(pc.is_finite(array), min_count=0).as_py():
        return None
    if (
        scalar is Kind.HASH
        and not pc.all(pc.match_substring_regex(array, "^[0-9a-f]+$"), min_count=0).as_py()
    ):
        return None
    if scalar is Kind.STRING and (pc.max(pc.binary_length(array)).as_py() or 0) > _LONGEST:
        return None
    return array


def _available_in(batch: Any) -> Column:
    if "available_in" in batch.schema.names:
        listed = batch.column("available_in").to_pylist()
        return Column(AVAILABLE_IN, values=[tuple(each or ()) for each in listed])
    return Column(AVAILABLE_IN, values=[()] * batch.num_rows)


def row_groups(path: Path) -> int:
    """How many row groups a file has: into so many parts it can be cut.

    Raises:
        UsageError: it is no Parquet file.
    """
    return _opened(path).num_row_groups


def _opened(path: Path) -> Any:
    try:
        return pq.ParquetFile(path)
    except cast("tuple[type[Exception], ...]", (pa.ArrowInvalid, OSError)) as error:
        raise UsageError(f"{path} is not a Parquet file that can be read: {error}") from error
