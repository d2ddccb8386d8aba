"""`seawall backfill`: count new features over what the journal has, or look on while a server does."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from seawall.core.errors import NotFound, UsageError
from seawall.serve.backfill import Backfill, filled
from seawall.serve.cli.working import counting
from seawall.serve.clock import SystemClock
from seawall.serve.filling import progress_in
from seawall.serve.releases import Releases
from seawall.serve.remembered import Remembered
from seawall.serve.settings import Settings
from seawall.serve.wiring import data_folder, make_worker, open_project, open_store

if TYPE_CHECKING:
    from collections.abc import Callable

    from seawall.core.clock import Clock
    from seawall.policy.model import Project
    from seawall.serve.backfill import Progress
    from seawall.serve.worker import Worker
    from seawall.store import Store

CLOCK = SystemClock()
_LOOK_S = 0.5


def backfill(project: Path = typer.Option(Path(), "--project", help="The safety project.")) -> None:
    """Make new features complete from the journal.

    A running server does so by itself after each release, beside the stream; then this shows how far it is
    until it is done. Without a server this counts for the version in force, so that the next start finds its
    features complete. It may be stopped at any time: the next run, or the server, goes on from there.
    """
    settings = Settings()  # pyright: ignore[reportCallIssue]  the environment fills it
    checked = open_project(project)
    data = data_folder(checked, project, settings)
    if not (data / "journal").is_dir():
        raise NotFound(f"nothing was decided in {data} yet", hint="features begin with the first event")
    try:
        store = open_store(checked, project, settings, clock=CLOCK)
    except UsageError as error:
        if not isinstance(error.__cause__, BlockingIOError):
            raise
        _look_on(data)
        return
    with closing(store):
        releases = Releases(store.ledger, data, CLOCK)
        current = releases.current()
        in_force = checked if current is None else releases.open(current.project_version)
        names = count(in_force, store, clock=CLOCK)
    typer.echo(f"complete: {', '.join(names)}" if names else "every feature is complete; nothing was counted")


def count(project: Project, store: Store, *, clock: Clock) -> list[str]:
    """Count what is new in a project over the journal of a store that no server has; the names of it."""
    anew: list[str] = []
    with counting("Recalling", total=None) as recalled:
        worker = make_worker(
            project, store, clock=clock, beside=True, counted=_further(recalled), said=anew.append
        )
    names = sorted(project.features) if anew else _fill(worker, store, clock)
    if names:
        store.control(filled(names, at=clock.now()))
    Remembered(store.path).keep(worker.features, offsets=store.position)
    worker.close()
    return names


def _fill(worker: Worker, store: Store, clock: Clock) -> list[str]:
    if not worker.unfilled:
        return []
    with counting("Counting", total=None) as counted:
        filling = Backfill(
            worker.features,
            worker.unfilled,
            store,
            clock=clock,
            failed=_raised,
            told=_events(_further(counted)),
        )
        filling.run()
        return filling.finish()


def _events(reached: Callable[[int], None]) -> Callable[[Progress], None]:
    return lambda progress: reached(progress.events)


def _look_on(data: Path) -> None:
    progress = progress_in(data)
    if progress is None:
        typer.echo("a server is running, and every feature of the version in force is complete")
        return
    with counting(f"Counting {', '.join(progress.features)}", total=None) as counted:
        reached = _further(counted)
        while progress is not None:
            reached(progress.events)
            time.sleep(_LOOK_S)
            progress = progress_in(data)
    typer.echo("complete")


def _further(counted: Callable[[int], None]) -> Callable[[int], None]:
    """From numbers that rise to how much each is more than the one before."""
    last = 0

    def reached(number: int) -> None:
        nonlocal last
        counted(max(number - last, 0))
        last = number

    return reached


def _raised(error: Exception) -> None:
    raise error
