"""`seawall replay`: decide again what was decided, and list what differs."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import typer

from seawall.core.errors import UsageError
from seawall.features import Limits, reach_us
from seawall.ingest.scalars import timestamp
from seawall.serve.cli.working import counting
from seawall.serve.clock import SystemClock
from seawall.serve.decided import Decided
from seawall.serve.replay import RecordedInputs, recomputed
from seawall.serve.settings import Settings
from seawall.serve.wiring import open_project

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from seawall.policy.model import Project
    from seawall.serve.replay import Difference, Replayed
    from seawall.serve.runs import Run
    from seawall.store import Store

DIFFERENT = 1
"""Exit status when recorded inputs do not give the recorded decision."""

_SHOWN = 20


def replay(
    since: str = typer.Option(..., "--from", metavar="T", help="Event time, RFC 3339, inclusive."),
    until: str = typer.Option(..., "--to", metavar="T", help="Event time, RFC 3339, exclusive."),
    project: Path = typer.Option(Path(), "--project", help="The safety project."),
    recomputed_: bool = typer.Option(
        False, "--recomputed", help="Count features and compute signals anew, by the folder as it is."
    ),
    run_id: str | None = typer.Option(
        None, "--run", help="A run. [default: the live journal, else the newest run]"
    ),
) -> None:
    """Decide again what was decided between two times.

    From the recorded inputs, by the version that decided, the decisions must be identical: if one is not, the
    exit status is 1. With --recomputed, differences are listed and the exit status is 0.
    """
    start, stop = timestamp("--from", since), timestamp("--to", until)
    if start >= stop:
        raise UsageError("--from is not before --to")
    decided = Decided(project, Settings(), clock=SystemClock())  # pyright: ignore[reportCallIssue]
    store, run = decided.journal(run_id)
    where = "the live journal" if run is None else f"run {run.run_id}"
    try:
        with counting("Replaying", total=None) as progress:
            if recomputed_:
                replayed = _recomputed(store, open_project(project), run, start, stop)
            else:
                controls = store.controls()
                inputs = RecordedInputs(
                    lambda version: decided.project(version, run), controls, find=store.find
                )
                replayed = (inputs.replay(each) for each in store.between(start, stop))
            different = _report(replayed, where, progress)
    finally:
        store.close()
    if different and not recomputed_:
        raise typer.Exit(DIFFERENT)


def _recomputed(store: Store, project: Project, run: Run | None, start: int, stop: int) -> Iterable[Replayed]:
    reach = reach_us(project.features.values())
    stream = store.story(start - reach - Limits().lateness_us, stop)
    warm = run is not None and run.warm
    return recomputed(stream, project, since=start, until=stop, warm=warm, controls=store.controls())


def _report(replayed: Iterable[Replayed], where: str, progress: Callable[[int], None]) -> int:
    same, skipped = 0, Counter[str]()
    different: list[Difference] = []
    names = Counter[str]()
    total = 0
    for each in replayed:
        progress(1)
        if each.skipped is not None:
            skipped[each.skipped] += 1
        elif each.difference is None:
            same += 1
        else:
            total += 1
            names.update(list(each.difference.fields))
            if len(different) < _SHOWN:
                different.append(each.difference)
    for difference in different:
        typer.echo(f"{difference.event_id} (decision {difference.decision_id})")
        for name, (before, now) in difference.fields.items():
            typer.echo(f"  {name}: {_short(before)} -> {_short(now)}")
    if total > len(different):
        typer.echo(f"... and {total - len(different):,} more")
    typer.echo(f"{same:,} the same, {total:,} different, {skipped.total():,} not replayed, in {where}")
    if names:
        typer.echo("different in: " + ", ".join(f"{name} {count:,}" for name, count in names.most_common()))
    for reason, count in skipped.most_common():
        typer.echo(f"not replayed: {reason} {count:,}")
    return total


def _short(value: object) -> str:
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= 200 else text[:199] + "…"
