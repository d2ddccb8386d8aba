"""A demo's folder: the project, the simulated day, and deciding it into the live journal and ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seawall.core.errors import EventError
from seawall.ingest import DeadLetter, Intake, read
from seawall.policy.folder import SETTINGS_PATH
from seawall.policy.scaffold import scaffold
from seawall.serve.releases import Releases
from seawall.serve.stream import decide_stream
from seawall.serve.wiring import data_folder, open_project, open_store
from seawall.serve.worker import Worker
from seawall.simulate import write_day
from seawall.simulate.rhythm import HOUR, MINUTE, Period

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from seawall.core.clock import Clock
    from seawall.serve.settings import Settings

SEED = 1


class Paths(NamedTuple):
    """Where a demo keeps what is its own, inside the data folder of its project."""

    root: Path
    folder: Path

    @property
    def events(self) -> Path:
        """The simulated day."""
        return self.folder / "day.jsonl"

    @property
    def truth(self) -> Path:
        """What is true of each of its events."""
        return self.folder / "truth.jsonl"

    @property
    def decisions(self) -> Path:
        """What was decided on each, in the same order."""
        return self.folder / "decisions.jsonl"

    @property
    def guide(self) -> Path:
        """The stories and the pages they end on; there only when everything before it is."""
        return self.folder / "stories.json"


def prepare(root: Path, settings: Settings) -> tuple[Paths, bool]:
    """The folder of a demo, and whether its project was made just now.

    Raises:
        UsageError: the folder holds something else.
        ProjectError: the project in it does not check.
    """
    made = not (root / SETTINGS_PATH).is_file()
    if made:
        scaffold(root)
    folder = data_folder(open_project(root), root, settings) / "demo"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Paths(root, folder), made


def simulate_day(paths: Paths, *, events: int, clock: Clock, progress: Callable[[int], None]) -> None:
    """Write the day that ends now."""
    now = clock.now() // MINUTE * MINUTE
    period = Period(now - 24 * HOUR, 24 * HOUR)
    paths.decisions.unlink(missing_ok=True)
    write_day(period, events=events, seed=SEED, output=paths.events, truth=paths.truth, progress=progress)


def decide_day(paths: Paths, settings: Settings, *, clock: Clock, progress: Callable[[int], None]) -> None:
    """Decide the day as a server would: released, durable, projected. What was decided before stays as it is.

    Raises:
        UsageError: another process serves this project.
        EventError: an event does not fit, which a project edited by hand may bring about.
        StorageError: disk or database refuse.
    """
    edited = open_project(paths.root)
    store = open_store(edited, paths.root, settings, clock=clock)
    try:
        releases = Releases(store.ledger, data_folder(edited, paths.root, settings), clock)
        release = releases.current() or releases.release(paths.root, by="demo", note="first release")
        project = releases.open(release.project_version)
        # The platform opened when its day began: there is no past that a window could have missed.
        worker = Worker(project, store=store, clock=clock, warm=False)
        part = paths.decisions.with_name("decisions.jsonl.part")
        with paths.events.open("rb") as events, part.open("wb") as decisions:
            decide_stream(
                read(events, "jsonl", types=project.events),
                intake=Intake(project),
                worker=worker,
                clock=clock,
                emit=decisions.write,
                bury=_refuse,
                progress=progress,
            )
        worker.close()
        store.project()
        store.seal(now=True)
        part.replace(paths.decisions)
    finally:
        store.close()


def _refuse(letter: DeadLetter) -> None:
    raise EventError(
        f"a simulated event does not fit this project: {letter.reason}",
        field=letter.field,
        hint="run the demo in another folder: seawall demo --dir OTHER",
    )
