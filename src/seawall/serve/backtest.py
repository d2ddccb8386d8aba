"""A backtest from wherever history is: a file, a run, or what the live store holds; on several cores."""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from seawall.core.errors import EventError, UsageError
from seawall.features import reach_us
from seawall.ingest import DeadLetter, Intake, format_of, read
from seawall.measure.backtest import (
    Tally,
    chunks_of,
    conclude,
    only,
    parquet_chunks,
    prepared,
    run_columns,
    run_sql,
    with_findings,
)
from seawall.measure.backtest.chunks_parquet import row_groups
from seawall.measure.backtest.engine_duckdb import DuckdbEngine
from seawall.measure.backtest.engine_spark import spark_engine
from seawall.measure.backtest.tally import by_key
from seawall.policy.near import did_you_mean
from seawall.signals import KINDS, Detectors
from seawall.signals.memories import remembers
from seawall.store import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from seawall.core.decision import Decision
    from seawall.core.event import Event
    from seawall.measure.backtest import Backtest, Chunk
    from seawall.measure.backtest.ports import SqlEngine
    from seawall.policy.model import Project
    from seawall.review.model import Label
    from seawall.store import Store

ENGINES = ("column", "duckdb", "spark")
"""What can run a backtest."""

_SQL: dict[str, Callable[[], AbstractContextManager[SqlEngine]]] = {
    "duckdb": DuckdbEngine,
    "spark": spark_engine,
}


class History(NamedTuple):
    """Where the events are: a file, or a store with what was decided about each.

    Attributes:
        path: the file.
        store: the store, which has what people concluded too.
        findings: with a file, what people concluded, in the order in which it was known.
    """

    path: Path | None = None
    store: Store | None = None
    findings: Sequence[Finding] = ()


