"""The engines of SQL: the same history in DuckDB or Spark, features as windows, conditions as expressions.

What an engine does not give exactly (banks, local hours) and signals reach it as columns that we compute.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as untyped_arrow  # noqa: ICN001  typed below

from seawall.core.columns import DTYPES, Column, Columns
from seawall.core.types import Kind
from seawall.decide.column import Pairs
from seawall.decide.filters import definitions
from seawall.decide.row import compile_value
from seawall.features import Batch, FeatureState, Part
from seawall.measure.backtest.recorded import RecordedSignals, audit_chances
from seawall.measure.backtest.run_columns import events_at
from seawall.measure.backtest.tally import Found, Tally
from seawall.policy.conditions.expr import reads_of
from seawall.policy.people import PEOPLE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from seawall.features import Definition, Fact
    from seawall.measure.backtest.chunks import Chunk
    from seawall.measure.backtest.ports import Signals, SqlEngine
    from seawall.measure.backtest.prepare import Prepared
    from seawall.policy.conditions.expr import Expr
    from seawall.policy.model import Project
    from seawall.review.model import Label

pa: Any = untyped_arrow  # it ships no types
_SCALARS: dict[Kind, Any] = {
    Kind.STRING: pa.string(),
    Kind.HASH: pa.string(),
    Kind.MEDIA: pa.string(),
    Kind.INTEGER: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.BOOLEAN: pa.bool_(),
    Kind.TIMESTAMP: pa.int64(),
}
_MOMENT = pa.timestamp("us")


def run_sql(
    project: Project,
    chunks: Iterable[Chunk],
    ready: Mapping[str, Prepared],
    detectors: Signals | None,
    engine: SqlEngine,
    *,
    labels: Mapping[tuple[str, str], Label] | None = None,
    against: Mapping[str, Collection[str]] | None = None,
) -> Tally:
    """Judge a history, all of it at once; it must fit memory.

    Args:
        project: whose strategies are tested.
        chunks: the history, in order.
        ready: `prepared(project)`.
        detectors: give every signal that a condition reads, for every event; None: as deciding read them.
        engine: what answers.
        labels: as `tally.by_key` makes them.
        against: what fired in another backtest of it, as `Tally` takes it.
    """
    tally, history = Tally(against), _History(chunks)
    tally.refused = history.refused
    for name, one in ready.items():
        if name in history.by_type:
            columns, decided = history.whole(name), history.decided.get(name, [])
            source = RecordedSignals(decided) if detectors is None else detectors
            signals = {signal: _signal(one, columns, source, signal) for signal in one.signals}
            found = _judged(project, engine, one, columns, signals, history)
            if detectors is None:
                found = found._replace(audit=audit_chances(decided, columns.count))
            tally.add(one, found, labels)
    return tally


class _History:
    """All chunks, by event type, with the place of each event in the order of arrival."""

    def __init__(self, chunks: Iterable[Chunk]) -> None:
        self.by_type: dict[str, list[Columns]] = {}
        self._ordinals: dict[str, list[Any]] = {}
        self.decided: dict[str, list[Any]] = {}
        self.refused = total = 0
        self.facts: list[tuple[int, Fact]] = []  # with their ordinals: even numbers, those of events are odd
        for chunk in chunks:
            self.refused += chunk.refused
            self.facts += ((2 * (total + place), fact) for place, fact in chunk.facts)
            for part in chunk.batch.parts:
                name = part.columns.type
                self.by_type.setdefault(name, []).append(part.columns)
                self._ordinals.setdefault(name, []).append(2 * (part.rows + total) + 1)
                if chunk.decided:
                    places: list[int] = part.rows.tolist()
                    self.decided.setdefault(name, []).extend(chunk.decided[row] for row in places)
            total += len(chunk.batch.ts)

    def whole(self, name: str) -> Columns:
        """All events of a type as one."""
        parts = self.by_type[name]
        if len(parts) > 1:
            made = {column: _joined([part[column] for part in parts]) for column in parts[0].by_name}
            self.by_type[name] = [Columns(name, sum(part.count for part in parts), made)]
            self._ordinals[name] = [np.concatenate(self._ordinals[name])]
        return self.by_type[name][0]

    def table(self, name: str, columns: Iterable[str]) -> Any:
        """Some columns as an Arrow table, with `ordinal`; moments in microseconds."""
        whole = self.whole(name)
        return pa.table(
            {each: _array(whole[each]) for each in columns} | {"ordinal": self._ordinals[name][0]}
        )

    def told(self, source: str, definition: Definition) -> Any:
        """What people decided, as an Arrow table of one source; `passes` says where the filter holds."""
        facts = [(ordinal, fact) for ordinal, fact in self.facts if fact.event.type == source]
        passes = definition.passes if definition.spec.source is not None else None
        columns: dict[str, Any] = {
            "ordinal": pa.array([ordinal for ordinal, _ in facts], pa.int64()),
            "ts": pa.array([fact.event.ts for _, fact in facts], pa.int64()),
            "identity": pa.array([fact.identity for _, fact in facts], pa.string()),
            "holds": pa.array([fact.holds for _, fact in facts], pa.bool_()),
            "ends": pa.array([fact.ends for _, fact in facts], pa.int64()),
            "market": pa.array([fact.event.market for _, fact in facts], pa.string()),
            "language": pa.array([fact.event.language for _, fact in facts], pa.string()),
            "passes": pa.array([passes is None or passes(fact.event) for _, fact in facts], pa.bool_()),
        }
        for name, type_ in PEOPLE[source].items():
            values = [fact.event.fields[name] for _, fact in facts]
            columns[name] = pa.array(values, _SCALARS[type_.kind])
        return pa.table(columns)

    def stream(self) -> tuple[Batch, list[tuple[int, Fact]]]:
        """All of it as one batch, and what people decided with the places of the events that see it first."""
        wholes = [self.whole(name) for name in self.by_type]
        ordinals = np.concatenate([self._ordinals[name][0] for name in self.by_type])
        order = np.argsort(ordinals)
        places = np.empty(len(order), np.intp)
        places[order] = np.arange(len(order))
        times = np.concatenate([whole["ts"].numbers.values for whole in wholes])[order]
        ends = np.cumsum([whole.count for whole in wholes])
        parts = [
            Part(whole, places[end - whole.count : end]) for whole, end in zip(wholes, ends, strict=True)
        ]
        seen: list[int] = np.searchsorted(ordinals[order], [ordinal for ordinal, _ in self.facts]).tolist()
        return Batch(times, parts), [(place, fact) for place, (_, fact) in zip(seen, self.facts, strict=True)]


def _joined(parts: list[Column]) -> Column:
    if all(part.arrow is not None for part in parts):
        return Column(parts[0].type, arrow=pa.concat_arrays([part.arrow for part in parts]))
    return Column(parts[0].type, values=[value for part in parts for value in part.values])


def _array(column: Column) -> Any:
    scalar = _SCALARS[column.type.kind]
    type_ = pa.list_(scalar) if column.type.is_list else scalar
    if column.arrow is not None:
        return column.arrow.cast(type_)
    if column.type.kind in DTYPES and not column.type.is_list:
        numbers = column.numbers
        return pa.array(numbers.values, type_, mask=~numbers.known)
    values: Any = column.values
    if column.type.kind is Kind.MEDIA:
        values = [None if each is None else str(each) for each in values]
    return pa.array(values, type_)


def _brought(column: Column) -> Any:
    """As an engine reads it: moments as such, in UTC."""
    array = _array(column)
    if column.type.kind is not Kind.TIMESTAMP:
        return array
    return array.cast(pa.list_(_MOMENT) if column.type.is_list else _MOMENT)


def _signal(prepared: Prepared, columns: Columns, detectors: Signals, name: str) -> Column:
    events = events_at(prepared, columns, np.arange(columns.count))
    readings = detectors.read(name, events)
    return Column(prepared.types[name], values=[each.value for each in readings])


def _judged(
    project: Project,
    engine: SqlEngine,
    prepared: Prepared,
    columns: Columns,
    signals: Mapping[str, Column],
    history: _History,
) -> Found:
    """Which conditions hold on which rows, by SQL."""
    name, conditions = columns.type, prepared.plan.conditions
    exprs = [condition.expr for condition in conditions]
    counted = {
        each.spec.name: _feature(prepared, engine, each, name, history)
        for each in definitions(project)
        if each.spec.name in prepared.program.reads and name in each.spec.on
    }
    known = Columns(name, columns.count, columns.by_name | dict(signals) | counted)
    bring = {
        column: _brought(each) for column, each in known.by_name.items() if column in prepared.program.reads
    }
    computed = {column: _computed(known, part) for column, part in engine.computed(exprs).items()}
    table = pa.table(bring | computed | {"row number": np.arange(columns.count)})
    nothing = np.zeros(0, np.intp)
    rows, owners = engine.holding(table, exprs) if exprs else (nothing, nothing)
    fired = _ordered(rows, owners, len(conditions))
    mask = prepared.in_scope(columns, fired)
    fired = Pairs(fired.rows[mask], fired.conditions[mask])
    asked, missing, open_ = _asked(prepared, known, signals)
    return Found(known, fired, asked, missing, history.decided.get(name, []), open_)


def _ordered(rows: Any, conditions: Any, count: int) -> Pairs:
    return Pairs(*np.divmod(np.sort(rows * count + conditions), count))


def _computed(columns: Columns, part: Expr) -> Any:
    """The values of a part; of one text once for each that differs."""
    reads = reads_of(part)
    run, type_ = compile_value(part, reads), _SCALARS[part.type.kind]
    if len(reads) == 1 and not columns[reads[0]].type.is_list:
        codes, distinct = columns[reads[0]].codes
        values = pa.array([run(each) for each in (*distinct, None)], type_)
        return values.take(pa.array(np.where(codes < 0, len(distinct), codes)))
    lists: Sequence[Sequence[Any]] = [columns[name].values for name in reads]
    return pa.array([run(*values) for values in zip(*lists, strict=True)], type_)


def _asked(prepared: Prepared, known: Columns, signals: Mapping[str, Column]) -> tuple[Any, Any, Pairs]:
    """The same question as the cascade asks: where a condition is open before signals are bought."""
    bare = Columns(known.type, known.count, {k: v for k, v in known.by_name.items() if k not in signals})
    count = len(prepared.plan.conditions)
    open_ = prepared.program(bare).open
    mask = prepared.in_scope(known, open_)
    rows, owners = open_.rows[mask], open_.conditions[mask]
    missing = np.zeros(count, np.intp)
    for n in sorted(set[int](owners.tolist())):
        here = rows[owners == n]
        lacks = np.zeros(len(here), np.bool_)
        for name in prepared.plan.conditions[n].signals:
            lacks |= ~signals[name].known[here]
        missing[n] = int(lacks.sum())
    return np.bincount(owners, minlength=count), missing, Pairs(rows, owners)


def _feature(
    prepared: Prepared, engine: SqlEngine, definition: Definition, name: str, history: _History
) -> Column:
    """A feature of every event of one type, as a window function over the events of all its types."""
    spec = definition.spec
    looked_at = spec.source or spec.among
    argument = (spec.argument,) if spec.argument and spec.source is None else ()
    reads = sorted({*spec.by, *argument, "ts"})
    tables: list[Any] = []
    for on in spec.on:
        if on in history.by_type:
            whole, table = history.whole(on), history.table(on, reads)
            passes = np.ones(whole.count, np.bool_)
            if spec.source is None and definition.passes_columns is not None:
                passes = definition.passes_columns(whole)
            tables.append(
                table.append_column("wanted", pa.array(np.full(whole.count, on == name))).append_column(
                    "passes", pa.array(passes)
                )
            )

    told = history.told(looked_at, definition) if looked_at else None
    if not engine.counts(spec):
        return _streamed(definition, name, history)
    counted = pa.concat_tables(tables, promote_options="permissive")
    where = "passes" if definition.passes is not None else None
    found = engine.feature(spec, counted, told, where=where)
    return Column(prepared.types[spec.name], arrow=found.cast(_SCALARS[spec.kind]))


def _streamed(definition: Definition, name: str, history: _History) -> Column:
    """The same as the stream counts it, for an engine that cannot."""
    batch, facts = history.stream()
    answers = FeatureState([definition], warm=False).observe_columns(batch, facts)
    return answers[name][definition.spec.name].column
