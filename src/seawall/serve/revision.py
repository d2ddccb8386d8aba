"""A safety project as it was at a revision of git, read from git's objects: no file on disk changes."""

from __future__ import annotations

import os
import posixpath
import subprocess
from typing import TYPE_CHECKING, NamedTuple

from seawall.core.diagnostic import Severity, Span
from seawall.core.errors import NotFound, ProjectError, UsageError
from seawall.policy.bundle import MAX_BYTES
from seawall.policy.diagnostics import Diagnostics
from seawall.policy.folder import MAX_FILES, MIB, SETTINGS_PATH, File, belongs, fits
from seawall.policy.read import read_project
from seawall.signals import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from seawall.policy.model import Project

_LINK, _FILES = "120000", ("100644", "100755")
_ELSEWHERE = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"})
"""What a hook sets, which would make git look at another folder than the one that is named."""


class _Blob(NamedTuple):
    mode: str
    oid: str
    size: int


def project_at(root: Path, revision: str) -> Project:
    """The project in a folder as it was at a revision: a commit, tag, branch, or `HEAD~2`.

    Raises:
        UsageError: there is no git, or the folder is in no repository.
        NotFound: there is no such revision, or no project in the folder then.
        ProjectError: what was there does not check; carries every diagnostic.
    """
    if not root.is_dir():
        raise NotFound(f"{root} is no folder", hint="name the folder that holds seawall.yml")
    _git(root, "rev-parse", "--git-dir")
    asked = f"{revision}^{{commit}}"
    known = _run(root, "rev-parse", "--verify", "--quiet", "--end-of-options", asked)
    if known.returncode:
        raise NotFound(
            f"there is no revision {revision!r} in the repository of {root}",
            hint="a commit, tag or branch that `git log` knows; a shallow clone has few",
        )
    found = Diagnostics()
    files = _files(root, known.stdout.decode().strip(), found)
    if not any(file.path == SETTINGS_PATH for file in files):
        raise NotFound(f"there was no seawall.yml in {root} at {revision}", hint="name a later revision")
    project, diagnostics = read_project(files, found, root=str(root), kinds=KINDS)
    if project is None:
        errors = [each for each in diagnostics if each.severity is Severity.ERROR]
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        message = f"the project does not check at {revision}: {errors[0].message}{more}"
        raise ProjectError(message, diagnostics=errors)
    return project


def _files(root: Path, commit: str, found: Diagnostics) -> tuple[File, ...]:
    """The files of the project, by path, as `policy.folder.read_folder` has them of a folder."""
    listed = dict(_listed(root, commit))
    wanted = {
        path: blob
        for path, blob in listed.items()
        if not any(part.startswith(".") for part in path.split("/")) and belongs(path, found)
    }
    wanted = _followed(root, wanted, listed, found)
    if len(wanted) > MAX_FILES:
        found.error("too-large", Span(SETTINGS_PATH), f"a project has at most {MAX_FILES} files")
        return ()
    small = {path: blob for path, blob in wanted.items() if fits(path, blob.size, found)}
    if sum(blob.size for blob in small.values()) > MAX_BYTES:
        message = f"the files of a project have at most {MAX_BYTES // MIB} MiB together"
        found.error("too-large", Span(SETTINGS_PATH), message)
        return ()
    contents = _contents(root, [blob.oid for blob in small.values()])
    return tuple(File(path, contents[blob.oid]) for path, blob in sorted(small.items()))


def _listed(root: Path, commit: str) -> Iterator[tuple[str, _Blob]]:
    """Every file below the folder, by its path from there."""
    for line in _git(root, "ls-tree", "-r", "-z", "-l", commit).split(b"\0"):
        described, tab, path = line.partition(b"\t")
        if not tab:
            continue
        mode, kind, oid, size = described.decode().split()
        try:
            name = path.decode()
        except UnicodeDecodeError:
            continue  # `read_folder` does not take such a name either
        if kind == "blob":
            yield name, _Blob(mode, oid, int(size))


def _followed(
    root: Path, wanted: Mapping[str, _Blob], listed: Mapping[str, _Blob], found: Diagnostics
) -> dict[str, _Blob]:
    """The same with links replaced by the files of the folder that they lead to."""
    targets = _contents(root, [blob.oid for blob in wanted.values() if blob.mode == _LINK])
    followed: dict[str, _Blob] = {}
    for path, blob in wanted.items():
        if blob.mode != _LINK:
            followed[path] = blob
            continue
        target = targets[blob.oid].decode("utf-8", "replace")
        to = listed.get(posixpath.normpath(posixpath.join(posixpath.dirname(path), target)))
        if to is not None and to.mode in _FILES:
            followed[path] = to
        else:
            message = "this link leads to no file in the project's folder, so it is not followed"
            found.error("leaves-folder", Span(path), message, hint="copy the file into the project")
    return followed


def _contents(root: Path, oids: Sequence[str]) -> dict[str, bytes]:
    """Contents by object id, as they are kept: no filter of the repository is run."""
    if not oids:
        return {}
    said = _git(root, "cat-file", "--batch", given="".join(f"{oid}\n" for oid in oids).encode())
    contents: dict[str, bytes] = {}
    at = 0
    for oid in oids:
        end = said.index(b"\n", at)
        head = said[at:end].decode().split()
        if len(head) != 3:
            raise UsageError(
                f"git does not have {oid}", hint="fetch the whole history: git fetch --unshallow"
            )
        start, size = end + 1, int(head[2])
        contents[oid] = said[start : start + size]
        at = start + size + 1
    return contents


def _git(root: Path, *arguments: str, given: bytes = b"") -> bytes:
    done = _run(root, *arguments, given=given)
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        reason = said[0].removeprefix("fatal: ") if said else f"exit status {done.returncode}"
        raise UsageError(f"git cannot read {root}: {reason}", hint="keep the project in a git repository")
    return done.stdout


def _run(root: Path, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    kept = {name: value for name, value in os.environ.items() if name not in _ELSEWHERE}
    command = ["git", "-C", str(root), *arguments]
    try:
        return subprocess.run(  # noqa: S603  no shell, and a revision cannot be taken for an option
            command, input=given, capture_output=True, check=False, env=kept
        )
    except FileNotFoundError as error:
        raise UsageError("there is no git on this machine", hint="install git") from error
