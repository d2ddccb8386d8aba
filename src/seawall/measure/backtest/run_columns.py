"""The engine of columns: chunk by chunk, in the order of arrival, features as they stood at each event."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seawall.core.columns import Column, Columns
from seawall.core.event import Event
from seawall.decide.column import Pairs
from seawall.decide.filters import definitions
from seawall.features import FeatureState, Limits
from seawall.measure.backtest.recorded import RecordedSignals, audit_chances
from seawall.measure.backtest.tally import Found, Tally
from seawall.signals import Detectors

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from seawall.core.decision import Decision
    from seawall.core.types import Value
    from seawall.measure.backtest.chunks import Chunk
    from seawall.measure.backtest.ports import Signals
    from seawall.measure.backtest.prepare import Prepared
    from seawall.policy.model import Project
    from seawall.review.model import Label


def run_columns(
    project: Project,
    chunks: Iterable[Chunk],
    ready: Mapping[str, Prepared],
    detectors: Signals | None,
    *,
    labels: Mapping[tuple[str, str], Label] | None = None,
    against: Mapping[str, Collection[str]] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Tally:
    """Judge a history.

    Args:
        project: whose strategies are tested.
        chunks: the history, in order.
        ready: `prepared(project)`.
        detectors: give the signals that a condition turns out to need; None: as deciding read them.
        labels: as `tally.by_key` makes them.
        against: what fired in another backtest of it, as `Tally` takes it.
        progress: is called with the number of events of each chunk.
    """
    tally = Tally(against)
    wanted = {name for each in ready.values() for name in each.program.reads}
    counted = [each for each in definitions(project) if each.spec.name in wanted]
    features = FeatureState(counted, warm=False, limits=Limits()) if counted else None
    for chunk in chunks:
        answers = features.observe_columns(chunk.batch, chunk.facts) if features is not None else {}
        tally.refused += chunk.refused
        if isinstance(detectors, Detectors) and detectors.memories:
            _remember(chunk, ready, detectors)
        for part in chunk.batch.parts:
            columns = part.columns
            one = ready.get(columns.type)
            if one is None or not chunk.counted:
                continue
            counts = {name: answer.column for name, answer in answers.get(columns.type, {}).items()}
            judged = Columns(columns.type, columns.count, columns.by_name | counts)
            places: list[int] = part.rows.tolist() if chunk.decided else []
            decided = [chunk.decided[row] for row in places]
            tally.add(one, judge(one, judged, detectors, decided), labels)
        if progress is not None and chunk.counted:
            progress(len(chunk.batch.ts))
    return tally


def _remember(chunk: Chunk, ready: Mapping[str, Prepared], detectors: Detectors) -> None:
    """Tell signals that remember of the events of a chunk, in the order of arrival."""
    found: list[tuple[int, Event]] = []
    for part in chunk.batch.parts:
        one = ready.get(part.columns.type)
        if one is not None:
            events = events_at(one, part.columns, np.arange(part.columns.count))
            found += zip(part.rows.tolist(), events, strict=True)
    found.sort(key=lambda pair: pair[0])
    if found:
        detectors.memories.begin(found[0][1].ts, complete=True)
        detectors.memories.observe([event for _, event in found])


def judge(
    prepared: Prepared, columns: Columns, detectors: Signals | None, decided: Sequence[Decision | None] = ()
) -> Found:
    """Judge one batch of one type: cheap first, signals only for what is still open."""
    audit = None if detectors is not None else audit_chances(decided, columns.count)
    detectors = RecordedSignals(decided) if detectors is None else detectors
    count = len(prepared.plan.conditions)
    must, open_ = prepared.program(columns)
    must = _kept(must, prepared.in_scope(columns, must))
    asked = missing = np.zeros(count, np.intp)
    open_ = _kept(open_, prepared.in_scope(columns, open_))
    if len(open_.rows):
        bought = _bought(prepared, columns, open_, detectors)
        columns = Columns(
            columns.type, columns.count, columns.by_name | {name: each for name, (each, _) in bought.items()}
        )
        rows = np.unique(open_.rows)
        again = prepared.program(
            _taken(columns, rows, prepared), {name: mask[rows] for name, (_, mask) in bought.items()}
        ).must
        keys = _keys(Pairs(rows[again.rows], again.conditions), count)
        was_open = _keys(open_, count)
        must = _sorted(np.concatenate([_keys(must, count), np.intersect1d(keys, was_open)]), count)
        asked = np.bincount(open_.conditions, minlength=count)
        missing = _without(prepared, open_, bought)
    return Found(columns, must, asked, missing, decided, open_, audit)


def _bought(
    prepared: Prepared, columns: Columns, open_: Pairs, detectors: Signals
) -> dict[str, tuple[Column, NDArray[np.bool_]]]:
    """For each signal its values, and the rows it was bought for: where an open condition reads it."""
    found: dict[str, tuple[Column, NDArray[np.bool_]]] = {}
    for name in prepared.signals:
        readers = [n for n, each in enumerate(prepared.plan.conditions) if name in each.signals]
        rows = np.unique(open_.rows[np.isin(open_.conditions, readers)])
        values: list[Value] = [None] * columns.count
        readings = detectors.read(name, events_at(prepared, columns, rows)) if len(rows) else []
        for row, reading in zip(rows.tolist(), readings, strict=True):
            values[row] = reading.value
        mask = np.zeros(columns.count, np.bool_)
        mask[rows] = True
        found[name] = Column(prepared.types[name], values=values), mask
    return found


def events_at(prepared: Prepared, columns: Columns, rows: NDArray[np.intp]) -> list[Event]:
    """Some rows as the events they are, as far as detectors look."""
    fields = {
        name: columns[name].at(rows) for name in prepared.plan.event_type.fields if name in columns.by_name
    }
    names = list(fields)
    each = zip(*fields.values(), strict=True)
    envelope = zip(
        columns["id"].at(rows),
        columns["ts"].at(rows),
        columns["market"].at(rows),
        columns["language"].at(rows),
        strict=True,
    )
    return [
        Event(
            id=id_,
            type=columns.type,
            ts=ts,
            market=market,
            language=language,
            fields=dict(zip(names, values, strict=True)),
        )
        for values, (id_, ts, market, language) in zip(each, envelope, strict=True)
    ]


def _taken(columns: Columns, rows: NDArray[np.intp], prepared: Prepared) -> Columns:
    made = {
        name: Column(columns[name].type, values=columns[name].at(rows))
        for name in prepared.program.reads
        if name in columns.by_name
    }
    return Columns(columns.type, len(rows), made)


def _without(
    prepared: Prepared, open_: Pairs, bought: Mapping[str, tuple[Column, NDArray[np.bool_]]]
) -> NDArray[np.intp]:
    """For each condition, on how many of the events it asked a signal about one was NULL."""
    count = len(prepared.plan.conditions)
    missing = np.zeros(count, np.intp)
    known = {name: column.known for name, (column, _) in bought.items()}
    for n in sorted(set[int](open_.conditions.tolist())):
        rows = open_.rows[open_.conditions == n]
        lacks = np.zeros(len(rows), np.bool_)
        for name in prepared.plan.conditions[n].signals:
            lacks |= ~known[name][rows]
        missing[n] = int(lacks.sum())
    return missing


def _kept(pairs: Pairs, mask: NDArray[np.bool_]) -> Pairs:
    return Pairs(pairs.rows[mask], pairs.conditions[mask])


def _keys(pairs: Pairs, count: int) -> NDArray[np.intp]:
    return pairs.rows * count + pairs.conditions


def _sorted(keys: NDArray[np.intp], count: int) -> Pairs:
    return Pairs(*np.divmod(np.sort(keys), count))
