"""Which version of the safety project is in force: its files are kept, releases are rows of the ledger."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import insert, select

from seawall.core.diagnostic import Severity
from seawall.core.errors import NotFound, ProjectError, StorageError
from seawall.policy.bundle import bundle, unbundle
from seawall.policy.diagnostics import Diagnostics
from seawall.policy.read import read_project
from seawall.serve.live_since import note_live
from seawall.signals.kinds import KINDS
from seawall.store.audit import append
from seawall.store.failure import storage_error
from seawall.store.files_os import REAL
from seawall.store.replace import replace
from seawall.store.tables import RELEASES

if TYPE_CHECKING:
    from pathlib import Path

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
        bundle: file under the data folder that holds its files.
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
        data: the data folder; files are kept in its `projects/<version>.tar.gz`.
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
            StorageError: it could not be kept.
        """
        packed = bundle(root)
        project = _checked(packed, str(root))
        release = Release(
            release_id=0,
            project_version=project.version,
            bundle=self._keep(project.version, packed),
            released_at=self._clock.now(),
            released_by=by,
            note=note.strip(),
        )
        row = {name: value for name, value in msgspec.structs.asdict(release).items() if name != "release_id"}
        with self._ledger.begin() as connection:
            key = connection.execute(insert(RELEASES).values(**row)).inserted_primary_key
            note_live(connection, project, at=release.released_at)
            append(
                connection,
                at=release.released_at,
                by=by,
                act="release",
                target=project.version,
                detail={"note": release.note},
            )
        return msgspec.structs.replace(release, release_id=key[0] if key else 0)

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
            kept = connection.execute(query).scalar()
        if kept is None:
            raise NotFound(f"project version {version[:12]} was never released here")
        project = _checked(self._read(kept), kept)
        if project.version != version:
            raise StorageError(
                f"the files in {kept} are not those of version {version[:12]}",
                hint="restore the file from a copy; nobody but Seawall may write there",
            )
        with self._lock:
            if len(self._open) >= _MOST_OPEN:
                del self._open[next(iter(self._open))]
            self._open[version] = project
        return project

    def _read(self, kept: str) -> bytes:
        try:
            return (self._data / kept).read_bytes()
        except OSError as error:
            raise storage_error(error, f"reading {kept}") from error

    def _keep(self, version: str, packed: bytes) -> str:
        kept = f"projects/{version}.tar.gz"
        path = self._data / kept
        try:
            if not path.exists():
                REAL.make_dir(path.parent)
                replace(REAL, path, packed)
        except OSError as error:
            raise storage_error(error, f"keeping project version {version[:12]}") from error
        return kept


def _checked(packed: bytes, root: str) -> Project:
    project, diagnostics = read_project(unbundle(packed), Diagnostics(), root=root, kinds=KINDS)
    if project is None:
        raise ProjectError(diagnostics=[one for one in diagnostics if one.severity is Severity.ERROR])
    return project


def _release(row: RowMapping) -> Release:
    return Release(
        release_id=row["release_id"],
        project_version=row["project_version"],
        bundle=row["bundle"],
        released_at=row["released_at"],
        released_by=row["released_by"],
        note=row["note"],
    )
