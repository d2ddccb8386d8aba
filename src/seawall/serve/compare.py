"""What a change of a project changes: the strategies that differ, backtested before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from seawall.measure.backtest import Tally, compare, conclude, only
from seawall.measure.backtest.tally import by_key
from seawall.policy.changed import changed_strategies
from seawall.policy.model import Mode
from seawall.serve.backtest import tallied

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from seawall.measure.backtest import Comparison
    from seawall.policy.model import Project
    from seawall.review.model import Label
    from seawall.serve.backtest import History


def compared(
    before: Project,
    after: Project,
    history: History,
    *,
    names: tuple[str, str],
    now: int,
    labels: Iterable[Label] | None = None,
    engine: str = "column",
    workers: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Comparison:
    """Backtest every strategy that differs, on both sides; one that is off on a side does not fire there.

    Args:
        before: a project that checks.
        after: likewise.
        history: the events.
        names: what the two are called.
        now: as `serve.backtest.backtest` takes it, like labels, engine, workers and progress.
        labels: what is known to be true; None: nobody was asked.
        engine: column or duckdb.
        workers: processes for a Parquet file.
        progress: is called with each further number of events judged.

    Raises:
        UsageError: no such engine, or the file cannot be read.
        ConditionError: a condition does not compile.
    """
    changes = changed_strategies(before, after)
    keyed = None if labels is None else by_key(labels)

    def judged(side: Project, against: Mapping[str, Collection[str]]) -> tuple[Project, Tally]:
        on = [name for name in changes if _mode(side, name) not in ("", Mode.OFF)]
        chosen = only(side, on)
        if not on:
            return chosen, Tally(against)
        return chosen, tallied(
            chosen,
            history,
            now=now,
            labels=keyed,
            engine=engine,
            workers=workers,
            progress=progress,
            against=against,
        )

    one, was = judged(before, {})
    fired = {name: frozenset(counted.ids) for name, counted in was.strategies.items()}
    other, is_ = judged(after, fired)
    return compare(
        names,
        (
            conclude(one, was, engine=engine, labelled=keyed is not None),
            conclude(other, is_, engine=engine, labelled=keyed is not None),
        ),
        fired=(fired, {name: counted.ids for name, counted in is_.strategies.items()}),
        changes=changes,
        modes={name: (_mode(before, name), _mode(after, name)) for name in changes},
    )


def expecting(project: Project) -> list[str]:
    """Strategies that are on and promise something."""
    return [
        name
        for name, each in project.strategies.items()
        if each.mode is not Mode.OFF
        and any(value is not None for value in msgspec.structs.astuple(each.expect))
    ]


def _mode(project: Project, name: str) -> str:
    return str(project.strategies[name].mode) if name in project.strategies else ""
