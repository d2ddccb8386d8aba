"""Which version of the safety project is in force: its files are kept, and each release is a row in the ledger."""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import insert, select

from seawall.core.errors import Conflict, NotFound, StorageError
from seawall.policy.read import require_project
from seawall.store.audit import append
from seawall.store.failure import storage_error
from seawall.store.files_os import REAL
from seawall.store.replace import replace
from seawall.store.tables import RELEASES

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

    from seawall.core.clock import Clock
    from seawall.policy.model import Project
    from seawall.store.ledger import Ledger

_MOST_OPEN = 8


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """A version of the project that was put in force.

    Attributes:
        release_id: rises by one with each release.
        project_version: hash of what decides.
        bundle: folder under the data folder that holds its files.
        released_at: microseconds.
        released_by: who did it.
        note: why, in their words.
    """

    release_id: int
    project_version: str
    bundle: str
    released_at: int
    released_by: str
    note: str


class Releases:
    """Keeps projects by version and says which is in force.

    Args:
        ledger: where the rows are.
        data: the data folder; files are kept in its `projects/<version>`.
        clock: what time it is.
    """

    def __init__(self, ledger: Ledger, data: Path, clock: Clock) -> None:
        self._ledger = ledger
        self._data = data
        self._clock = clock
        self._open: dict[str, Project] = {}
        self._lock = Lock()

    def release(self, root: Path, *, by: str, note: str = "") -> Release:
        """Check the project in a folder, keep its files, and put it in force.

        Raises:
            ProjectError: it does not check; what is in force stays.
            Conflict: a file changed while it was read.
            StorageError: it could not be kept.
        """
        project = require_project(root)
        bundle = self._keep(project)
        now = self._clock.now()
        row = {
            "project_version": project.version,
            "bundle": bundle,
            "released_at": now,
            "released_by": by,
            "note": note.strip(),
        }
        with self._ledger.begin() as connection:
            release_id = connection.execute(insert(RELEASES).values(**row)).inserted_primary_key
            detail = {"note": note.strip()}
            append(connection, at=now, by=by, act="release", target=project.version, detail=detail)
        return Release(release_id=release_id[0] if release_id else 0, **row)

    def current(self) -> Release | None:
        """What is in force."""
        return next(iter(self.all(limit=1)), None)

    def all(self, *, limit: int = 100) -> list[Release]:
        """Releases, the newest first."""
        query = select(RELEASES).order_by(RELEASES.c.release_id.desc()).limit(limit)
        with self._ledger.read() as connection:
            return [_release(row) for row in connection.execute(query).mappings()]

    def open(self, version: str) -> Project:
        """The project of a version that was kept.

        Raises:
            NotFound: it was never released here.
            ProjectError: its files do not check any more.
            StorageError: they are not the files that were kept.
        """
        with self._lock:
            if version in self._open:
                return self._open[version]
        query = select(RELEASES.c.bundle).where(RELEASES.c.project_version == version).limit(1)
        with self._ledger.read() as connection:
            bundle = connection.execute(query).scalar()
        if bundle is None:
            raise NotFound(f"project version {version[:12]} was never released here")
        project = require_project(self._data / bundle)
        if project.version != version:
            raise StorageError(
                f"the files in {bundle} are not those of version {version[:12]}",
                hint="restore the folder from a copy; nobody but Seawall may write there",
            )
        with self._lock:
            if len(self._open) >= _MOST_OPEN:
                del self._open[next(iter(self._open))]
            self._open[version] = project
        return project

    def _keep(self, project: Project) -> str:
        bundle = f"projects/{project.version}"
        target = self._data / bundle
        if target.is_dir():
            return bundle
        fresh = target.with_name(f"{project.version}.new")
        try:
            for name in project.files:
                path = fresh / name
                REAL.make_dir(path.parent)
                replace(REAL, path, (Path(project.root) / name).read_bytes())
            if require_project(fresh).version != project.version:
                raise Conflict(
                    "a file of the project changed while it was read", hint="release again when it is still"
                )
            REAL.rename(fresh, target)
            REAL.sync_dir(target.parent)
        except OSError as error:
            raise storage_error(error, f"keeping project version {project.version[:12]}") from error
        return bundle


def _release(row: RowMapping) -> Release:
    return Release(
        release_id=row["release_id"],
        project_version=row["project_version"],
        bundle=row["bundle"],
        released_at=row["released_at"],
        released_by=row["released_by"],
        note=row["note"],
    )
