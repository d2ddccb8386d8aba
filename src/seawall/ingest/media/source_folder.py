"""`file://NAME/path`: a file below a folder that the project names; links and `..` lead nowhere."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import unquote

from seawall.core.media import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_PREFIX = "file://"
_DEEPEST = 32
_STEP = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC
_CHUNK = 1 << 20


class FolderSource:
    """Reads below named folders, one step at a time, and follows no symbolic link on the way."""

    scheme = "file"

    def __init__(self, folders: Mapping[str, Path]) -> None:
        self._folders = dict(folders)

    def read(self, uri: str, *, most: int) -> bytes | Refusal:
        """The file's bytes, or why not."""
        name, _, rest = uri.removeprefix(_PREFIX).partition("/")
        root = self._folders.get(name)
        parts = unquote(rest, errors="strict").split("/") if _fit(rest) else []
        if root is None or not parts or len(parts) > _DEEPEST or any(map(_bad, parts)):
            return Refusal("not_allowed", "no folder that is named holds it")
        try:
            return _read(root, parts, most)
        except OSError as error:
            return Refusal("unreachable", error.strerror or type(error).__name__)


def _fit(rest: str) -> bool:
    try:
        unquote(rest, errors="strict")
    except UnicodeDecodeError:
        return False
    return bool(rest) and "?" not in rest and "#" not in rest


def _bad(part: str) -> bool:
    return part in {"", ".", ".."} or "/" in part or "\0" in part


def _read(root: Path, parts: list[str], most: int) -> bytes | Refusal:
    here = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)  # the root itself may be a link
    try:
        for part in parts[:-1]:
            inner = os.open(part, _STEP | os.O_DIRECTORY, dir_fd=here)
            os.close(here)
            here = inner
        # a pipe would block whoever opens it
        file = os.open(parts[-1], _STEP | os.O_NONBLOCK, dir_fd=here)
    finally:
        with suppress(OSError):
            os.close(here)
    try:
        return _whole(file, most)
    finally:
        os.close(file)


def _whole(file: int, most: int) -> bytes | Refusal:
    status = os.fstat(file)
    if not stat.S_ISREG(status.st_mode):
        return Refusal("not_allowed", "it is no regular file")
    if status.st_size > most:
        return Refusal("too_large", f"{status.st_size:,} bytes")
    data = bytearray()
    while chunk := os.read(file, _CHUNK):
        data += chunk
        if len(data) > most:  # it grew while it was read
            return Refusal("too_large", f"more than {most:,} bytes")
    return bytes(data)
