"""A change to one file of the project: checked as if it were saved, then saved, or not at all."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from seawall.core.diagnostic import Severity
from seawall.core.errors import Conflict, NotFound, ProjectError
from seawall.policy.diagnostics import Diagnostics
from seawall.policy.folder import File, read_folder
from seawall.policy.read import read_project
from seawall.signals import KINDS
from seawall.store.failure import storage_error
from seawall.store.files_os import REAL
from seawall.store.replace import replace

if TYPE_CHECKING:
    from seawall.core.diagnostic import Diagnostic
    from seawall.policy.model import Project


class Draft(msgspec.Struct, frozen=True):
    """A file as it lies in the folder, for someone to edit.

    Attributes:
        path: relative to the root.
        text: its content.
        stamp: SHA-256 of its bytes, so that a change by another is noticed.
    """

    path: str
    text: str
    stamp: str


def open_draft(root: Path, path: str) -> Draft:
    """A file of the project.

    Raises:
        NotFound: the folder's project has no such file.
    """
    found = next((file for file in read_folder(root, Diagnostics()) if file.path == path), None)
    if found is None:
        raise NotFound(f"{path} is no file of the project in its folder", hint="it may have been moved since")
    return Draft(found.path, found.content.decode("utf-8", "replace"), found.sha256)


def check_draft(root: Path, path: str, text: str) -> tuple[Project | None, list[Diagnostic]]:
    """What `seawall check` would say if a file read so; nothing is written."""
    found = Diagnostics()
    files = tuple(
        File(path, text.encode()) if file.path == path else file for file in read_folder(root, found)
    )
    return read_project(files, found, root=str(root), kinds=KINDS)


def save_draft(root: Path, path: str, text: str, *, stamp: str) -> None:
    """Write a file, if the project then checks and nobody else has changed the file.

    Raises:
        ProjectError: the project would not check; nothing was written.
        Conflict: the file is not the one that was opened; nothing was written.
        StorageError: it could not be written.
    """
    if open_draft(root, path).stamp != stamp:
        raise Conflict(
            f"{path} was changed in the folder since you opened it; nothing was written",
            hint="copy your change, load the page again, and make it on the new text",
        )
    project, diagnostics = check_draft(root, path, text)
    if project is None:
        raise ProjectError(diagnostics=[one for one in diagnostics if one.severity is Severity.ERROR])
    if hashlib.sha256(text.encode()).hexdigest() == stamp:
        return
    try:
        replace(REAL, root / Path(path), text.encode())
    except OSError as error:
        raise storage_error(error, f"writing {path}") from error


def changed_files(root: Path, in_force: Project) -> list[str]:
    """The files in the folder that differ from the version in force: changed, new, or gone."""
    now = {file.path: file.sha256 for file in read_folder(root, Diagnostics())}
    names = now.keys() | in_force.files.keys()
    return sorted(name for name in names if now.get(name) != in_force.files.get(name))
