"""Swap the content of a small file at once and durably."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from seawall.store.ports import Files


def replace(files: Files, path: Path, content: bytes | Sequence[bytes]) -> None:
    """Swap a file's content at once and durably: whoever reads sees the old or the new, never a mixture.

    Raises:
        OSError: the disk refuses; the old content is still there.
    """
    new = path.with_name(path.name + ".new")
    handle = files.open(new, create=True)
    try:
        handle.truncate(0)
        position = 0
        for part in (content,) if isinstance(content, bytes) else content:
            handle.write_at(part, position)
            position += len(part)
        handle.sync()
    finally:
        handle.close()
    files.rename(new, path)
    files.sync_dir(path.parent)
