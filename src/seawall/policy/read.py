"""Read a safety project from its folder: everything that is wrong with it at once, or the project."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from seawall.core.diagnostic import Severity
from seawall.core.errors import ProjectError
from seawall.policy.build import build_project
from seawall.policy.check import check_project
from seawall.policy.checks.kinds import check_kinds
from seawall.policy.diagnostics import Diagnostics
from seawall.policy.draft import draft_project
from seawall.policy.folder import File, read_folder
from seawall.policy.version import project_version

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from seawall.core.diagnostic import Diagnostic
    from seawall.policy.model import Project
    from seawall.policy.ports import SignalKind


def load_project(
    root: Path, *, kinds: Mapping[str, SignalKind] | None = None
) -> tuple[Project | None, list[Diagnostic]]:
    """The project in `root`, or None if anything is an error; and all there is to say about it, by place.

    Args:
        root: the folder that holds seawall.yml.
        kinds: the kinds of signal there are; without them, a signal's kind and options are taken as written.
    """
    found = Diagnostics()
    return read_project(read_folder(root, found), found, root=str(root), kinds=kinds)


def read_project(
    files: tuple[File, ...], found: Diagnostics, *, root: str, kinds: Mapping[str, SignalKind] | None = None
) -> tuple[Project | None, list[Diagnostic]]:
    """The same of files that have been read from wherever they are kept."""
    draft = draft_project(files, found)
    project = build_project(draft, root=root, files={file.path: file.sha256 for file in files}, found=found)
    if files:
        check_project(draft, project, found)
        if kinds is not None:
            check_kinds(kinds, draft, project, found)
    diagnostics = found.sorted(draft.sources)
    if found.has_errors:
        return None, diagnostics
    return msgspec.structs.replace(project, version=project_version(project)), diagnostics


def require_project(root: Path, *, kinds: Mapping[str, SignalKind] | None = None) -> Project:
    """The project in `root`.

    Raises:
        ProjectError: it does not check; the error carries every diagnostic.
    """
    project, diagnostics = load_project(root, kinds=kinds)
    if project is None:
        errors = [found for found in diagnostics if found.severity is Severity.ERROR]
        raise ProjectError(diagnostics=errors)
    return project
