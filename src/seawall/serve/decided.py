"""What was decided, wherever it is kept: the live journal or a run; and the version that decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seawall.core.errors import NotFound
from seawall.serve.replay import in_force_at
from seawall.serve.runs import Runs
from seawall.serve.wiring import data_folder, open_project
from seawall.store import Store
from seawall.store.held import Held

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from seawall.core.clock import Clock
    from seawall.core.decision import Decision
    from seawall.policy.model import Project
    from seawall.serve.runs import Run
    from seawall.serve.settings import Settings
    from seawall.store import Recorded


class Found(NamedTuple):
    """A decision and where it lies: a run, or None for the live journal."""

    recorded: Recorded
    run: Run | None


class Decided:
    """The decisions of one project folder, for reading."""

    def __init__(self, root: Path, settings: Settings, *, clock: Clock) -> None:
        self._root = root
        self._clock = clock
        self._current = open_project(root)
        self._data = data_folder(self._current, root, settings)
        self.runs = Runs(self._data)
        self._versions: dict[str, Project] = {self._current.version: self._current}

    def find(self, event: str) -> Found:
        """The newest decision on an event, by the id of either; the live journal is asked first.

        Raises:
            NotFound: nobody decided it.
        """
        for store, run in self._stores():
            recorded = store.find_event(event) or store.find(event)
            if recorded is not None:
                return Found(recorded, run)
        raise NotFound(
            f"no decision on {event!r} in {self._data}",
            hint="the id of an event or of a decision; or name a file that holds the event",
        )

    def journal(self, run_id: str | None) -> tuple[Store, Run | None]:
        """One run's decisions; without an id the live journal, or the newest run where nothing was live.

        Raises:
            NotFound: there is no such run, or nothing was decided here.
        """
        if run_id is None and self._is_live():
            return self._live(), None
        runs = self.runs.all()
        for run in runs:
            if run_id in {None, run.run_id}:
                return self.runs.store(run, clock=self._clock), run
        known = ", ".join(run.run_id for run in runs[:5])
        if run_id is not None:
            raise NotFound(f"there is no run {run_id!r}", hint=f"runs: {known}" if known else None)
        raise NotFound(f"nothing was decided in {self._data}", hint="decide something first: seawall decide")

    def project(self, version: str, run: Run | None) -> Project:
        """The version that decided.

        Raises:
            NotFound: it is kept nowhere here.
        """
        if version not in self._versions:
            self._versions[version] = self._kept(version, run)
        return self._versions[version]

    def held(self, decision: Decision, run: Run | None) -> Held:
        """What control records held when it was decided; nothing in a run, or where they are not kept."""
        project = self.project(decision.project_version, run)
        if run is not None or decision.effective_version in {"", project.version}:
            return Held()
        store = self._live()
        try:
            return in_force_at(project, store.controls(), decision.effective_version).held
        except NotFound:
            return Held()
        finally:
            store.close()

    def _kept(self, version: str, run: Run | None) -> Project:
        released = self._data / "projects" / version
        if run is None and released.is_dir():
            return open_project(released)
        for each in self.runs.all() if run is None else [run]:
            if each.project_version == version:
                return self.runs.project(each)
        raise NotFound(f"project version {version[:12]} is kept nowhere in {self._data}")

    def _stores(self) -> Generator[tuple[Store, Run | None]]:
        if self._is_live():
            store = self._live()
            yield store, None
            store.close()
        for run in self.runs.all():
            store = self.runs.store(run, clock=self._clock)
            yield store, run
            store.close()

    def _is_live(self) -> bool:
        return (self._data / "journal").is_dir()

    def _live(self) -> Store:
        return Store.open(self._data, clock=self._clock, read_only=True, effects=False)