def backtest(
    project: Project,
    history: History,
    *,
    now: int,
    strategies: Collection[str] | None = None,
    labels: Iterable[Label] | None = None,
    engine: str = "column",
    workers: int | None = None,
    recorded: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Backtest:
    """What the strategies of a project would have done.

    Args:
        project: one that checks.
        history: the events.
        now: the clock; events more than five minutes ahead of it are refused.
        strategies: which; None: those that are on.
        labels: what is known to be true; None: nobody was asked.
        engine: one of `ENGINES`.
        workers: processes for a Parquet file; by default one a core.
        recorded: take signals as deciding read them, and weight by the audit sample; only of a store.
        progress: is called with each further number of events judged.

    Raises:
        UsageError: no such engine or strategy, or the file cannot be read.
        ConditionError: a condition does not compile.
    """
    keyed = None if labels is None else by_key(labels)
    chosen = only(project, strategies)
    tally = tallied(
        chosen,
        history,
        now=now,
        labels=keyed,
        engine=engine,
        workers=workers,
        recorded=recorded,
        progress=progress,
    )
    return conclude(chosen, tally, engine=engine, labelled=keyed is not None)


def tallied(
    project: Project,
    history: History,
    *,
    now: int,
    labels: Mapping[tuple[str, str], Label] | None = None,
    engine: str = "column",
    workers: int | None = None,
    recorded: bool = False,
    progress: Callable[[int], None] | None = None,
    against: Mapping[str, Collection[str]] | None = None,
) -> Tally:
    """What the strategies of a project that are on would have done, counted.

    Args:
        project: as `measure.backtest.only` leaves it.
        history: the events.
        now: as `backtest` takes it, like engine, workers and progress.
        labels: as `tally.by_key` makes them.
        engine: one of `ENGINES`.
        workers: processes for a Parquet file.
        recorded: as `backtest` takes it.
        progress: is called with each further number of events judged.
        against: what fired in another backtest of the same history, as `Tally` takes it.

    Raises:
        UsageError: no such engine, or the file cannot be read.
        ConditionError: a condition does not compile.
    """
    if engine not in ENGINES:
        raise UsageError(f"there is no engine {engine!r}", hint=did_you_mean(engine, ENGINES, what="engines"))
    path = history.path
    if recorded and history.store is None:
        message = "a file of events holds no signals that were read"
        raise UsageError(message, hint="--signals recorded goes with --lake or --run; or take --signals anew")
    if path is not None and engine == "column" and format_of(path.name) == "parquet":
        parts = 1 if remembers(project, KINDS) else min(workers or os.cpu_count() or 1, row_groups(path))
        if parts > 1:
            return _in_parts(project, history, now, labels, parts, progress, against)
    with closing(Detectors(project, KINDS)) as detectors:
        chunks, ready = _chunks(project, history, now), prepared(project)
        signals = None if recorded else detectors
        if engine in _SQL and signals is not None and signals.memories:
            hint = "take the engine of columns, which reads a history in order, or --signals recorded"
            raise UsageError("a signal that remembers what came before needs the history in order", hint=hint)
        if engine in _SQL:
            with _SQL[engine]() as sql:
                return run_sql(project, chunks, ready, signals, sql, labels=labels, against=against)
        return run_columns(project, chunks, ready, signals, labels=labels, progress=progress, against=against)


def _in_parts(
    project: Project,
    history: History,
    now: int,
    labels: Mapping[tuple[str, str], Label] | None,
    parts: int,
    progress: Callable[[int], None] | None,
    against: Mapping[str, Collection[str]] | None,
) -> Tally:
    """Consecutive parts of the file, each in its own process; features look back into the part before."""
    whole = Tally()
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(parts, mp_context=context) as pool:
        for tally in pool.map(partial(_part, project, history, now, labels, parts, against), range(parts)):
            whole.merge(tally)
            if progress is not None:
                progress(sum(tally.events.values()))
    return whole


def _part(
    project: Project,
    history: History,
    now: int,
    labels: Mapping[tuple[str, str], Label] | None,
    parts: int,
    against: Mapping[str, Collection[str]] | None,
    part: int,
) -> Tally:
    ready = prepared(project)
    read_by = {name for each in ready.values() for name in each.program.reads}
    reach = reach_us(spec for spec in project.features.values() if spec.name in read_by)
    assert history.path is not None
    chunks = parquet_chunks(project, history.path, now=now, part=part, parts=parts, reach_us=reach)
    chunks = with_findings(chunks, history.findings)
    with closing(Detectors(project, KINDS)) as detectors:
        return run_columns(project, chunks, ready, detectors, labels=labels, against=against)


def _chunks(project: Project, history: History, now: int) -> Iterator[Chunk]:
    if history.store is not None:
        return chunks_of(project, _recorded(project, history.store))
    assert history.path is not None
    if format_of(history.path.name) == "parquet":
        return with_findings(parquet_chunks(project, history.path, now=now), history.findings)
    return with_findings(chunks_of(project, _records(project, history.path, now)), history.findings)


def _recorded(project: Project, store: Store) -> Iterator[tuple[Event, Decision | None] | Finding | None]:
    """What a store holds; an event that is gone, or that its type would not take today, counts as refused.

    An event that was decided again is one event, where it arrived; what was decided last holds.
    """
    last = {each.decision.event_id: each.decision for each in store.between() if each.decision.round > 1}
    for each in store.story():
        if isinstance(each, Finding):
            yield each
            continue
        if each.decision.round > 1:
            continue
        event = each.event
        declared = None if event is None else project.events.get(event.type)
        if event is None or declared is None or not event.fields.keys() >= declared.fields.keys():
            yield None
        else:
            yield event, last.get(event.id, each.decision)


def _records(project: Project, path: Path, now: int) -> Iterator[tuple[Event, Decision | None] | None]:
    intake = Intake(project)
    try:
        stream = path.open("rb")
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error
    with stream:
        for record in read(stream, format_of(path.name), types=project.events):
            if isinstance(record, DeadLetter):
                yield None
                continue
            try:
                yield intake.take(record.data, now=now), None
            except EventError:
                yield None
