"""A new project: the starter project copied into a folder, whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from importlib.resources import as_file, files
from pathlib import Path

from seawall.core.errors import StorageError, UsageError
from seawall.policy.folder import SETTINGS_PATH

PASSED_OVER = shutil.ignore_patterns("__pycache__", "__init__.py")
KEPT = frozenset({".git"})
"""What a folder may hold and still count as empty."""


def scaffold(target: Path, *, starter: Path | None = None) -> tuple[str, ...]:
    """Copy the starter project into `target` and return the paths of its files.

    It is copied beside the target first and then put in place, seawall.yml last, as it makes a project.

    Raises:
        UsageError: the target is a file or a folder that holds something.
        StorageError: it could not be written; then nothing is left behind.
    """
    target = target.resolve()
    _refuse_occupied(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".seawall-init-", dir=target.parent) as scratch:
            fresh = Path(scratch) / "project"
            with as_file(files("seawall.policy").joinpath("starter")) as built_in:
                shutil.copytree(starter or built_in, fresh, ignore=PASSED_OVER)
            paths = tuple(sorted(str(path.relative_to(fresh)) for path in fresh.rglob("*") if path.is_file()))
            _put_in_place(fresh, target)
    except OSError as error:
        message = f"the project could not be written to {target}: {error.strerror}"
        raise StorageError(message, hint="see that there is room and that you may write there") from error
    return paths


def _refuse_occupied(target: Path) -> None:
    if target.exists() and not target.is_dir():
        raise UsageError(f"{target} is a file", hint="name a folder that is empty or does not exist yet")
    if not target.is_dir():
        return
    held = sorted(entry.name for entry in target.iterdir() if entry.name not in KEPT)
    if SETTINGS_PATH in held:
        raise UsageError(f"{target} is a project already", hint=f"look at it with: seawall check {target}")
    if held:
        message = f"{target} is not empty: it holds {held[0]}" + (
            f" and {len(held) - 1} more" if held[1:] else ""
        )
        raise UsageError(message, hint="name a folder that is empty or does not exist yet")


def _put_in_place(fresh: Path, target: Path) -> None:
    if not target.exists():
        fresh.rename(target)
        return
    placed = list[Path]()
    try:  # an existing folder is filled rather than replaced, since a shell may stand in it
        for entry in sorted(fresh.iterdir(), key=lambda path: (path.name == SETTINGS_PATH, path.name)):
            entry.rename(target / entry.name)
            placed.append(target / entry.name)
    except OSError:
        for path in placed:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        raise
