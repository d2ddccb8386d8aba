"""Secrets of a data folder, each a file made when it is first needed."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def keep_secret(path: Path, text: str) -> str:
    """Keep a text in a file unless there is one already; gives what the file says.

    Whole or not at all, and readable by nobody else: two processes that start together agree on one.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _put(path, text)
    return path.read_text(encoding="ascii")


def _put(path: Path, text: str) -> None:
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
