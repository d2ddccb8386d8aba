"""A project as one piece of bytes, so that the version that decided can be read again years later."""

from __future__ import annotations

import gzip
import io
import tarfile
import zlib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from seawall.core.diagnostic import Severity
from seawall.core.errors import Corrupt, ProjectError
from seawall.policy.diagnostics import Diagnostics
from seawall.policy.folder import MAX_FILES, MIB, File, read_folder
from seawall.policy.read import read_project

if TYPE_CHECKING:
    from pathlib import Path

    from seawall.policy.model import Project

MAX_BYTES = 512 * MIB
"""Of all files together, so that no small archive can unfold into a large one."""


def bundle(root: Path) -> bytes:
    """The files of the project in `root` as a tar.gz; the same files always give the same bytes.

    Raises:
        ProjectError: the folder cannot be read as one.
    """
    found = Diagnostics()
    files = read_folder(root, found)
    if found.has_errors:
        raise ProjectError(diagnostics=[each for each in found.sorted({}) if each.severity is Severity.ERROR])
    packed = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=packed, mode="wb", mtime=0, filename="") as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for file in files:
            entry = tarfile.TarInfo(file.path)  # without owner, time or mode of this machine
            entry.size = len(file.content)
            archive.addfile(entry, io.BytesIO(file.content))
    return packed.getvalue()


def unbundle(packed: bytes) -> tuple[File, ...]:
    """The files in a bundle, by path; nothing is written to disk.

    Raises:
        Corrupt: it is no bundle, or not a whole one.
    """
    files = list[File]()
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(packed)) as zipped:
            plain = zipped.read(MAX_BYTES + 1)  # to its end, where the checksum stands
        if len(plain) > MAX_BYTES:
            raise Corrupt(f"the bundle unfolds to more than {MAX_BYTES // MIB} MiB")
        with tarfile.open(fileobj=io.BytesIO(plain), mode="r:") as archive:
            for entry in archive:
                content = archive.extractfile(entry) if entry.isreg() else None
                if content is None or len(files) >= MAX_FILES or not _is_inside(entry.name):
                    raise Corrupt(f"the bundle holds {entry.name!r}, which no project has")
                files.append(File(entry.name, content.read()))
    except (tarfile.TarError, EOFError, OSError, zlib.error, UnicodeError, ValueError) as error:
        raise Corrupt("this is no bundle of a project", hint="restore it from a copy") from error
    return tuple(sorted(files, key=lambda file: file.path))


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts


def project_of_bundle(packed: bytes, *, name: str = "bundle") -> Project:
    """The project in a bundle.

    Raises:
        Corrupt: it is no bundle.
        ProjectError: what is in it does not check.
    """
    project, diagnostics = read_project(unbundle(packed), Diagnostics(), root=name)
    if project is None:
        raise ProjectError(diagnostics=[each for each in diagnostics if each.severity is Severity.ERROR])
    return project
