"""The project's folder as text: which files are part of it, decoded, and never a file outside it."""

from __future__ import annotations

import codecs
import hashlib
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from seawall.core.diagnostic import Span
from seawall.policy.near import did_you_mean
from seawall.policy.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seawall.policy.diagnostics import Diagnostics

SETTINGS_PATH = "seawall.yml"
MIB = 1 << 20
MAX_FILES = 10_000
MAX_DEPTH = 16

SUFFIXES: dict[str, tuple[str, ...]] = {
    "events": (".yml",),
    "signals": (".yml",),
    "features": (".yml",),
    "lists": (".txt", ".csv"),
    "banks": (".yml",),
    "definitions": (".yml",),
    "policies": (".md",),
    "strategies": (".yml",),
    "queues": (".yml",),
    "endpoints": (".yml",),
    "tests": (".yml",),
}
"""The folders of a project, and which files in them are read."""

_LIMITS = {".yml": MIB, ".md": MIB, ".txt": 64 * MIB, ".csv": 64 * MIB}
_NOT_UTF8 = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}


class File(msgspec.Struct, frozen=True):
    """A file of the project as bytes, with its path relative to the root."""

    path: str
    content: bytes

    @property
    def folder(self) -> str:
        """Its first folder, which says what kind it is; empty for seawall.yml."""
        head, slash, _ = self.path.partition("/")
        return head if slash else ""

    @property
    def sha256(self) -> str:
        """Of its bytes, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


def read_folder(root: Path, found: Diagnostics) -> tuple[File, ...]:
    """Every file of the project in `root`, by path; what lies wrong or cannot be read is reported."""
    if not root.is_dir():
        message = f"{root} is no folder"
        found.error("no-project", Span(SETTINGS_PATH), message, hint="name the folder that holds seawall.yml")
        return ()
    real_root = root.resolve()
    if not (root / SETTINGS_PATH).exists():
        other = "rename seawall.yaml to seawall.yml" if (root / "seawall.yaml").exists() else None
        hint = other or f"make a project with: seawall init {root}"
        found.error("no-project", Span(SETTINGS_PATH), f"there is no seawall.yml in {root}", hint=hint)
        return ()
    files = list[File]()
    for path, relative in _walk(root, "", real_root, 0, found):
        if len(files) >= MAX_FILES:
            found.error("too-large", Span(SETTINGS_PATH), f"a project has at most {MAX_FILES} files")
            break
        content = _read(path, relative, found) if belongs(relative, found) else None
        if content is not None:
            files.append(File(relative, content))
    return tuple(sorted(files, key=lambda file: file.path))


def _walk(
    folder: Path, prefix: str, real_root: Path, depth: int, found: Diagnostics
) -> Iterator[tuple[Path, str]]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        found.error("unreadable", Span(prefix.rstrip("/") or "."), f"cannot be listed: {error.strerror}")
        return
    for entry in entries:
        path, relative = Path(entry.path), prefix + entry.name
        if entry.name.startswith(".") or not _is_project_part(relative):
            continue
        if entry.is_symlink() and not _stays_inside(path, real_root):
            message = "this link leads out of the project's folder, so it is not followed"
            found.error("leaves-folder", Span(relative), message, hint="copy the file into the project")
        elif entry.is_dir():
            if entry.is_symlink():
                message = "a link to a folder is not followed"
                found.warn("misplaced-file", Span(relative), message, hint="put the folder itself here")
            elif depth >= MAX_DEPTH:
                found.error("too-deep", Span(relative), f"more than {MAX_DEPTH} folders in one another")
            else:
                yield from _walk(path, relative + "/", real_root, depth + 1, found)
        else:
            yield path, relative


def _is_project_part(relative: str) -> bool:
    """Whether its name can be shown and reached again on every machine."""
    try:
        relative.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _stays_inside(path: Path, real_root: Path) -> bool:
    try:
        return path.resolve(strict=True).is_relative_to(real_root)
    except (OSError, RuntimeError):  # a link to nothing, or in a circle
        return False


def belongs(relative: str, found: Diagnostics) -> bool:
    """Whether a file is part of the project; one that looks as if it were meant to be is reported."""
    folder, slash, _ = relative.partition("/")
    name = relative.rpartition("/")[2]
    suffix = Path(name).suffix
    if not slash:
        if suffix in (".yml", ".yaml") and relative != SETTINGS_PATH:
            found.warn(
                "misplaced-file",
                Span(relative),
                "this file is not read: beside seawall.yml only folders count",
                hint=f"move it into one of {', '.join(SUFFIXES)}",
            )
        return relative == SETTINGS_PATH
    if folder not in SUFFIXES:
        if suffix in (".yml", ".yaml"):
            hint = did_you_mean(folder, SUFFIXES, what="folders that are read")
            found.warn(
                "misplaced-file",
                Span(relative),
                f"this file is not read: {folder}/ is no project folder",
                hint=hint,
            )
        return False
    if name.lower() == "readme.md":
        return False
    if suffix not in SUFFIXES[folder]:
        wanted = " and ".join(SUFFIXES[folder])
        hint = f"rename it to {Path(name).stem}.yml" if suffix == ".yaml" and ".yml" in wanted else None
        message = f"this file is not read: {folder}/ holds {wanted} files"
        found.warn("misplaced-file", Span(relative), message, hint=hint)
        return False
    return True


def _read(path: Path, relative: str, found: Diagnostics) -> bytes | None:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            found.error("unreadable", Span(relative), "this is no ordinary file")
            return None
        return path.read_bytes() if fits(relative, status.st_size, found) else None
    except OSError as error:
        found.error("unreadable", Span(relative), f"cannot be read: {error.strerror}")
        return None


def fits(relative: str, size: int, found: Diagnostics) -> bool:
    """Whether a file of the project is small enough to be read; one that is not is reported."""
    suffix = Path(relative).suffix
    limit = _LIMITS[suffix]
    if size > limit:
        message = f"{size} bytes are more than the {limit // MIB} MiB a {suffix} may have"
        found.error("too-large", Span(relative), message, hint="split it into several")
    return size <= limit


def decode(file: File, found: Diagnostics) -> Source | None:
    """The file as text, or None if it is not UTF-8. A byte order mark at its start is dropped."""
    for mark, encoding in _NOT_UTF8.items():
        if file.content.startswith(mark):
            found.error("bad-encoding", Span(file.path), f"this file is {encoding}", hint="save it as UTF-8")
            return None
    try:
        return Source(file.path, file.content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        before = file.content[: error.start].decode("utf-8", "replace")
        place = Source(file.path, before + "?").span_at(len(before))
        message = f"the byte 0x{file.content[error.start]:02x} is not UTF-8"
        found.error("bad-encoding", place, message, hint="save the file as UTF-8")
        return None
