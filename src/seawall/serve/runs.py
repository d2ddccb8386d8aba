"""Runs over files: each keeps its decisions, and the project that made them, in a folder of its own."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from seawall.core.clock import format_time
from seawall.core.errors import NotFound
from seawall.policy.bundle import bundle, project_of_bundle
from seawall.store import Store
from seawall.store.files_os import REAL
from seawall.store.replace import replace

if TYPE_CHECKING:
    from pathlib import Path

    from seawall.core.clock import Clock
    from seawall.policy.model import Project
    from seawall.store import Recorded

_ABOUT = "run.json"
_BUNDLE = "project.tar.gz"


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """What a run was."""

    run_id: str
    project_version: str
    input: str
    started_at: str
    warm: bool = False


class Runs:
    """The runs in a data folder."""

    def __init__(self, data: Path) -> None:
        self._folder = data / "runs"

    def begin(
        self, project: Project, *, root: Path, input_: str, warm: bool, clock: Clock
    ) -> tuple[Run, Store]:
        """A new run and the store its decisions go to.

        Args:
            project: what decides.
            root: its folder, a copy of which is kept.
            input_: where the events come from, as a person reads it.
            warm: whether features warm up.
            clock: names the run.
        """
        now = clock.now()
        tail = hashlib.sha256(f"{project.version}\0{input_}\0{now}".encode()).hexdigest()[:4]
        started = format_time(now)
        run_id = started[:19].replace("-", "").replace(":", "") + f"-{tail}"
        run = Run(run_id=run_id, project_version=project.version, input=input_, started_at=started, warm=warm)
        folder = self._folder / run_id
        REAL.make_dir(folder)
        replace(REAL, folder / _BUNDLE, bundle(root))
        replace(REAL, folder / _ABOUT, msgspec.json.format(msgspec.json.encode(run)))
        return run, Store.open(folder, clock=clock, effects=False)

    def all(self) -> list[Run]:
        """Every run, the newest first."""
        found = [self._folder / name / _ABOUT for name in REAL.names(self._folder)]
        runs = [msgspec.json.decode(path.read_bytes(), type=Run) for path in found if path.is_file()]
        return sorted(runs, key=lambda run: run.run_id, reverse=True)

    def store(self, run: Run, *, clock: Clock) -> Store:
        """Its decisions, for reading."""
        return Store.open(self._folder / run.run_id, clock=clock, effects=False, read_only=True)

    def project(self, run: Run) -> Project:
        """The project that decided it.

        Raises:
            NotFound: its copy is gone.
        """
        path = self._folder / run.run_id / _BUNDLE
        if not path.is_file():
            raise NotFound(
                f"run {run.run_id} has lost its copy of the project", hint="restore it from a copy"
            )
        return project_of_bundle(path.read_bytes(), name=str(path))

    def find(self, event: str, *, clock: Clock) -> tuple[Run, Recorded] | None:
        """The newest run that decided an event, by the id of the event or of the decision."""
        for run in self.all():
            store = self.store(run, clock=clock)
            try:
                recorded = store.find_event(event) or store.find(event)
            finally:
                store.close()
            if recorded is not None:
                return run, recorded
        return None
